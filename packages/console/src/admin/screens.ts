/**
 * Every screen of the console, as data: the navigation, the palette, the keyboard, the router and the server, which
 * sends the same page for each of these paths, read this list. A screen is shown to whoever holds its permission.
 */
export const GROUPS = ['Overview', 'Me', 'Access', 'People and roles', 'Protection', 'Activity', 'Settings'] as const;

export interface ScreenRow {
  /** Of the route, with `$name` places. */
  readonly path: string;
  readonly title: string;
  /** Null: not in the navigation, reached from another screen. */
  readonly group: (typeof GROUPS)[number] | null;
  /** What reading it needs; null is for everybody who is signed in. */
  readonly permission: string | null;
  /** The second key after `g`. */
  readonly goKey?: string;
  /** Words that find it in the palette. */
  readonly words?: string;
}

export const SCREENS = [
  { path: '/', title: 'Overview', group: 'Overview', permission: null, goKey: 'o', words: 'home start' },
  {
    path: '/me/keys',
    title: 'My keys',
    group: 'Me',
    permission: null,
    goKey: 'k',
    words: 'security key authenticator register add passkey rename',
  },
  {
    path: '/me/access',
    title: 'My access',
    group: 'Me',
    permission: null,
    words: 'my roles grants elevation temporary until end now',
  },
  {
    path: '/me/notices',
    title: 'Mails you get',
    group: 'Me',
    permission: null,
    words: 'notices notifications email subscriptions unsubscribe switch off',
  },
  {
    path: '/admins',
    title: 'Administrators',
    group: 'People and roles',
    permission: 'okta.roles.read',
    goKey: 'a',
    words: 'who holds power super admin people',
  },
  { path: '/admins/$id', title: 'Administrator', group: null, permission: 'okta.roles.read' },
  {
    path: '/ways-in',
    title: 'Super admins able to sign in',
    group: null,
    permission: 'okta.roles.read',
    words: 'ways in locked out last super admin break-glass who can come in',
  },
  {
    path: '/break-glass',
    title: 'Break-glass',
    group: 'People and roles',
    permission: 'okta.roles.manage',
    words: 'emergency last way in sealed secret drill alarm locked out',
  },
  { path: '/break-glass/$id', title: 'Break-glass account', group: null, permission: 'okta.roles.manage' },
  {
    path: '/people',
    title: 'People',
    group: 'People and roles',
    permission: 'okta.users.read',
    goKey: 'u',
    words: 'users accounts find search login status suspended deactivated service account',
  },
  { path: '/people/$id', title: 'Account', group: null, permission: 'okta.users.read' },
  {
    path: '/groups',
    title: 'Groups',
    group: 'People and roles',
    permission: 'okta.groups.read',
    words: 'members owners teams membership',
  },
  { path: '/groups/$id', title: 'Group', group: null, permission: 'okta.groups.read' },
  {
    path: '/group-rules',
    title: 'Group rules',
    group: 'People and roles',
    permission: 'okta.groups.read',
    words: 'groups membership automatic expression fill',
  },
  {
    path: '/import-people',
    title: 'Import people',
    group: 'People and roles',
    permission: 'okta.users.create',
    words: 'csv file upload users create many spreadsheet',
  },
  {
    path: '/profile-attributes',
    title: 'Profile attributes',
    group: 'People and roles',
    permission: 'okta.users.read',
    words: 'schema custom fields user types groups profile unique required',
  },
  {
    path: '/roles',
    title: 'Roles',
    group: 'People and roles',
    permission: 'okta.iam.read',
    goKey: 'r',
    words: 'permissions custom standard who can do what power duplicate compare',
  },
  { path: '/roles/$id', title: 'Role', group: null, permission: 'okta.iam.read' },
  {
    path: '/resource-sets',
    title: 'Resource sets',
    group: 'People and roles',
    permission: 'okta.iam.read',
    words: 'scope of roles resources bindings targets',
  },
  { path: '/resource-sets/$id', title: 'Resource set', group: null, permission: 'okta.iam.read' },
  {
    path: '/access',
    title: 'Who can do what',
    group: 'People and roles',
    permission: 'okta.iam.read',
    goKey: 'w',
    words: 'least privilege unused permissions smaller role explain access',
  },
  {
    path: '/approvals',
    title: 'Inbox',
    group: 'Access',
    permission: null,
    goKey: 'i',
    words: 'approvals waits for you machine token second person requests reviews approve deny',
  },
  { path: '/approvals/$id', title: 'Approval', group: null, permission: null },
  {
    path: '/requests',
    title: 'Access requests',
    group: 'Access',
    permission: null,
    words: 'ask elevate just in time approve deny inbox role for a while',
  },
  { path: '/requests/$id', title: 'Access request', group: null, permission: null },
  {
    path: '/request-conditions',
    title: 'What can be asked for',
    group: 'Access',
    permission: 'okta.governance.accessRequests.manage',
    words: 'request conditions rules eligible catalogue who may ask for what duration',
  },
  {
    path: '/request-sequences',
    title: 'Whose yes it takes',
    group: 'Access',
    permission: 'okta.governance.accessRequests.manage',
    words: 'sequences approvers approval steps who approves manager owner decide within',
  },
  {
    path: '/bundles',
    title: 'Bundles of admin roles',
    group: 'Access',
    permission: 'okta.roles.read',
    words: 'entitlement bundles roles for a while what can be given elevation',
  },
  {
    path: '/grants',
    title: 'Access for a while',
    group: 'Access',
    permission: 'okta.roles.read',
    words: 'grants elevation temporary just in time jit time-bound bundles',
  },
  {
    path: '/reviews',
    title: 'Reviews',
    group: 'Access',
    permission: null,
    goKey: 'v',
    words: 'campaigns certification recertify access review who still needs revoke inactive',
  },
  { path: '/reviews/$id', title: 'Review', group: null, permission: null },
  {
    path: '/tokens',
    title: 'API tokens',
    group: 'People and roles',
    permission: 'okta.apiTokens.read',
    goKey: 't',
    words: 'machines programs secrets',
  },
  {
    path: '/sessions',
    title: 'Sessions',
    group: 'Activity',
    permission: 'okta.sessions.read',
    goKey: 's',
    words: 'who is inside revoke ended network roaming',
  },
  {
    path: '/settings/session-protection',
    title: 'Session protection',
    group: 'Settings',
    permission: 'okta.sessionBinding.read',
    goKey: 'b',
    words: 'binding asn ip roaming lifetime idle preset observe strict exempt monitor report',
  },
  {
    path: '/settings/organisation',
    title: 'Organisation',
    group: 'Settings',
    permission: 'okta.orgs.read',
    words: 'company name support phone help page footer contacts billing technical website address',
  },
  { path: '/sessions/$id', title: 'Session', group: null, permission: 'okta.sessions.read' },
  {
    path: '/apps',
    title: 'Apps',
    group: 'Protection',
    permission: 'okta.apps.read',
    goKey: 'p',
    words: 'gateway proxy nginx applications consoles',
  },
  { path: '/apps/$id', title: 'App', group: null, permission: 'okta.apps.read' },
  {
    path: '/zones',
    title: 'Network zones',
    group: 'Protection',
    permission: 'okta.networkZones.read',
    goKey: 'z',
    words: 'addresses cidr blocklist exempt',
  },
  { path: '/zones/$id', title: 'Network zone', group: null, permission: 'okta.networkZones.read' },
  {
    path: '/ip-test',
    title: 'Address test',
    group: 'Protection',
    permission: 'okta.networkZones.read',
    words: 'ip asn proxy x-forwarded-for hop country',
  },
  {
    path: '/trusted-origins',
    title: 'Trusted origins',
    group: 'Protection',
    permission: 'okta.trustedOrigins.read',
    words: 'cors browser site pages cross-origin redirect iframe',
  },
  {
    path: '/policies',
    title: 'Policies',
    group: 'Protection',
    permission: 'okta.policies.read',
    words: 'rules sign-on access',
  },
  {
    path: '/what-if',
    title: 'What if',
    group: 'Protection',
    permission: 'okta.policies.read',
    words: 'simulate policy who would get in test rules replay verdict denied',
  },
  { path: '/policies/$id', title: 'Policy', group: null, permission: 'okta.policies.read' },
  {
    path: '/authenticators',
    title: 'Authenticators',
    group: 'Protection',
    permission: 'okta.authenticators.read',
    words: 'keys passkeys synced attestation aaguid models fido webauthn quarantine codes totp password settings',
  },
  {
    path: '/protected-actions',
    title: 'Protected actions',
    group: 'Protection',
    permission: 'okta.sessionBinding.read',
    goKey: 'k',
    words: 'step-up fresh proof key approval second person sudo floor',
  },
  {
    path: '/webhooks',
    title: 'Webhooks',
    group: 'Settings',
    permission: 'okta.roles.manage',
    words: 'alarms notices event hooks signing secret test deliver pager siem',
  },
  {
    path: '/setup/continue',
    title: 'Set-up',
    group: 'Settings',
    permission: 'okta.roles.manage',
    words: 'first run wizard proxies checkpoint preset',
  },
  {
    path: '/log',
    title: 'System Log',
    group: 'Activity',
    permission: 'okta.logs.read',
    goKey: 'l',
    words: 'events audit history search tail export roaming',
  },
  { path: '/log/$uuid', title: 'Event', group: null, permission: 'okta.logs.read' },
  {
    path: '/api-explorer',
    title: 'API',
    group: 'Settings',
    permission: null,
    words: 'openapi swagger try routes endpoints curl developer rest',
  },
  { path: '/gallery', title: 'Gallery of states', group: null, permission: null },
] as const satisfies readonly ScreenRow[];

/**
 * Pages of everybody, administrators or not: they are no screens of the console, which links to them and they to it.
 */
export const PLAIN_PAGES = [{ path: '/me/sessions', title: 'Your sessions and keys', group: 'Me' }] as const;

export type ScreenPath = (typeof SCREENS)[number]['path'];

/** Is this path one of the console's? `$name` stands for one segment. */
export const isScreenPath = (pathname: string, screens: readonly ScreenRow[] = SCREENS): boolean => {
  const parts = pathname.split('/');
  return screens.some(({ path }) => {
    const wanted = path.split('/');
    return (
      wanted.length === parts.length &&
      wanted.every((part, i) => part === parts[i] || (part.startsWith('$') && parts[i] !== ''))
    );
  });
};
