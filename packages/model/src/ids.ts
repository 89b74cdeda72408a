/**
 * Identifiers. Twenty characters of base62 with a three-letter prefix that names the kind of object,
 * the shape that management clients expect. Branded, so that a user id cannot be passed for a group id.
 */
declare const brand: unique symbol;
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type UserId = Id<'user'>;
export type GroupId = Id<'group'>;
export type AppId = Id<'app'>;
export type ZoneId = Id<'zone'>;
export type PolicyId = Id<'policy'>;
export type RuleId = Id<'rule'>;
export type ApiTokenId = Id<'apiToken'>;
export type FactorId = Id<'factor'>;
export type RoleAssignmentId = Id<'roleAssignment'>;
/** The public id of a session; never the secret. */
export type SessionId = Id<'session'>;
export type FeatureId = Id<'feature'>;
export type OrgId = Id<'org'>;

/** Prefix of each kind of identifier. */
export const ID_PREFIX = {
  user: '00u',
  group: '00g',
  app: '0oa',
  zone: 'nzo',
  policy: '00p',
  accessPolicy: 'rst',
  rule: '0pr',
  accessRule: 'rul',
  apiToken: '00T',
  trustedOrigin: 'tos',
  factor: 'fwf',
  roleAssignment: 'ra1',
  roleMember: 'irb',
  customRole: 'cr0',
  bundle: '0bb',
  /** A role of a bundle. */
  bundleEntitlement: 'esp',
  grant: 'gra',
  resourceSet: 'iam',
  resourceSetEntry: 'ire',
  session: '102',
  feature: 'ftr',
  org: '00o',
  error: 'oae',
  signIn: 'sti',
  userType: 'oty',
  groupRule: '0pr',
  savedQuery: 'svq',
  logExport: 'exp',
  actionProof: 'apf',
  clientKey: 'pks',
  scopeGrant: 'oag',
  accessToken: 'oat',
  campaign: 'ici',
  reviewItem: 'icr',
  reviewJob: 'icj',
  policyDraft: 'pdr',
  policyTest: 'pte',
  provisionalChange: 'pch',
  breakGlassUse: 'bgu',
  webhook: 'who',
  requestCondition: 'rco',
  accessRequest: 'req',
  requestMessage: 'rqm',
  delegation: 'gda',
} as const;
export type IdKind = keyof typeof ID_PREFIX;

/** Has a text the shape of an id of that kind? */
export const isIdOf = (kind: IdKind, text: string): boolean =>
  text.startsWith(ID_PREFIX[kind]) && /^[A-Za-z0-9]{20}$/.test(text);
