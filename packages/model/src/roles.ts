/** The standard admin roles and the permissions they hold; custom roles and their resource sets are made by people. */
import { factOf, PERMISSIONS, type Permission, withImplied } from './permissions.ts';

export { PERMISSIONS, type Permission } from './permissions.ts';

const whole = (permissions: readonly Permission[]): readonly Permission[] => [
  ...new Set(permissions.flatMap((permission) => [...withImplied(permission)])),
];
/** Everything but these; also not what would bring one of them with it. */
const without = (...gone: readonly Permission[]): readonly Permission[] =>
  PERMISSIONS.filter((permission) => ![...withImplied(permission)].some((one) => gone.includes(one)));

const READ = PERMISSIONS.filter(
  (permission) => permission.endsWith('.read') && permission !== 'okta.apps.clientCredentials.read',
);
/** What targets can narrow an assignment of the role to. */
export type TargetKind = 'group' | 'app';

export interface StandardRole {
  readonly label: string;
  readonly permissions: readonly Permission[];
  readonly target?: TargetKind;
}

export const ROLES = {
  SUPER_ADMIN: { label: 'Super Administrator', permissions: PERMISSIONS },
  ORG_ADMIN: {
    label: 'Organization Administrator',
    permissions: without(
      'okta.roles.manage',
      'okta.apps.assignment.manage',
      'okta.apps.clientCredentials.read',
      'okta.apps.manageFirstPartyApps',
      'okta.apps.universalLogout.manage',
      'okta.apiTokens.manage',
      'okta.sessionBinding.manage',
      'okta.authenticators.manage',
      'okta.authzServers.manage',
      'okta.inlinehooks.manage',
      'okta.eventhooks.manage',
      'okta.governance.accessRequests.manage',
      'okta.governance.accessCertifications.manage',
      'okta.governance.securityAccessReviews.admin.manage',
    ),
  },
  APP_ADMIN: {
    label: 'Application Administrator',
    permissions: whole(['okta.apps.manage', 'okta.users.read', 'okta.groups.read', 'okta.users.appAssignment.manage']),
    target: 'app',
  },
  USER_ADMIN: {
    label: 'Group Administrator',
    permissions: whole([
      'okta.users.manage',
      'okta.groups.read',
      'okta.groups.members.manage',
      'okta.sessions.manage',
      'okta.apiTokens.create',
    ]),
    target: 'group',
  },
  HELP_DESK_ADMIN: {
    label: 'Help Desk Administrator',
    permissions: whole([
      'okta.users.read',
      'okta.users.credentials.manage',
      'okta.users.lifecycle.unlock',
      'okta.users.lifecycle.clearSessions',
      'okta.groups.read',
    ]),
    target: 'group',
  },
  GROUP_MEMBERSHIP_ADMIN: {
    label: 'Group Membership Administrator',
    permissions: whole([
      'okta.users.read',
      'okta.users.groupMembership.manage',
      'okta.groups.read',
      'okta.groups.members.manage',
      'okta.apiTokens.create',
    ]),
    target: 'group',
  },
  READ_ONLY_ADMIN: { label: 'Read-only Administrator', permissions: [...READ, 'okta.apiTokens.create'] },
  REPORT_ADMIN: { label: 'Report Administrator', permissions: ['okta.logs.read'] },
  API_ACCESS_MANAGEMENT_ADMIN: {
    label: 'API Access Management Administrator',
    permissions: whole(['okta.users.read', 'okta.apps.read', 'okta.authzServers.manage']),
  },
} as const satisfies Record<string, StandardRole>;
export type StandardRoleType = keyof typeof ROLES;
/** What an assignment says: a standard role, or that it is a custom role over a resource set. */
export type RoleType = StandardRoleType | 'CUSTOM';

export const isStandardRole = (text: string): text is StandardRoleType => Object.hasOwn(ROLES, text);
export const isRoleType = (text: string): text is RoleType => text === 'CUSTOM' || isStandardRole(text);
/** The name of a role's kind; a custom role has a label of its own. */
export const labelOf = (type: RoleType): string => (type === 'CUSTOM' ? 'Custom role' : ROLES[type].label);
/** What targets can narrow the role to; null when it is always for the whole organisation. */
export const targetKindOf = (type: StandardRoleType): TargetKind | null => (ROLES[type] as StandardRole).target ?? null;
/**
 * Does a target of this role narrow the permission? An app admin sees all people whom apps can be given to, and whoever
 * decides on the members of a group sees all people who could become one.
 */
export const isNarrowedByTargets = (type: StandardRoleType, permission: Permission): boolean => {
  const { on } = factOf(permission);
  if (targetKindOf(type) === 'app') return on === 'app';
  return on === 'group' || (on === 'user' && type !== 'GROUP_MEMBERSHIP_ADMIN');
};
