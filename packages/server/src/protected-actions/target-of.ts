import type { Route } from '@sallyport/api/define-route';
import { isActionName } from '@sallyport/model/protected-actions';
import { isStandardRole, labelOf } from '@sallyport/model/roles';
import { SERVICE_APP_NAME } from '../machines/service-app.ts';
import { isNamedByBase } from '../policies/find-policy.ts';
import type { Transaction } from '../ports/store.ts';
import { wordsOfRequest } from '../requests/words-of-request.ts';
import { isGroupOfPower } from '../roles/guard-user.ts';
import { isAdmin } from '../roles/is-admin.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { wordsOfProof } from './present-proof.ts';

/** What a request is about: the first place of its path. */
export interface ActionTarget {
  readonly id: string;
  /** Null where there is no such thing: the use case says so. */
  readonly name: string | null;
  readonly type: string;
  /** Does it hold, give or guard an administrator's power? */
  readonly hasPower: boolean;
  /** Is it the caller's own account? */
  readonly isSelf: boolean;
}

type Found = { readonly name: string; readonly hasPower: boolean; readonly isSelf?: boolean } | undefined;
type Find = (db: Transaction, id: string, selfId: string) => Promise<Found>;

const user: Find = async (db, given, selfId) => {
  const id = given === 'me' ? selfId : given;
  const row = await db
    .selectFrom('users')
    .select(['id', 'login', 'profile'])
    .where((e) => e.or([e('id', '=', id), e('loginFolded', '=', id.toLowerCase())]))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const name = displayNameOf(JSON.parse(row.profile) as { displayName?: string }, row.login);
  return { name, hasPower: await isAdmin(db, row.id), isSelf: row.id === selfId };
};

const group: Find = async (db, id) => {
  const row = await db.selectFrom('groups').select('name').where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : { name: row.name, hasPower: await isGroupOfPower(db, id) };
};

/**
 * The policies that hold for people everywhere, that of each built-in app (the console and the pages around it), and one that
 * admits administrators again where a change is not confirmed: out of use it is no less worth softening.
 */
const policy: Find = async (db, id) => {
  const row = await db.selectFrom('policies').select(['name', 'type']).where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const guarded = await db
    .selectFrom('apps')
    .select('id')
    .where('policyId', '=', id)
    .where('isSystem', '=', 1)
    .executeTakeFirst();
  const hasPower = guarded !== undefined || row.type !== 'ACCESS_POLICY' || (await isNamedByBase(db, id));
  return { name: row.name, hasPower };
};

const zone: Find = async (db, id) => {
  const row = await db.selectFrom('zones').select(['name', 'isExempt']).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : { name: row.name, hasPower: row.isExempt === 1 };
};

const named =
  (
    table: 'apiTokens' | 'bundles' | 'features' | 'groupRules' | 'trustedOrigins' | 'userTypes' | 'webhooks',
    column: 'name',
  ): Find =>
  async (db, id) => {
    const row = await db.selectFrom(table).select(column).where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : { name: row.name, hasPower: false };
  };

/** Our own two, and whatever acts with an admin role. */
const app: Find = async (db, id) => {
  const row = await db.selectFrom('apps').select(['label', 'isSystem', 'name']).where('id', '=', id).executeTakeFirst();
  return row === undefined
    ? undefined
    : { name: row.label, hasPower: row.isSystem === 1 || row.name === SERVICE_APP_NAME };
};

const labelled =
  (table: 'customRoles' | 'resourceSets'): Find =>
  async (db, id) => {
    const row = await db
      .selectFrom(table)
      .select('label')
      .where((e) => e.or([e('id', '=', id), e('labelFolded', '=', id.toLowerCase())]))
      .executeTakeFirst();
    return row === undefined ? undefined : { name: row.label, hasPower: true };
  };

/** A standard role by its type, a custom one by id or label. */
const role: Find = async (db, id, selfId) =>
  isStandardRole(id) ? { name: labelOf(id), hasPower: true } : labelled('customRoles')(db, id, selfId);

/**
 * Is there power in what a body says, whatever the path is about? It makes a service app, or it puts one of the built-in apps
 * under another policy: that of the Admin Console must not change by the proof that an ordinary policy asks.
 */
export const bodyHasPower = async (db: Transaction, routeName: string, body: unknown): Promise<boolean> => {
  const { name, resourceId } = (body ?? {}) as { readonly name?: unknown; readonly resourceId?: unknown };
  if (routeName === 'apps.create') return name === SERVICE_APP_NAME;
  if (routeName !== 'policyMappings.create' || typeof resourceId !== 'string') return false;
  return (await app(db, resourceId, ''))?.hasPower ?? false;
};

/** Named by what is asked and by whom, so that the key is touched for nothing else: `Deactivate Lee Park, asked by …`. */
const ask: Find = async (db, id) => {
  const row = await db
    .selectFrom('actionProofs')
    .leftJoin('users', 'users.id', 'actionProofs.userId')
    .leftJoin('apiTokens', 'apiTokens.id', 'actionProofs.requesterId')
    .leftJoin('apps', 'apps.id', 'actionProofs.requesterId')
    .select(['actionProofs.action', 'actionProofs.target', 'users.login', 'apiTokens.name', 'apps.label'])
    .where('actionProofs.id', '=', id)
    .executeTakeFirst();
  if (row === undefined || !isActionName(row.action)) return undefined;
  const person = row.login ?? 'somebody who was deleted';
  const token = row.name === null ? person : `the token ${row.name} of ${person}`;
  const by = row.label === null ? token : `the service app ${row.label}`;
  return { name: `“${wordsOfProof({ ...row, action: row.action })}”, asked by ${by}`, hasPower: false };
};

const campaign: Find = async (db, id) => {
  const row = await db.selectFrom('campaigns').select('name').where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : { name: row.name, hasPower: false };
};

/** Named by what it is and whose, so that nobody gives back another thing than they read. */
const reviewItem: Find = async (db, id) => {
  const row = await db
    .selectFrom('reviewItems')
    .select(['subjectLabel', 'resourceLabel'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : { name: `${row.resourceLabel} of ${row.subjectLabel}`, hasPower: false };
};

/** What is approved, for whom and for how long, in full: the key is touched for nothing else. */
const accessRequest: Find = async (db, id) => {
  const row = await db
    .selectFrom('requests')
    .leftJoin('users', 'users.id', 'requests.beneficiaryId')
    .select(['requests.kind', 'requests.entitlementName', 'requests.durationSeconds', 'requests.extendsGrantId'])
    .select('users.login')
    .where('requests.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const words = `“${wordsOfRequest(row)}”`;
  // A service account is named in what is asked for.
  const name = row.kind === 'service-account' ? words : `${words} for ${row.login ?? 'somebody who was deleted'}`;
  return { name, hasPower: false };
};

/** The request whose step it is. */
const requestTask: Find = async (db, id, selfId) => {
  const row = await db.selectFrom('requestTasks').select('requestId').where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : accessRequest(db, row.requestId, selfId);
};

const FINDERS: Readonly<Record<string, { readonly type: string; readonly find: Find }>> = {
  userId: { type: 'User', find: user },
  breakGlassId: { type: 'User', find: user },
  webhookId: { type: 'EventHook', find: named('webhooks', 'name') },
  groupId: { type: 'UserGroup', find: group },
  groupRuleId: { type: 'GroupRule', find: named('groupRules', 'name') },
  typeId: { type: 'UserType', find: named('userTypes', 'name') },
  policyId: { type: 'PolicyEntity', find: policy },
  bundleId: { type: 'EntitlementBundle', find: named('bundles', 'name') },
  zoneId: { type: 'NetworkZone', find: zone },
  appId: { type: 'AppInstance', find: app },
  roleRef: { type: 'Role', find: role },
  roleIdOrLabel: { type: 'CustomRole', find: labelled('customRoles') },
  resourceSetIdOrLabel: { type: 'ResourceSet', find: labelled('resourceSets') },
  clientId: { type: 'AppInstance', find: app },
  apiTokenId: { type: 'Token', find: named('apiTokens', 'name') },
  trustedOriginId: { type: 'TrustedOrigin', find: named('trustedOrigins', 'name') },
  proofId: { type: 'ProtectedActionApproval', find: ask },
  campaignId: { type: 'Campaign', find: campaign },
  reviewId: { type: 'CampaignItem', find: reviewItem },
  accessRequestId: { type: 'AccessRequest', find: accessRequest },
  taskId: { type: 'Task', find: requestTask },
  featureId: { type: 'Feature', find: named('features', 'name') },
};

/** The target of a request by the places of its path; null for a request about nothing that exists yet. */
export const targetOf = async (
  db: Transaction,
  path: Route['path'],
  params: Readonly<Record<string, string>>,
  selfId: string,
): Promise<ActionTarget | null> => {
  const place = /\{(\w+)\}/.exec(path)?.[1];
  const id = place === undefined ? undefined : params[place];
  if (place === undefined || id === undefined) return null;
  const finder = FINDERS[place];
  const found = await finder?.find(db, id, selfId);
  return {
    id,
    name: found?.name ?? null,
    type: finder?.type ?? 'Resource',
    hasPower: found?.hasPower ?? false,
    isSelf: found?.isSelf ?? false,
  };
};
