import { invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { ALARM_TYPE, WEBHOOK_TYPE_NAMES, type WebhookType } from '@sallyport/model/webhook-types';
import { isBreakGlass } from '../break-glass/store.ts';
import { deliverOutbox } from '../outbox/deliver-outbox.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin, refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { enqueueWebhook, queuesOf, testQueue, typesOf } from './enqueue-webhooks.ts';
import { createWebhookSink, webhookSecretContext } from './webhook-sink.ts';

type Webhook = Row<'webhooks'>;
export interface WebhookBody {
  readonly name: string;
  readonly url: string;
  readonly status?: 'ACTIVE' | 'INACTIVE' | undefined;
  /** What it is told of. */
  readonly types?: readonly WebhookType[] | undefined;
}

/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = 32;
const WEBHOOKS_MAX = 20;
/** What the entries say that waited for a webhook when it was deleted. */
export const GIVEN_UP_WITH_WEBHOOK = 'the webhook was deleted';

/** What its queues say: how many wait or were given up, what went wrong last of those, and when one arrived last. */
const queueOf = async (db: Transaction, id: string) => {
  const entries = db.selectFrom('outbox').where('sink', 'in', queuesOf(id));
  const left = entries.where('deliveredAt', 'is', null);
  const counts = await left
    .select((e) => [e.fn.countAll<number | string>().as('all'), e.fn.count<number | string>('deadAt').as('dead')])
    .executeTakeFirstOrThrow();
  const failed = await left
    .select('lastError')
    .where('lastError', 'is not', null)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const arrived = await entries.select((e) => e.fn.max('deliveredAt').as('at')).executeTakeFirst();
  const dead = Number(counts.dead);
  return {
    waiting: Number(counts.all) - dead,
    dead,
    lastError: failed?.lastError ?? null,
    lastDeliveredAt: arrived?.at == null ? null : toIso(Number(arrived.at)),
  };
};

/** Each once, in the order of the list. */
const writeTypes = (types: readonly WebhookType[]): string =>
  JSON.stringify(WEBHOOK_TYPE_NAMES.filter((type) => types.includes(type)));

/** What whoever changes where a webhook goes, and with what, writes: its tag is of this. Whether it is on is decided elsewhere. */
const documentOf = (row: Webhook) => ({ name: row.name, url: row.url, types: typesOf(row) });

/** Never its secret. */
const present = async (s: Services, db: Transaction, row: Webhook) => ({
  id: row.id,
  name: row.name,
  url: row.url,
  status: row.status,
  types: typesOf(row),
  secretSetAt: toIso(row.secretSetAt),
  oldSecretEndsAt:
    row.oldSecretEndsAt === null || s.clock.now() >= row.oldSecretEndsAt ? null : toIso(row.oldSecretEndsAt),
  queue: await queueOf(db, row.id),
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  version: settingsVersion(documentOf(row)),
});

const find = async (db: Transaction, id: string): Promise<Webhook> => {
  const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Webhook');
  return row;
};

const record = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  eventType: EventType,
  row: Webhook,
  debugData: Readonly<Record<string, string>> = {},
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType,
    target: [{ id: row.id, type: 'EventHook', alternateId: row.name, displayName: row.name, detailEntry: null }],
    // The path of some receivers is their secret.
    debugData: { origin: new URL(row.url).origin, status: row.status, types: typesOf(row).join(' '), ...debugData },
  });

const readUrl = (s: Services, url: string): string => {
  const why = s.callOut.whyNot(url);
  if (why !== null) throw invalid('url', why);
  return url;
};

const assertNameIsFree = async (tx: Transaction, { id, name }: Pick<Webhook, 'id' | 'name'>): Promise<void> => {
  const taken = await tx.selectFrom('webhooks').select('id').where('name', '=', name).executeTakeFirst();
  if (taken !== undefined && taken.id !== id) throw invalid('name', 'Another webhook has this name');
};

const newSecret = (s: Services, id: string): { readonly secret: string; readonly sealed: string } => {
  const secret = `whsec_${s.random.bytes(SECRET_BYTES).toString('base64')}`;
  return { secret, sealed: s.keys.seal(secret, webhookSecretContext(id)) };
};

/** E0000006 for the session of a break-glass account: whoever is in as one must not see to it that nobody hears of it. */
const assertMayChange = async (s: Services, tx: Transaction, principal: Principal): Promise<void> => {
  await assertStillLive(s, tx, principal);
  if ('userId' in principal && (await isBreakGlass(tx, principal.userId))) throw refuse(['break-glass-alarms-stay']);
};

/** `GET /sallyport/v1/webhooks`. */
export const listWebhooks = async (s: Services, principal: Principal) => {
  assertSuperAdmin(principal);
  const rows = await s.store.read.selectFrom('webhooks').selectAll().orderBy('name').orderBy('id').execute();
  return Promise.all(rows.map((row) => present(s, s.store.read, row)));
};

/** `GET /sallyport/v1/webhooks/{id}`. */
export const getWebhook = async (s: Services, principal: Principal, id: string) => {
  assertSuperAdmin(principal);
  return present(s, s.store.read, await find(s.store.read, id));
};

/** `POST /sallyport/v1/webhooks`: the secret that its messages are signed with is in this answer alone. */
export const createWebhook = async (s: Services, principal: Principal, body: WebhookBody) => {
  assertSuperAdmin(principal);
  const now = s.clock.now();
  const id = newId(s.random, 'webhook');
  const { secret, sealed } = newSecret(s, id);
  const row: Webhook = {
    id,
    name: body.name,
    url: readUrl(s, body.url),
    status: body.status ?? 'ACTIVE',
    types: writeTypes(body.types ?? [ALARM_TYPE]),
    secretSealed: sealed,
    secretSetAt: now,
    oldSecretSealed: null,
    oldSecretEndsAt: null,
    createdAt: now,
    createdBy: authorOf(principal),
    lastUpdatedAt: now,
  };
  return s.store.transaction(async (tx) => {
    await assertMayChange(s, tx, principal);
    await assertNameIsFree(tx, row);
    const others = await tx.selectFrom('webhooks').select('id').execute();
    if (others.length >= WEBHOOKS_MAX) throw invalid('name', `There are at most ${WEBHOOKS_MAX} webhooks`);
    await tx.insertInto('webhooks').values(row).execute();
    await record(s, tx, principal, 'event_hook.created', row);
    return { ...(await present(s, tx, row)), secret };
  });
};

const change = async (
  s: Services,
  principal: Principal,
  id: string,
  columns: (before: Webhook) => Partial<Webhook>,
  debugData: Readonly<Record<string, string>>,
  ifMatch?: string,
) => {
  assertSuperAdmin(principal);
  return s.store.transaction(async (tx) => {
    await assertMayChange(s, tx, principal);
    const before = await find(tx, id);
    assertUnchanged(ifMatch, documentOf(before));
    const changed = { ...columns(before), lastUpdatedAt: s.clock.now() };
    const after = { ...before, ...changed };
    await assertNameIsFree(tx, after);
    await tx.updateTable('webhooks').set(changed).where('id', '=', id).execute();
    await record(s, tx, principal, 'event_hook.updated', after, debugData);
    return present(s, tx, after);
  });
};

/** `PUT /sallyport/v1/webhooks/{id}`: what is not named stays. 412 when `ifMatch` is the tag of another version. */
export const updateWebhook = (
  s: Services,
  principal: Principal,
  id: string,
  { name, url, status, types }: Partial<WebhookBody>,
  ifMatch?: string,
) =>
  change(
    s,
    principal,
    id,
    (before) => ({
      name: name ?? before.name,
      url: url === undefined ? before.url : readUrl(s, url),
      status: status ?? before.status,
      types: types === undefined ? before.types : writeTypes(types),
    }),
    { change: 'settings' },
    ifMatch,
  );

/**
 * `POST …/rotate`: a new secret, in this answer alone. Until the end of the overlap each message is signed with both, so
 * that its receiver changes over when it likes.
 */
export const rotateWebhook = async (
  s: Services,
  principal: Principal,
  id: string,
  { overlapHours }: { readonly overlapHours: number },
) => {
  const { secret, sealed } = newSecret(s, id);
  const now = s.clock.now();
  const shown = await change(
    s,
    principal,
    id,
    (before) => ({
      secretSealed: sealed,
      secretSetAt: now,
      oldSecretSealed: overlapHours === 0 ? null : before.secretSealed,
      oldSecretEndsAt: overlapHours === 0 ? null : now + overlapHours * 3_600_000,
    }),
    { change: 'secret-rotated', overlapHours: String(overlapHours) },
  );
  return { ...shown, secret };
};

/** `DELETE /sallyport/v1/webhooks/{id}`. What still waits for it is given up with it. */
export const deleteWebhook = async (s: Services, principal: Principal, id: string): Promise<void> => {
  assertSuperAdmin(principal);
  await s.store.transaction(async (tx) => {
    await assertMayChange(s, tx, principal);
    const row = await find(tx, id);
    await tx.deleteFrom('webhooks').where('id', '=', id).execute();
    await tx
      .updateTable('outbox')
      .set({ deadAt: s.clock.now(), lastError: GIVEN_UP_WITH_WEBHOOK })
      .where('sink', 'in', queuesOf(id))
      .where('deliveredAt', 'is', null)
      .where('deadAt', 'is', null)
      .execute();
    await record(s, tx, principal, 'event_hook.deleted', row);
  });
};

/**
 * `POST …/test`: a message of the type `test`, tried at once; nothing else that waits goes with it. What is answered is what
 * the outbox knows, not what was hoped for.
 */
export const testWebhook = async (s: Services, principal: Principal, id: string) => {
  assertSuperAdmin(principal);
  const { row, messageId } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const found = await find(tx, id);
    await record(s, tx, principal, 'event_hook.verified', found);
    const sent = await enqueueWebhook(s, tx, id, 'test', { sentence: 'This is a test. Nothing happened.' });
    return { row: found, messageId: sent };
  });
  await deliverOutbox(s, [createWebhookSink(s, id, testQueue(id))]);
  const entry = await s.store.read
    .selectFrom('outbox')
    .select(['deliveredAt', 'deadAt', 'lastError'])
    .where('sink', '=', testQueue(id))
    .where('payload', 'like', `%"id":"${messageId}"%`)
    .executeTakeFirst();
  const hasArrived = entry?.deliveredAt != null;
  return {
    hasArrived,
    error: entry?.lastError ?? null,
    /** Not where its receiver is gone for good, nor for as long as it is paused. */
    willRetry: !hasArrived && entry?.deadAt === null && row.status === 'ACTIVE',
  };
};
