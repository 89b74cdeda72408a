import { approvalsOfSteps } from '@sallyport/decide/requests/request-progress';
import { readAccessDuration } from '@sallyport/model/access-duration';
import { invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { MAINTENANCE_APPROVALS, MAINTENANCE_SECONDS_MAX } from '@sallyport/model/grant';
import { isIdOf } from '@sallyport/model/ids';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { groupsWithRole } from '../roles/groups-with-role.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged } from '../settings/settings-version.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { CONSOLE_APP_NAME, namesOf } from './entitlements.ts';
import {
  type ConditionRow,
  conditionDocument,
  type DurationSettings,
  durationOf,
  entitlementsOf,
  kindOfResource,
  type RequesterSettings,
  readConditions,
  type ScopeSettings,
} from './read-conditions.ts';
import { stepsOf } from './store.ts';

const PERMISSION = 'okta.governance.accessRequests.manage';
const PER_RESOURCE_MAX = 200;

export interface ConditionBody {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly requesterSettings: RequesterSettings;
  readonly accessScopeSettings: ScopeSettings;
  readonly accessDurationSettings?: DurationSettings | null | undefined;
  readonly approvalSequenceId: string;
  readonly priority?: number | undefined;
  /** What the wire has no word for. */
  readonly sallyport?: { readonly ticket: 'REQUIRED' | 'OPTIONAL' } | undefined;
}

/** The wire of this part has no fractions of a second. */
const iso = (at: number): string => `${new Date(Number(at)).toISOString().slice(0, 19)}Z`;

const pathOf = ({ resourceId, id }: Pick<ConditionRow, 'resourceId' | 'id'>): string =>
  `/governance/api/v2/resources/${resourceId}/request-conditions/${id}`;

const present = async (s: Services, db: Transaction, rows: readonly ConditionRow[]) => {
  const read = new Map((await readConditions(db, rows)).map((one) => [one.id, one]));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    requesterSettings: JSON.parse(row.requesters) as RequesterSettings,
    accessScopeSettings: JSON.parse(row.scope) as ScopeSettings,
    ...(row.duration === null ? {} : { accessDurationSettings: JSON.parse(row.duration) as DurationSettings }),
    approvalSequenceId: row.sequenceId,
    sallyport: { ticket: row.ticket === 'required' ? ('REQUIRED' as const) : ('OPTIONAL' as const) },
    // Where something that it refers to is gone it is invalid from that moment, whether or not it was written down.
    status: read.get(row.id)?.isWhole === true ? row.status : ('INVALID' as const),
    priority: Number(row.priority),
    created: iso(row.createdAt),
    createdBy: row.createdBy,
    lastUpdated: iso(row.lastUpdatedAt),
    lastUpdatedBy: row.lastUpdatedBy,
    _links: { self: { href: `${s.config.publicUrl.origin}${pathOf(row)}`, hints: {} } },
  }));
};
const presentOne = async (s: Services, db: Transaction, row: ConditionRow) => (await present(s, db, [row]))[0];

const ofResource = (db: Transaction, resourceId: string): Promise<ConditionRow[]> =>
  db
    .selectFrom('requestConditions')
    .selectAll()
    .where('resourceId', '=', resourceId)
    .orderBy('priority')
    .orderBy('id')
    .execute();

const find = async (db: Transaction, resourceId: string, id: string): Promise<ConditionRow> => {
  const row = (await ofResource(db, resourceId)).find((one) => one.id === id);
  if (row === undefined) throw notFound(id, 'RequestCondition');
  return row;
};

/** E0000007 for a resource that is none: an app, a group, or a service account that is in use. */
const assertResource = async (db: Transaction, resourceId: string): Promise<{ readonly isConsole: boolean }> => {
  if (isIdOf('group', resourceId)) {
    const group = await db.selectFrom('groups').select('id').where('id', '=', resourceId).executeTakeFirst();
    if (group === undefined) throw notFound(resourceId, 'UserGroup');
    return { isConsole: false };
  }
  if (isIdOf('user', resourceId)) {
    if (!(await namesOf(db, [{ kind: 'service-account', id: resourceId }])).has(resourceId))
      throw notFound(resourceId, 'User');
    return { isConsole: false };
  }
  const app = await db.selectFrom('apps').select('name').where('id', '=', resourceId).executeTakeFirst();
  if (app === undefined) throw notFound(resourceId, 'AppInstance');
  return { isConsole: app.name === CONSOLE_APP_NAME };
};

type Columns = Pick<
  ConditionRow,
  'name' | 'description' | 'requesters' | 'scope' | 'duration' | 'sequenceId' | 'ticket'
>;

const columnsOf = async (tx: Transaction, resourceId: string, body: ConditionBody): Promise<Columns> => {
  const { isConsole } = await assertResource(tx, resourceId);
  const { requesterSettings, accessScopeSettings: scope, accessDurationSettings: duration } = body;
  if (requesterSettings.type === 'GROUPS') {
    const ids = [...new Set((requesterSettings.groups ?? []).map(({ id }) => id))];
    const found = await tx
      .selectFrom('groups')
      .select('id')
      .where('id', 'in', ['', ...ids])
      .execute();
    if (ids.length === 0 || found.length !== ids.length)
      throw invalid('requesterSettings', 'every group that may ask must exist, and there must be one');
  }
  if ((scope.type === 'ENTITLEMENT_BUNDLES') !== isConsole)
    throw invalid('accessScopeSettings', 'the Admin Console gives bundles of admin roles, and nothing else does');
  const isMaintenance = kindOfResource(resourceId) === 'service-account';
  if (isMaintenance && scope.type !== 'RESOURCE_DEFAULT')
    throw invalid('accessScopeSettings', 'a service account gives that somebody signs in as it, and nothing else');
  const entitlements = entitlementsOf(resourceId, scope);
  const named = await namesOf(tx, entitlements);
  if (entitlements.length === 0 || !entitlements.every(({ id }) => named.has(id)))
    throw invalid('accessScopeSettings', 'everything that can be asked for must exist, and there must be something');
  const powerful = await groupsWithRole(
    tx,
    entitlements.map(({ id }) => id),
  );
  if ((isConsole || isMaintenance || powerful.size > 0) && (duration === undefined || duration === null))
    throw invalid(
      'accessDurationSettings',
      'an admin role, or to sign in as a service account, is asked for a time: say for how long',
    );
  const text = duration?.type === 'ADMIN_FIXED_DURATION' ? duration.duration : duration?.maximumDuration;
  if (text !== undefined && readAccessDuration(text) === null)
    throw invalid('accessDurationSettings', 'must be an ISO 8601 duration between a minute and 365 days, such as PT8H');
  if (isMaintenance && durationOf(duration ?? null).seconds > MAINTENANCE_SECONDS_MAX)
    throw invalid('accessDurationSettings', 'somebody signs in as a service account for a day at most');
  const sequence = await tx
    .selectFrom('requestSequences')
    .select(['id', 'steps'])
    .where('id', '=', body.approvalSequenceId.toLowerCase())
    .executeTakeFirst();
  if (sequence === undefined) throw invalid('approvalSequenceId', 'there is no such sequence');
  if (isMaintenance && approvalsOfSteps(stepsOf(sequence)) < MAINTENANCE_APPROVALS)
    throw invalid('approvalSequenceId', 'to sign in as a service account takes two different people who say yes');
  return {
    name: body.name,
    description: body.description ?? null,
    requesters: JSON.stringify(requesterSettings),
    scope: JSON.stringify(scope),
    duration: duration === undefined || duration === null ? null : JSON.stringify(duration),
    sequenceId: sequence.id,
    ticket: body.sallyport?.ticket === 'REQUIRED' ? 'required' : 'optional',
  };
};

/** Priorities are 0, 1, 2 …: one is put at its place and the others move. */
const reorder = async (tx: Transaction, resourceId: string, id: string, priority: number): Promise<number> => {
  const others = (await ofResource(tx, resourceId)).filter((row) => row.id !== id);
  const at = Math.min(priority, others.length);
  const order = [...others.slice(0, at).map((row) => row.id), id, ...others.slice(at).map((row) => row.id)];
  for (const [index, one] of order.entries())
    await tx.updateTable('requestConditions').set({ priority: index }).where('id', '=', one).execute();
  return at;
};

/** In the log, what it was and what it is: it decides who may ask for power. */
export const recordCondition = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  eventType: EventType,
  row: ConditionRow,
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType,
    target: [
      {
        id: row.id,
        type: 'AccessRequestCondition',
        alternateId: row.resourceId,
        displayName: row.name,
        detailEntry: null,
      },
    ],
    debugData: {
      access_request_matched_condition_id: row.id,
      access_request_approval_sequence_id: row.sequenceId,
      requested_resource_id: row.resourceId,
      status: row.status,
      priority: String(row.priority),
      requesters: row.requesters,
      scope: row.scope,
      duration: row.duration ?? '',
      ticket: row.ticket,
    },
  });

/** `GET …/request-conditions`: highest priority first. */
export const listConditions = async (s: Services, principal: Principal, resourceId: string) => {
  assertHolds(principal, PERMISSION);
  await assertResource(s.store.read, resourceId);
  return {
    data: await present(s, s.store.read, await ofResource(s.store.read, resourceId)),
    _links: {
      self: { href: `${s.config.publicUrl.origin}/governance/api/v2/resources/${resourceId}/request-conditions` },
    },
  };
};

/** `GET …/request-conditions/{id}`. */
export const getCondition = async (s: Services, principal: Principal, resourceId: string, id: string) => {
  assertHolds(principal, PERMISSION);
  return presentOne(s, s.store.read, await find(s.store.read, resourceId, id));
};

/** A new condition, inactive, in the caller's transaction. */
export const makeCondition = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  resourceId: string,
  body: ConditionBody,
): Promise<ConditionRow> => {
  const columns = await columnsOf(tx, resourceId, body);
  const count = (await ofResource(tx, resourceId)).length;
  if (count >= PER_RESOURCE_MAX) throw invalid('name', `a resource has at most ${PER_RESOURCE_MAX} conditions`);
  const [now, by] = [s.clock.now(), authorOf(principal)];
  const row: ConditionRow = {
    id: newId(s.random, 'requestCondition'),
    resourceId,
    ...columns,
    status: 'INACTIVE',
    priority: count,
    createdAt: now,
    createdBy: by,
    lastUpdatedAt: now,
    lastUpdatedBy: by,
  };
  await tx.insertInto('requestConditions').values(row).execute();
  const made = { ...row, priority: await reorder(tx, resourceId, row.id, body.priority ?? count) };
  await recordCondition(s, tx, principal, 'access.request.condition.create', made);
  return made;
};

/** `POST …/request-conditions`: inactive, with the lowest priority unless one is said. Errors: E0000001, E0000006, E0000007. */
export const createCondition = async (s: Services, principal: Principal, resourceId: string, body: ConditionBody) => {
  assertHolds(principal, PERMISSION);
  return s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    return presentOne(s, tx, await makeCondition(s, tx, principal, resourceId, body));
  });
};

/** What is named of a condition changes, in the caller's transaction. */
export const changeCondition = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  before: ConditionRow,
  body: Partial<ConditionBody>,
): Promise<ConditionRow> => {
  const { id, resourceId } = before;
  const [shown] = await present(s, tx, [before]);
  const columns = await columnsOf(tx, resourceId, { ...(shown as ConditionBody), ...body });
  const priority = body.priority === undefined ? before.priority : await reorder(tx, resourceId, id, body.priority);
  const after: ConditionRow = {
    ...before,
    ...columns,
    priority,
    // Mended, and switched on again by whoever decides that; also where nobody wrote down yet that it was broken.
    status: shown?.status === 'INVALID' ? 'INACTIVE' : before.status,
    lastUpdatedAt: s.clock.now(),
    lastUpdatedBy: authorOf(principal),
  };
  await tx.updateTable('requestConditions').set(after).where('id', '=', id).execute();
  await recordCondition(s, tx, principal, 'access.request.condition.update', after);
  return after;
};

/**
 * `PATCH …/request-conditions/{id}`: what is named changes. Requests that were submitted keep what they were submitted under.
 * 412 when `ifMatch` is the tag of another version.
 */
export const updateCondition = async (
  s: Services,
  principal: Principal,
  resourceId: string,
  id: string,
  body: Partial<ConditionBody>,
  ifMatch?: string,
) => {
  assertHolds(principal, PERMISSION);
  return s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await find(tx, resourceId, id);
    assertUnchanged(ifMatch, conditionDocument(before));
    return presentOne(s, tx, await changeCondition(s, tx, principal, before, body));
  });
};

/** Switches a condition on or off, in the caller's transaction. E0000001 where something that it refers to is gone. */
export const switchCondition = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  before: ConditionRow,
  status: 'ACTIVE' | 'INACTIVE',
): Promise<ConditionRow> => {
  const [read] = await readConditions(tx, [before]);
  if (status === 'ACTIVE' && read?.isWhole !== true)
    throw invalid('status', 'something that the condition refers to is gone; change it first');
  const after: ConditionRow = {
    ...before,
    status,
    lastUpdatedAt: s.clock.now(),
    lastUpdatedBy: authorOf(principal),
  };
  await tx.updateTable('requestConditions').set(after).where('id', '=', before.id).execute();
  const verb = status === 'ACTIVE' ? 'activate' : 'deactivate';
  await recordCondition(s, tx, principal, `access.request.condition.${verb}`, after);
  return after;
};

/** `POST …/activate` and `…/deactivate`. A condition that is switched off leaves open requests alone. */
export const setConditionStatus = async (
  s: Services,
  principal: Principal,
  resourceId: string,
  id: string,
  status: 'ACTIVE' | 'INACTIVE',
) => {
  assertHolds(principal, PERMISSION);
  return s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    return presentOne(s, tx, await switchCondition(s, tx, principal, await find(tx, resourceId, id), status));
  });
};

/** `DELETE …/request-conditions/{id}`. Open requests that were made under it give nothing any more. */
export const deleteCondition = async (s: Services, principal: Principal, resourceId: string, id: string) => {
  assertHolds(principal, PERMISSION);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await find(tx, resourceId, id);
    await tx.deleteFrom('requestConditions').where('id', '=', id).execute();
    for (const [index, one] of (await ofResource(tx, resourceId)).entries())
      await tx.updateTable('requestConditions').set({ priority: index }).where('id', '=', one.id).execute();
    await recordCondition(s, tx, principal, 'access.request.condition.delete', row);
  });
};
