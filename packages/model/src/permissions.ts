/**
 * The catalogue of permissions. The names are the wire's; `on` is what a permission is used on, so that a resource set
 * can narrow it. `org`: there is one of it. `nothing`: the wire knows the name and this server has no such thing, so it
 * can be kept in a role and gives nothing.
 */
export type ResourceKind = 'user' | 'group' | 'app' | 'policy' | 'zone' | 'log';

export interface PermissionFact {
  readonly on: ResourceKind | 'org' | 'nothing';
  /** What its holder can do, in plain words. */
  readonly words: string;
  /** Finer permissions that come with it. */
  readonly implies?: readonly string[];
  /** `standard`: never in a custom role; with them one could reach what only super admins hold. */
  readonly isFor: 'any-role' | 'standard-roles';
  /** Its holder could turn it into the power of others, if nothing stood in the way. */
  readonly isSensitive?: true;
}

const any = (on: PermissionFact['on'], words: string, implies?: readonly string[]) =>
  ({ on, words, isFor: 'any-role', ...(implies === undefined ? {} : { implies }) }) as const;
const sensitive = (on: PermissionFact['on'], words: string, implies?: readonly string[]) =>
  ({ ...any(on, words, implies), isSensitive: true }) as const;
const standard = (on: PermissionFact['on'], words: string, implies?: readonly string[]) =>
  ({ ...any(on, words, implies), isFor: 'standard-roles' }) as const;
const elsewhere = (words: string, implies?: readonly string[]) => any('nothing', words, implies);

export const PERMISSION_FACTS = {
  'okta.users.manage': sensitive('user', 'Everything about people but their roles', [
    'okta.users.read',
    'okta.users.create',
    'okta.users.userprofile.manage',
    'okta.users.credentials.manage',
    'okta.users.lifecycle.manage',
    'okta.users.groupMembership.manage',
    'okta.users.appAssignment.manage',
  ]),
  'okta.users.create': any('user', 'Create people'),
  'okta.users.read': any('user', 'See people and their profiles', ['okta.users.userprofile.read']),
  'okta.users.userprofile.manage': any('user', 'Change profiles', ['okta.users.userprofile.read']),
  'okta.users.userprofile.read': any('user', 'See profiles', ['okta.users.read']),
  'okta.users.credentials.manage': sensitive('user', 'Set passwords and reset authenticators', [
    'okta.users.credentials.resetFactors',
    'okta.users.credentials.resetPassword',
    'okta.users.credentials.expirePassword',
    'okta.users.credentials.manageTemporaryAccessCode',
  ]),
  'okta.users.credentials.resetFactors': sensitive('user', 'Reset authenticators'),
  'okta.users.credentials.resetPassword': sensitive('user', 'Reset passwords'),
  'okta.users.credentials.expirePassword': sensitive('user', 'Let passwords expire'),
  'okta.users.credentials.manageTemporaryAccessCode': sensitive('user', 'Give temporary access codes'),
  'okta.users.lifecycle.manage': any('user', 'Activate, suspend, deactivate and delete people', [
    'okta.users.lifecycle.activate',
    'okta.users.lifecycle.deactivate',
    'okta.users.lifecycle.suspend',
    'okta.users.lifecycle.unsuspend',
    'okta.users.lifecycle.delete',
    'okta.users.lifecycle.unlock',
    'okta.users.lifecycle.clearSessions',
  ]),
  'okta.users.lifecycle.activate': any('user', 'Activate people'),
  'okta.users.lifecycle.deactivate': any('user', 'Deactivate people'),
  'okta.users.lifecycle.suspend': any('user', 'Suspend people'),
  'okta.users.lifecycle.unsuspend': any('user', 'End suspensions'),
  'okta.users.lifecycle.delete': any('user', 'Delete people'),
  'okta.users.lifecycle.unlock': any('user', 'Unlock passwords'),
  'okta.users.lifecycle.clearSessions': any('user', 'Sign people out everywhere'),
  'okta.users.groupMembership.manage': any('user', 'Put people into groups (also needs the group’s side)'),
  'okta.users.appAssignment.manage': any('user', 'Assign apps to people (also needs the app’s side)'),
  'okta.users.apitokens.manage': any('user', 'Change and revoke people’s API tokens', [
    'okta.users.apitokens.read',
    'okta.users.apitokens.clear',
    'okta.apiTokens.manage',
  ]),
  'okta.users.apitokens.read': any('user', 'See people’s API tokens', ['okta.apiTokens.read']),
  'okta.users.apitokens.clear': any('user', 'Revoke people’s API tokens'),
  'okta.users.risk.manage': elsewhere('Set the risk of people', ['okta.users.risk.read']),
  'okta.users.risk.read': elsewhere('See the risk of people'),
  'okta.users.behaviors.manage': elsewhere('Change behaviour profiles', [
    'okta.users.behaviors.read',
    'okta.users.behaviors.reset',
  ]),
  'okta.users.behaviors.read': elsewhere('See behaviour profiles'),
  'okta.users.behaviors.reset': elsewhere('Reset behaviour profiles'),
  'okta.groups.manage': sensitive('group', 'Everything about groups but their roles', [
    'okta.groups.read',
    'okta.groups.create',
    'okta.groups.members.manage',
    'okta.groups.appAssignment.manage',
  ]),
  'okta.groups.create': any('group', 'Create groups'),
  'okta.groups.read': any('group', 'See groups'),
  'okta.groups.members.manage': sensitive('group', 'Add and remove members (also needs the person’s side)'),
  'okta.groups.appAssignment.manage': any('group', 'Assign apps to groups (also needs the app’s side)'),
  'okta.apps.manage': sensitive('app', 'Create, change and delete apps', [
    'okta.apps.read',
    'okta.apps.assignment.manage',
    'okta.apps.clientCredentials.read',
    'okta.apps.universalLogout.manage',
  ]),
  'okta.apps.read': any('app', 'See apps'),
  'okta.apps.assignment.manage': any('app', 'Decide who an app is assigned to'),
  'okta.apps.clientCredentials.read': sensitive('app', 'See secrets of apps'),
  'okta.apps.manageFirstPartyApps': standard('nothing', 'Change the apps that this server brings'),
  'okta.apps.universalLogout.manage': elsewhere('Sign people out of apps', ['okta.apps.universalLogout.read']),
  'okta.apps.universalLogout.read': elsewhere('See how people are signed out of apps'),
  'okta.policies.manage': sensitive('policy', 'Change policies and their rules', ['okta.policies.read']),
  'okta.policies.read': any('policy', 'See policies and their rules'),
  'okta.networkZones.manage': sensitive('zone', 'Create, change and delete network zones', ['okta.networkZones.read']),
  'okta.networkZones.read': any('zone', 'See network zones'),
  'okta.logs.read': any('log', 'Read the System Log'),
  'okta.iam.read': any('org', 'See roles, resource sets and who holds them', ['okta.roles.read']),
  'okta.directories.manage': elsewhere('Change directories', ['okta.directories.read']),
  'okta.directories.read': elsewhere('See directories'),
  'okta.profilesources.import.run': elsewhere('Run imports'),
  'okta.agents.manage': elsewhere('Change agents', ['okta.agents.read', 'okta.agents.register']),
  'okta.agents.read': elsewhere('See agents'),
  'okta.agents.register': elsewhere('Register agents'),
  'okta.authzServers.manage': elsewhere('Change authorization servers', ['okta.authzServers.read']),
  'okta.authzServers.read': elsewhere('See authorization servers'),
  'okta.identityProviders.manage': elsewhere('Change identity providers', ['okta.identityProviders.read']),
  'okta.identityProviders.read': elsewhere('See identity providers'),
  'okta.devices.manage': elsewhere('Change devices', ['okta.devices.read', 'okta.devices.lifecycle.manage']),
  'okta.devices.read': elsewhere('See devices'),
  'okta.devices.lifecycle.manage': elsewhere('Activate, suspend, deactivate and delete devices', [
    'okta.devices.lifecycle.activate',
    'okta.devices.lifecycle.deactivate',
    'okta.devices.lifecycle.suspend',
    'okta.devices.lifecycle.unsuspend',
    'okta.devices.lifecycle.delete',
  ]),
  'okta.devices.lifecycle.activate': elsewhere('Activate devices'),
  'okta.devices.lifecycle.deactivate': elsewhere('Deactivate devices'),
  'okta.devices.lifecycle.suspend': elsewhere('Suspend devices'),
  'okta.devices.lifecycle.unsuspend': elsewhere('End suspensions of devices'),
  'okta.devices.lifecycle.delete': elsewhere('Delete devices'),
  'okta.customizations.manage': elsewhere('Change the look of pages', ['okta.customizations.read']),
  'okta.customizations.read': elsewhere('See the look of pages'),
  'okta.realms.manage': elsewhere('Change realms', ['okta.realms.read']),
  'okta.realms.read': elsewhere('See realms'),
  'okta.inlinehooks.manage': elsewhere('Change inline hooks', ['okta.inlinehooks.read']),
  'okta.inlinehooks.read': elsewhere('See inline hooks'),
  'okta.eventhooks.manage': elsewhere('Change event hooks', ['okta.eventhooks.read']),
  'okta.eventhooks.read': elsewhere('See event hooks'),
  'okta.workflows.read': elsewhere('See delegated flows'),
  'okta.workflows.invoke': elsewhere('Run delegated flows'),
  'okta.governance.accessRequests.manage': standard('org', 'Change how access is asked for'),
  'okta.governance.accessCertifications.manage': standard('org', 'Start and end reviews of access', [
    'okta.governance.accessCertifications.read',
  ]),
  'okta.governance.accessCertifications.read': standard('org', 'See reviews of access'),
  'okta.governance.securityAccessReviews.admin.manage': standard('nothing', 'Change security reviews of access'),
  'okta.ssf.securityEventsProviders.manage': elsewhere('Change who sends security signals', [
    'okta.ssf.securityEventsProviders.read',
  ]),
  'okta.ssf.securityEventsProviders.read': elsewhere('See who sends security signals'),
  'okta.support.cases.manage': elsewhere('Change support cases'),
  'okta.sessions.read': standard('user', 'See sessions'),
  'okta.sessions.manage': standard('user', 'End sessions', ['okta.sessions.read']),
  'okta.apiTokens.read': standard('user', 'See API tokens'),
  'okta.apiTokens.manage': standard('user', 'Change and revoke API tokens', ['okta.apiTokens.read']),
  'okta.apiTokens.create': standard('org', 'Create API tokens of one’s own'),
  'okta.authenticators.read': standard('org', 'See which authenticators there are'),
  'okta.authenticators.manage': standard('org', 'Change what is asked of authenticators', ['okta.authenticators.read']),
  'okta.trustedOrigins.read': standard('org', 'See the origins whose pages may call the API'),
  'okta.trustedOrigins.manage': standard('org', 'Change the origins whose pages may call the API', [
    'okta.trustedOrigins.read',
  ]),
  'okta.orgs.read': standard('org', 'See what is said about the organisation, and its contacts'),
  'okta.orgs.manage': standard('org', 'Change what is said about the organisation, and its contacts', [
    'okta.orgs.read',
  ]),
  'okta.features.read': standard('org', 'See features'),
  'okta.features.manage': standard('org', 'Switch features', ['okta.features.read']),
  'okta.roles.read': standard('org', 'See roles and who holds them'),
  'okta.roles.manage': standard('org', 'Create roles and decide who holds them', ['okta.roles.read', 'okta.iam.read']),
  'okta.sessionBinding.read': standard('org', 'See what sessions are bound to'),
  'okta.sessionBinding.manage': standard('org', 'Change what sessions are bound to', ['okta.sessionBinding.read']),
} as const satisfies Record<string, PermissionFact>;

export type Permission = keyof typeof PERMISSION_FACTS;
export const PERMISSIONS = Object.keys(PERMISSION_FACTS) as readonly Permission[];
export const isPermission = (text: string): text is Permission => Object.hasOwn(PERMISSION_FACTS, text);
/** The facts of a permission. */
export const factOf = (permission: Permission): PermissionFact => PERMISSION_FACTS[permission];

/** What the second part of a name is about, in words; what is not here is of no thing that this server has. */
const AREAS: Readonly<Record<string, string>> = {
  users: 'People',
  groups: 'Groups',
  apps: 'Apps',
  policies: 'Policies',
  networkZones: 'Network zones',
  logs: 'System Log',
  iam: 'Roles',
  roles: 'Roles',
  sessions: 'Sessions',
  apiTokens: 'API tokens',
  features: 'Protection',
  trustedOrigins: 'Protection',
  authenticators: 'Protection',
  orgs: 'Organisation',
  sessionBinding: 'Protection',
  governance: 'Reviews',
};
/** Where a permission is listed for people. */
export const areaOf = (permission: Permission): string =>
  (factOf(permission).on === 'nothing' ? undefined : AREAS[permission.split('.')[1] ?? '']) ?? 'Gives nothing here';

/** The permissions of which a custom role may narrow the attributes that it reaches. */
export const CONDITIONAL_PERMISSIONS = ['okta.users.read', 'okta.users.manage', 'okta.users.create'] as const;
export const isConditional = (permission: Permission): boolean =>
  (CONDITIONAL_PERMISSIONS as readonly string[]).includes(permission);

/** A permission with all that comes with it. */
export const withImplied = (permission: Permission, found: Set<Permission> = new Set()): ReadonlySet<Permission> => {
  if (found.has(permission)) return found;
  found.add(permission);
  for (const implied of factOf(permission).implies ?? []) if (isPermission(implied)) withImplied(implied, found);
  return found;
};
