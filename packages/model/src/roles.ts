/** Standard admin roles and the permissions they hold. Custom roles come with resource sets, later. */
export const PERMISSIONS = [
  'okta.users.read',
  'okta.users.manage',
  'okta.users.create',
  'okta.users.lifecycle.manage',
  'okta.users.lifecycle.clearSessions',
  'okta.users.credentials.manage',
  'okta.users.credentials.resetFactors',
  'okta.groups.read',
  'okta.groups.manage',
  'okta.groups.create',
  'okta.groups.members.manage',
  'okta.apps.read',
  'okta.apps.manage',
  'okta.policies.read',
  'okta.policies.manage',
  'okta.networkZones.read',
  'okta.networkZones.manage',
  'okta.features.read',
  'okta.features.manage',
  'okta.logs.read',
  'okta.roles.read',
  'okta.roles.manage',
  'okta.sessions.read',
  'okta.sessions.manage',
  'okta.apiTokens.read',
  'okta.apiTokens.manage',
  'okta.apiTokens.create',
  'okta.sessionBinding.read',
  'okta.sessionBinding.manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const READ = PERMISSIONS.filter((p) => p.endsWith('.read'));
const without = (...gone: readonly Permission[]): readonly Permission[] => PERMISSIONS.filter((p) => !gone.includes(p));

export const ROLES = {
  SUPER_ADMIN: { label: 'Super Administrator', permissions: PERMISSIONS },
  ORG_ADMIN: {
    label: 'Organization Administrator',
    permissions: without(
      'okta.roles.manage',
      'okta.apps.manage',
      'okta.apiTokens.manage',
      'okta.sessionBinding.manage',
    ),
  },
  APP_ADMIN: {
    label: 'Application Administrator',
    permissions: ['okta.apps.read', 'okta.apps.manage', 'okta.users.read', 'okta.groups.read'],
  },
  USER_ADMIN: {
    label: 'Group Administrator',
    permissions: [
      'okta.users.read',
      'okta.users.manage',
      'okta.users.create',
      'okta.users.lifecycle.manage',
      'okta.users.lifecycle.clearSessions',
      'okta.users.credentials.manage',
      'okta.users.credentials.resetFactors',
      'okta.groups.read',
      'okta.groups.members.manage',
      'okta.sessions.read',
      'okta.sessions.manage',
      'okta.apiTokens.create',
    ],
  },
  HELP_DESK_ADMIN: {
    label: 'Help Desk Administrator',
    permissions: [
      'okta.users.read',
      'okta.users.credentials.manage',
      'okta.users.credentials.resetFactors',
      'okta.users.lifecycle.clearSessions',
      'okta.groups.read',
    ],
  },
  GROUP_MEMBERSHIP_ADMIN: {
    label: 'Group Membership Administrator',
    permissions: ['okta.users.read', 'okta.groups.read', 'okta.groups.members.manage', 'okta.apiTokens.create'],
  },
  READ_ONLY_ADMIN: { label: 'Read-only Administrator', permissions: [...READ, 'okta.apiTokens.create'] },
  REPORT_ADMIN: { label: 'Report Administrator', permissions: ['okta.logs.read'] },
  API_ACCESS_MANAGEMENT_ADMIN: {
    label: 'API Access Management Administrator',
    permissions: ['okta.users.read', 'okta.apps.read'],
  },
} as const satisfies Record<string, { readonly label: string; readonly permissions: readonly Permission[] }>;
export type RoleType = keyof typeof ROLES;
export const isRoleType = (text: string): text is RoleType => Object.hasOwn(ROLES, text);
