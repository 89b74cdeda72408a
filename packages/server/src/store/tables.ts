/**
 * The tables, as Kysely sees them. Ids are text, instants bigint milliseconds, flags smallint 0/1, documents JSON as
 * text: the one subset on which SQLite and PostgreSQL agree.
 */
import type { RequestOutcome } from '@sallyport/model/access-request';
import type { EntitlementKind, GrantEndReason } from '@sallyport/model/grant';
import type { Insertable, Selectable } from 'kysely';

type Flag = 0 | 1;

export interface OrgTable {
  id: string;
  name: string;
  createdAt: number;
}
export interface SettingsTable {
  key: string;
  body: string;
  updatedAt: number;
  updatedBy: string;
}
export interface UsersTable {
  id: string;
  status: string;
  login: string;
  loginFolded: string;
  profile: string;
  typeId: string;
  createdAt: number;
  activatedAt: number | null;
  statusChangedAt: number | null;
  lastLoginAt: number | null;
  lastUpdatedAt: number;
  passwordHash: string | null;
  passwordChangedAt: number | null;
  passwordFailures: number;
  passwordLockedAt: number | null;
  /** When the lock ends by itself; null: when somebody unlocks it. */
  passwordUnlocksAt: number | null;
  /** Null is a password like any other. `EXPIRED`: good for choosing a new one only; `RECOVERY`: gone, a link gives a new one. */
  passwordState: 'EXPIRED' | 'RECOVERY' | null;
  createdBy: string;
  /** Since when nobody may sign in as it; null is a person. */
  serviceAccountAt: number | null;
}
/** Passwords that were replaced, oldest first, as many as the policy of their owner looks back. */
export interface PasswordHistoryTable {
  userId: string;
  ordinal: number;
  passwordHash: string;
  replacedAt: number;
}
export interface GroupsTable {
  id: string;
  type: string;
  name: string;
  nameFolded: string;
  profile: string;
  createdAt: number;
  lastUpdatedAt: number;
  lastMembershipUpdatedAt: number;
}
/** Kinds of users, each with a schema of profiles.  */
export interface UserTypesTable {
  id: string;
  name: string;
  nameFolded: string;
  displayName: string;
  description: string | null;
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
  schemaUpdatedAt: number;
}
/** What a schema adds to the base attributes, or changes of them; `body` is JSON. */
export interface UserAttributesTable {
  typeId: string;
  name: string;
  body: string;
  createdAt: number;
}
export interface GroupOwnersTable {
  groupId: string;
  ownerId: string;
  kind: 'USER' | 'GROUP';
  createdAt: number;
  createdBy: string;
}
/** Lists are JSON. */
export interface GroupRulesTable {
  id: string;
  name: string;
  nameFolded: string;
  status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  expression: string;
  excludedUserIds: string;
  groupIds: string;
  /** Up to whom a rule just activated has met everybody; null when it has met all. */
  scanCursor: string | null;
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
}
/** Who changed and waits to be judged by the rules. */
export interface GroupRuleQueueTable {
  userId: string;
  createdAt: number;
}
/** `addedBy`: a person, or the rule that did it. */
export interface GroupMembersTable {
  groupId: string;
  userId: string;
  addedAt: number;
  addedBy: string;
}
export interface RoleAssignmentsTable {
  id: string;
  type: string;
  /** A bundle holds roles for whoever has a grant of it. */
  principalKind: 'user' | 'group' | 'client' | 'bundle';
  principalId: string;
  /** Of a custom role, and the resource set that it is held over; else empty. */
  roleId: string;
  resourceSetId: string;
  /** `TARGETS`: narrowed to its targets, also when none is left. */
  scope: 'EVERYTHING' | 'TARGETS';
  createdAt: number;
  lastUpdatedAt: number;
  createdBy: string;
}
/** What a standard role's assignment is narrowed to; `selector` is JSON. */
export interface RoleTargetsTable {
  assignmentId: string;
  selector: string;
  createdAt: number;
}
/** A custom role, or a resource set: a name for a list. */
export interface LabelledTable {
  id: string;
  label: string;
  labelFolded: string;
  description: string;
  createdAt: number;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
}
export interface RolePermissionsTable {
  roleId: string;
  permission: string;
  /** JSON: which attributes of profiles it reaches. */
  condition: string | null;
  createdAt: number;
  lastUpdatedAt: number;
}
/** `selector` and `excluded` are JSON. */
export interface ResourceSetEntriesTable {
  id: string;
  resourceSetId: string;
  selector: string;
  excluded: string;
  createdAt: number;
  lastUpdatedAt: number;
}
/** A custom role over a resource set; who holds it are role assignments. */
export interface RoleBindingsTable {
  roleId: string;
  resourceSetId: string;
  createdAt: number;
}
/** `day` is days since 1970 in UTC. */
export interface PermissionUsesTable {
  userId: string;
  permission: string;
  day: number;
  lastUsedAt: number;
}
export interface FactorsTable {
  id: string;
  userId: string;
  kind: 'webauthn' | 'totp';
  status: 'PENDING_ACTIVATION' | 'ACTIVE';
  name: string;
  credentialId: string | null;
  publicKey: string | null;
  signCount: number;
  isBackupEligible: Flag;
  isBackedUp: Flag;
  aaguid: string | null;
  attestationFormat: string | null;
  isAttested: Flag;
  /** JSON list of base64url DER, leaf first; null where the key showed no certificates. */
  attestationChain: string | null;
  /** By the metadata of the model, so only where the key is attested. */
  isHardwareProtected: Flag;
  isFipsCompliant: Flag;
  isModelCompromised: Flag;
  modelAttachment: 'BUILT_IN' | 'ROAMING' | null;
  isDiscoverable: Flag | null;
  transports: string | null;
  secretSealed: string | null;
  lastTotpStep: number | null;
  challenge: string | null;
  challengeExpiresAt: number | null;
  createdAt: number;
  lastUpdatedAt: number;
  lastUsedAt: number | null;
  createdBy: string;
}
export interface SignInsTable {
  id: string;
  stateTokenHash: string;
  purpose: 'sign-in' | 'setup';
  userId: string | null;
  login: string;
  status: string;
  baseline: string;
  proofs: string;
  facts: string;
  challenge: string | null;
  challengeExpiresAt: number | null;
  failures: number;
  createdAt: number;
  expiresAt: number;
  sessionTokenHash: string | null;
  sessionTokenExpiresAt: number | null;
  usedAt: number | null;
}
export interface SessionsTable {
  id: string;
  parentId: string | null;
  userId: string;
  appId: string | null;
  tokenHash: string | null;
  previousTokenHash: string | null;
  previousValidUntilAt: number | null;
  baseline: string;
  /** Of the baseline, so that sessions can be found by it. */
  signInAddress: string | null;
  boundKey: string | null;
  /** The last address beside the baseline that the page's key was proved from. */
  provedAddress: string | null;
  /** JSON: the challenges to the page's key that wait for an answer; `proofDueAt` is the earliest of their ends. */
  openProofs: string | null;
  proofDueAt: number | null;
  deviceId: string | null;
  proofs: string;
  createdAt: number;
  lastActivityAt: number;
  idleTimeoutSeconds: number;
  endsAt: number;
  endedAt: number | null;
  endReason: string | null;
  endDetail: string | null;
  answeredAt: number | null;
  answer: string | null;
  exemptPasses: number;
  /** On a command-line session: the browser's session that allowed it. */
  openedBySessionId: string | null;
}
/** One-time codes that a browser hands to a command line (RFC 8252, RFC 7636). */
export interface CliCodesTable {
  codeHash: string;
  sessionId: string;
  userId: string;
  codeChallenge: string;
  redirectUri: string;
  network: string;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
  openedSessionId: string | null;
}
export interface ApiTokensTable {
  id: string;
  name: string;
  userId: string;
  clientName: string;
  tokenHash: string;
  network: string;
  purpose: string;
  protectedActions: string;
  createdAt: number;
  lastUpdatedAt: number;
  expiresAt: number;
  slidingSeconds: number;
  lastUsedAt: number | null;
  lastUsedAddress: string | null;
  lastUsedNetwork: string | null;
  revokedAt: number | null;
  /** Why it is usable from anywhere; null where it is not, or nobody said. */
  anywhereReason: string | null;
  /** Since when the secret is what it is. */
  secretSetAt: number;
  /** The secret before the last rotation, and until when it works beside the new one. */
  oldTokenHash: string | null;
  oldSecretEndsAt: number | null;
  oldSecretUsedAt: number | null;
  oldSecretUsedAddress: string | null;
  /** The age, in days, of which the owner was reminded last; 0 for none. */
  remindedDays: number;
}
/** What a token was used for and from where: its networks, the permissions its calls needed, the programs that sent them. */
export interface TokenUsesTable {
  tokenId: string;
  /** `second-network`: it was used from there within an hour of its use elsewhere. */
  kind: 'network' | 'second-network' | 'permission' | 'agent';
  value: string;
  firstAt: number;
  lastAt: number;
}
export interface TrustedOriginsTable {
  id: string;
  name: string;
  origin: string;
  /** JSON. */
  scopes: string;
  status: string;
  createdAt: number;
  createdBy: string | null;
  lastUpdatedAt: number;
  lastUpdatedBy: string | null;
}
export interface ZonesTable {
  id: string;
  name: string;
  type: string;
  status: string;
  usage: string;
  isSystem: Flag;
  isExempt: Flag;
  gateways: string;
  proxies: string;
  /** JSON: what a dynamic zone asks of an address. */
  conditions: string;
  createdAt: number;
  lastUpdatedAt: number;
}
export interface AppsTable {
  id: string;
  name: string;
  label: string;
  status: string;
  signOnMode: string;
  isSystem: Flag;
  policyId: string | null;
  /** Host name of an app behind the gateway; null for the built-in ones. */
  host: string | null;
  body: string;
  createdAt: number;
  lastUpdatedAt: number;
  /** Of a service app. */
  lastUsedAt: number | null;
  lastUsedAddress: string | null;
  lastUsedNetwork: string | null;
}
/** A public key of a service app; `jwk` is JSON and never holds a private part. */
export interface AppKeysTable {
  id: string;
  appId: string;
  kid: string;
  jwk: string;
  status: 'ACTIVE' | 'INACTIVE';
  createdAt: number;
  lastUpdatedAt: number;
  lastUsedAt: number | null;
}
/** A scope that a super admin granted to a service app. */
export interface AppGrantsTable {
  id: string;
  appId: string;
  scopeId: string;
  createdAt: number;
  createdBy: string;
}
/** Who an app is assigned to; `profile` is JSON. A record: who may enter is what the app's policy says. */
export interface AppAssignmentsTable {
  appId: string;
  kind: 'user' | 'group';
  principalId: string;
  profile: string;
  userName: string | null;
  priority: number;
  createdAt: number;
  lastUpdatedAt: number;
}
export interface AccessTokensTable {
  id: string;
  appId: string;
  tokenHash: string;
  /** Separated by blanks. */
  scopes: string;
  /** Thumbprint of the key that it is bound to (RFC 9449 §6); null for a bearer token. */
  thumbprint: string | null;
  createdAt: number;
  expiresAt: number;
  revokedAt: number | null;
}
/** Assertions and proofs that were used: each is good once. */
export interface UsedJwtsTable {
  idHash: string;
  expiresAt: number;
}
export interface PoliciesTable {
  id: string;
  type: string;
  name: string;
  description: string | null;
  priority: number;
  status: string;
  isSystem: Flag;
  conditions: string;
  settings: string;
  version: number;
  createdAt: number;
  lastUpdatedAt: number;
}
export interface PolicyRulesTable {
  id: string;
  policyId: string;
  type: string;
  name: string;
  priority: number;
  status: string;
  isSystem: Flag;
  conditions: string;
  actions: string;
  createdAt: number;
  lastUpdatedAt: number;
}
/** A policy as it was, whole; `body` is JSON of its row and those of its rules. The newest stands in the other tables, too. */
export interface PolicyVersionsTable {
  policyId: string;
  version: number;
  body: string;
  /** What led to it. `first`: it stood there when its history began. */
  how: 'first' | 'change' | 'publish' | 'roll-back' | 'return';
  authorKind: string | null;
  authorId: string | null;
  reason: string | null;
  /** The provisional change that it was made in; null: it counted for good at once. */
  provisionalId: string | null;
  createdAt: number;
}
/**
 * A change of what admits administrators, made in a session: it counts from `startedAt` on, and from `confirmBy` on only
 * where `confirmedAt` is set. At most one neither is confirmed nor has ended. `base` is JSON of what counts again.
 */
export interface ProvisionalChangesTable {
  id: string;
  base: string;
  startedAt: number;
  startedBy: string;
  /** Of the last change in it: whoever confirms signed in after it. */
  changedAt: number;
  changedBy: string;
  confirmBy: number;
  confirmedAt: number | null;
  confirmedBy: string | null;
  /** Since when it is written down that it ended. */
  endedAt: number | null;
  endedBy: string | null;
  endReason: 'expired' | 'taken-back' | null;
}
/** What somebody writes before it counts; `body` is JSON like that of a version. */
export interface PolicyDraftsTable {
  id: string;
  policyId: string;
  note: string;
  /** The version that it was begun from, or brought up to. */
  baseVersion: number;
  body: string;
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
}
/** What a policy must decide on given facts, or it is not published; `facts` is JSON as what-if reads it. */
export interface PolicyTestsTable {
  id: string;
  policyId: string;
  name: string;
  facts: string;
  expected: 'allow' | 'step_up' | 'deny';
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
}
export interface FeaturesTable {
  id: string;
  name: string;
  description: string;
  status: string;
  stage: string;
  updatedAt: number;
}
/** Whatever wants to stop somebody writes here; every door honours it (design §4.15). */
export interface LocksTable {
  id: string;
  subjectKind: string;
  subjectId: string;
  reason: string;
  createdAt: number;
  createdBy: string;
  expiresAt: number | null;
}
export interface EventsTable {
  node: string;
  seq: number;
  uuid: string;
  publishedAt: number;
  eventType: string;
  severity: string;
  actorId: string;
  outcomeResult: string;
  externalSessionId: string | null;
  transactionId: string;
  clientIp: string | null;
  keywords: string;
  body: string;
  /** JSON: path → { salt, commitment }. */
  personal: string;
  previousHash: string;
  hash: string;
}
export interface ChainHeadsTable {
  node: string;
  seq: number;
  hash: string;
  publishedAt: number;
}
export interface CheckpointsTable {
  node: string;
  seq: number;
  hash: string;
  createdAt: number;
  keyId: string;
  signature: string;
}
/** Facts and policy of a verdict, so that it can be computed again (`sallyport why`). */
export interface VerdictsTable {
  eventUuid: string;
  judgement: string;
  input: string;
  verdict: string;
  createdAt: number;
  /** Opens the commitment to the three that stands in the event; null before there were any. */
  salt: string | null;
}
/** Mails that somebody chose to get or to be without; a role's choice is that of its holders who made none. */
export interface SubscriptionsTable {
  holderKind: 'role' | 'user';
  /** A person, a custom role, or the type of a standard one. */
  holderId: string;
  notificationType: string;
  status: 'subscribed' | 'unsubscribed';
}
/** Values of attributes that nobody may share, folded, of each type of users: the key is what keeps two apart. */
export interface UserUniqueValuesTable {
  typeId: string;
  attribute: string;
  value: string;
  userId: string;
}
export interface OutboxTable {
  id: string;
  sink: string;
  payload: string;
  createdAt: number;
  attempts: number;
  nextAttemptAt: number;
  deliveredAt: number | null;
  deadAt: number | null;
  lastError: string | null;
}
export interface SinksTable {
  name: string;
  node: string;
  cursorSeq: number;
  updatedAt: number;
}
export interface KeysTable {
  id: string;
  purpose: string;
  publicKey: string | null;
  secretSealed: string;
  createdAt: number;
  retiredAt: number | null;
}
export interface SetupCodesTable {
  codeHash: string;
  purpose: 'claim' | 'enrol' | 'password';
  userId: string | null;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
}
/** One-time codes that carry a sign-in from our host to that of an app (hashed; at most 30 seconds). */
export interface GatewayCodesTable {
  codeHash: string;
  appId: string;
  /** The org session. */
  sessionId: string;
  nonceHash: string;
  address: string;
  network: string;
  returnTarget: string;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
  /** How long a session may rest that the rule allows; null: what the app says. */
  inactivitySeconds: number | null;
}
/** What monitor mode saw: one row per session, axis and new network. */
export interface ObservationsTable {
  sessionId: string;
  userId: string;
  appId: string | null;
  causes: string;
  fromAddress: string;
  toAddress: string;
  fromNetwork: string;
  toNetwork: string;
  mode: string;
  observedAt: number;
}
/** A search of the System Log under a name; `search` is JSON. */
export interface SavedQueriesTable {
  id: string;
  ownerId: string;
  name: string;
  nameFolded: string;
  isShared: Flag;
  search: string;
  createdAt: number;
  lastUpdatedAt: number;
}
export interface LogExportsTable {
  id: string;
  ownerId: string;
  format: string;
  search: string;
  status: string;
  estimatedRows: number;
  rowCount: number;
  byteCount: number;
  /** Why it ended without being complete. */
  reason: string | null;
  createdAt: number;
  finishedAt: number | null;
  expiresAt: number;
}

/**
 * A proof before a protected action, from the asking on. `target` and `requests` are JSON; `summary` is what the body
 * says, without secrets. `expiresAt` moves on with each step: asked, proved, approved.
 */
export interface ActionProofsTable {
  id: string;
  requesterKind: 'session' | 'token' | 'service-app';
  requesterId: string;
  /** The person of the session, the owner of the token, or the service app itself. */
  userId: string;
  action: string;
  /** Of the route; who approves must hold it. */
  permission: string | null;
  target: string | null;
  requests: string;
  summary: string | null;
  /** `networkKey` of the address that asked. */
  network: string | null;
  /** The address itself, for the eyes of whoever approves. */
  address: string | null;
  /** Asked by a command line: another session of the person proves. */
  isHandedOff: Flag;
  nonce: string;
  challenge: string;
  proofClass: string;
  needsKey: Flag;
  needsApproval: Flag;
  /** The setting asked for a second person when it was asked; the owner of a token does not approve alone then. */
  needsSecondPerson: Flag;
  createdAt: number;
  expiresAt: number;
  failures: number;
  factorId: string | null;
  provedClass: string | null;
  /** JSON: the assertion and the public key that verified it. */
  evidence: string | null;
  provedAt: number | null;
  approverId: string | null;
  decision: 'APPROVED' | 'DENIED' | null;
  decisionReason: string | null;
  decidedAt: number | null;
  /** Cancelled, or left unanswered and told so in the log. */
  closedAt: number | null;
}
/** One row for each request that a proof is good for; used once. */
export interface ActionProofRequestsTable {
  proofId: string;
  digest: string;
  usedAt: number | null;
  usedByRequest: string | null;
}

/** Roles under one name, which people get for a while. */
export interface BundlesTable {
  id: string;
  name: string;
  nameFolded: string;
  description: string;
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
}
/** Something that somebody was given for a while; the row stays when it ended, and when they are gone. */
export interface GrantsTable {
  id: string;
  userId: string;
  /** Names as they were when it was given. */
  userLogin: string;
  userName: string;
  kind: EntitlementKind;
  entitlementId: string;
  entitlementName: string;
  startsAt: number;
  /** Until when it was given, as people were told. */
  expiresAt: number;
  /** When its power ends: earlier by what the clocks of several nodes may differ. */
  powerEndsAt: number;
  /** Of one that ran out: when its power ended, written down by whoever came to it first. */
  endedAt: number | null;
  endedBy: string | null;
  endReason: GrantEndReason | null;
  sourceKind: 'request' | 'admin';
  sourceId: string;
  /** The grant that went on in this one. */
  extendsGrantId: string | null;
  reason: string;
  createdAt: number;
  createdBy: string;
}
/** The latest instant that a node has decided at, as of some seconds ago: by it is seen that its clock was set back. */
export interface SeenInstantsTable {
  node: string;
  seenAt: number;
}
export interface BreakGlassAccountsTable {
  userId: string;
  /** `BreakGlassNetworks`, JSON. */
  networks: string;
  /** Of the sealed secret, which stands nowhere. */
  secretHash: string;
  /** How many shares it was printed in, and how many of them open it; null: it is on one paper. */
  sharesCount: number | null;
  sharesNeeded: number | null;
  sealedAt: number;
  sealedBy: string;
  /** Since when the seal is broken. */
  unsealedAt: number | null;
  lastDrillAt: number | null;
  /** Until then a use is the drill that was announced. */
  drillUntilAt: number | null;
  /** Who announced it. */
  drillBy: string | null;
  remindedAt: number | null;
  createdAt: number;
  createdBy: string;
}
/** What was done with a break-glass account until its review was closed: one row however often the door was tried. */
export interface BreakGlassUsesTable {
  id: string;
  userId: string;
  kind: 'USE' | 'DRILL';
  firstAt: number;
  lastAt: number;
  openings: number;
  refusals: number;
  /** The session that was opened last. */
  sessionId: string | null;
  address: string | null;
  /** Why the seal was broken, as whoever is in that session wrote it. */
  reason: string | null;
  alarmedStep: string | null;
  alarmedAt: number | null;
  /** Of a drill, who announced it last; null: nobody, or before that was kept. */
  announcedBy: string | null;
  closedAt: number | null;
}
export interface BreakGlassReviewsTable {
  useId: string;
  reviewerId: string;
  note: string;
  signedAt: number;
}
export interface WebhooksTable {
  id: string;
  name: string;
  url: string;
  status: 'ACTIVE' | 'INACTIVE';
  /** JSON: what it is told of, by the names of `model/src/webhook-types.ts`, in their order. */
  types: string;
  secretSealed: string;
  secretSetAt: number;
  /** Of before the last rotation; messages are signed with it, too, until it ends. */
  oldSecretSealed: string | null;
  oldSecretEndsAt: number | null;
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
}

/** A review of access; `settings` is JSON: what the wire says of it, made whole. */
export interface CampaignsTable {
  id: string;
  name: string;
  description: string | null;
  status: 'SCHEDULED' | 'ACTIVE' | 'COMPLETED' | 'DELETED';
  settings: string;
  startAt: number;
  endsAt: number;
  /** Of a recurring one the first run, and which run it is. */
  seriesId: string | null;
  run: number;
  /** Ended by somebody who said that what nobody answered stays. */
  skipsRemediation: Flag;
  itemCount: number;
  /** Of its items how many were decided so at the last level, got no answer, and were revoked but not taken. */
  approvedCount: number;
  revokedCount: number;
  unansweredCount: number;
  failedCount: number;
  /** What there is to say of its launch: that there was nothing to review. */
  remark: string | null;
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
  launchedAt: number | null;
  closedAt: number | null;
  /** SHA-256 of its report, from its close on. */
  digest: string | null;
}
/** One thing that somebody has; names and evidence are those of the launch. `ref` is JSON and says what it is. */
export interface ReviewItemsTable {
  id: string;
  campaignId: string;
  seq: number;
  kind: string;
  ref: string;
  subjectKind: 'user' | 'client';
  subjectId: string;
  subjectLabel: string;
  resourceId: string;
  resourceLabel: string;
  evidence: string;
  suggestion: 'APPROVE' | 'REVOKE' | null;
  suggestionReason: string;
  isOwnAllowed: Flag;
  reviewersVia: 'CHOSEN' | 'FALLBACK' | 'SUPER_ADMINS' | 'NOBODY' | 'REASSIGNED';
  level: 'FIRST' | 'SECOND';
  decision: 'APPROVE' | 'REVOKE' | null;
  decidedAt: number | null;
  /** The end came first. */
  isUnanswered: Flag;
  remediationStatus: 'NONE' | 'OPEN' | 'ERROR' | 'SUCCESS' | 'MANUAL';
  remediationReason: string | null;
  /** JSON: what was taken, so that it can be given back as it was until `graceEndsAt`; null afterwards. */
  kept: string | null;
  graceEndsAt: number | null;
  restoredAt: number | null;
  restoredBy: string | null;
  createdAt: number;
  lastUpdatedAt: number;
}
/** Who is asked about an item, at which level. */
/** Who made whose account, gave it a role, or enrolled or reset its keys: of each pair the last time. */
export interface TiesTable {
  ofId: string;
  byId: string;
  ofKind: 'user' | 'app';
  at: number;
}

export interface ReviewersTable {
  itemId: string;
  level: 'FIRST' | 'SECOND';
  reviewerId: string;
  campaignId: string;
  /** 1 while the item is open at this level. */
  isAskedNow: number;
}
/** What was answered at a level; never changed. */
export interface ReviewDecisionsTable {
  itemId: string;
  level: 'FIRST' | 'SECOND';
  decision: 'APPROVE' | 'REVOKE';
  note: string | null;
  decidedBy: string;
  decidedByLabel: string;
  decidedAt: number;
  /** The proof by which the reviewer's key signed it. */
  proofId: string | null;
}
/** Which mails a reviewer was sent about a campaign. */
export interface ReviewMailsTable {
  campaignId: string;
  reviewerId: string;
  kind: string;
}
/** Answers to many items at once, as the wire has them. */
export interface ReviewJobsTable {
  id: string;
  campaignId: string;
  reviewerId: string;
  decidedCount: number;
  createdAt: number;
}
/** `steps` is JSON. */
export interface RequestSequencesTable {
  id: string;
  name: string;
  description: string;
  steps: string;
  decideWithinSeconds: number;
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
}
/** `requesters`, `scope` and `duration` are JSON, as the wire has them. */
export interface RequestConditionsTable {
  id: string;
  resourceId: string;
  name: string;
  description: string | null;
  status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  priority: number;
  requesters: string;
  scope: string;
  duration: string | null;
  sequenceId: string;
  ticket: 'required' | 'optional';
  createdAt: number;
  createdBy: string;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
}
/** Up to `digest` nothing changes after it was submitted, and the digest is of all of it. `steps` is JSON. */
export interface RequestsTable {
  id: string;
  requesterId: string;
  /** Whom the access is for. */
  beneficiaryId: string;
  kind: EntitlementKind;
  entitlementId: string;
  entitlementName: string;
  resourceId: string;
  conditionId: string;
  conditionName: string;
  sequenceId: string;
  sequenceName: string;
  steps: string;
  reason: string;
  ticket: string | null;
  durationSeconds: number;
  /** The asked beginning; null is the approval. */
  startsAt: number | null;
  /** The grant that it makes longer. */
  extendsGrantId: string | null;
  createdAt: number;
  decideBy: number;
  /** A digest of the roles that it gave when it was asked for; null of what gave none. */
  gives: string | null;
  /** The session that it was asked from; null is an API token. */
  askedSessionId: string | null;
  digest: string;
  outcome: RequestOutcome | null;
  resolvedAt: number | null;
  grantStatus: 'PENDING' | 'GRANTED' | 'FAILED' | null;
  /** Why nothing was granted. */
  grantReason: string | null;
  grantId: string | null;
  grantedAt: number | null;
  nudgedAt: number | null;
  /** The last step of which others were told that they may say yes to it by now. */
  escalatedStep: number | null;
  /** Counts up with each change: of two that saw the same one, one changes nothing. */
  revision: number;
  lastUpdatedAt: number;
  lastUpdatedBy: string;
}
/** One for each step of a request, by the id that the wire knows. */
export interface RequestTasksTable {
  id: string;
  requestId: string;
  step: number;
  /** Ids of accounts, JSON, where somebody gave it to others than it names; all three or none. */
  assignees: string | null;
  reassignedBy: string | null;
  reassignedAt: number | null;
}
/** Everything by which two accounts could be one human, of whoever takes part in a request. */
export interface RequestPartiesTable {
  requestId: string;
  link: string;
  userId: string;
}
export interface RequestDecisionsTable {
  requestId: string;
  deciderId: string;
  requesterId: string;
  beneficiaryId: string;
  step: number;
  needed: number;
  /** Which of the needed approvals it is; null for a no. */
  slot: number | null;
  kind: 'approve' | 'deny';
  /** What was decided on. */
  digest: string;
  comment: string | null;
  createdAt: number;
  /** In whose stead it was. */
  insteadOf: string | null;
  /** Whoever else had a hand in it, JSON: the holder of the vote, and who chose that somebody decides it. */
  behind: string;
}
/** Who decides in whose stead, from when until when; one for each person. */
export interface DelegationsTable {
  id: string;
  delegatorId: string;
  delegateId: string;
  startsAt: number;
  endsAt: number;
  note: string | null;
  createdAt: number;
  createdBy: string;
}
export interface RequestMessagesTable {
  id: string;
  requestId: string;
  authorId: string;
  text: string;
  createdAt: number;
}

export interface Tables {
  org: OrgTable;
  settings: SettingsTable;
  users: UsersTable;
  passwordHistory: PasswordHistoryTable;
  userTypes: UserTypesTable;
  userAttributes: UserAttributesTable;
  groups: GroupsTable;
  groupOwners: GroupOwnersTable;
  groupRules: GroupRulesTable;
  groupRuleQueue: GroupRuleQueueTable;
  groupMembers: GroupMembersTable;
  roleAssignments: RoleAssignmentsTable;
  roleTargets: RoleTargetsTable;
  bundles: BundlesTable;
  grants: GrantsTable;
  customRoles: LabelledTable;
  rolePermissions: RolePermissionsTable;
  resourceSets: LabelledTable;
  resourceSetEntries: ResourceSetEntriesTable;
  roleBindings: RoleBindingsTable;
  permissionUses: PermissionUsesTable;
  factors: FactorsTable;
  signIns: SignInsTable;
  sessions: SessionsTable;
  cliCodes: CliCodesTable;
  apiTokens: ApiTokensTable;
  tokenUses: TokenUsesTable;
  trustedOrigins: TrustedOriginsTable;
  zones: ZonesTable;
  apps: AppsTable;
  appKeys: AppKeysTable;
  appGrants: AppGrantsTable;
  appAssignments: AppAssignmentsTable;
  accessTokens: AccessTokensTable;
  usedJwts: UsedJwtsTable;
  policies: PoliciesTable;
  policyRules: PolicyRulesTable;
  policyVersions: PolicyVersionsTable;
  provisionalChanges: ProvisionalChangesTable;
  policyDrafts: PolicyDraftsTable;
  policyTests: PolicyTestsTable;
  features: FeaturesTable;
  locks: LocksTable;
  events: EventsTable;
  chainHeads: ChainHeadsTable;
  checkpoints: CheckpointsTable;
  verdicts: VerdictsTable;
  subscriptions: SubscriptionsTable;
  userUniqueValues: UserUniqueValuesTable;
  outbox: OutboxTable;
  sinks: SinksTable;
  keys: KeysTable;
  setupCodes: SetupCodesTable;
  observations: ObservationsTable;
  gatewayCodes: GatewayCodesTable;
  savedQueries: SavedQueriesTable;
  logExports: LogExportsTable;
  actionProofs: ActionProofsTable;
  actionProofRequests: ActionProofRequestsTable;
  campaigns: CampaignsTable;
  reviewItems: ReviewItemsTable;
  reviewers: ReviewersTable;
  ties: TiesTable;
  reviewDecisions: ReviewDecisionsTable;
  reviewMails: ReviewMailsTable;
  reviewJobs: ReviewJobsTable;
  seenInstants: SeenInstantsTable;
  breakGlassAccounts: BreakGlassAccountsTable;
  breakGlassUses: BreakGlassUsesTable;
  breakGlassReviews: BreakGlassReviewsTable;
  webhooks: WebhooksTable;
  requestSequences: RequestSequencesTable;
  requestConditions: RequestConditionsTable;
  requests: RequestsTable;
  requestTasks: RequestTasksTable;
  requestParties: RequestPartiesTable;
  requestDecisions: RequestDecisionsTable;
  requestMessages: RequestMessagesTable;
  delegations: DelegationsTable;
}
export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>;
