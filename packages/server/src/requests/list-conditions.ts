import { accessDurationInWords, writeAccessDuration } from '@sallyport/model/access-duration';
import { invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Transaction } from '../ports/store.ts';
import { assertHolds } from '../roles/guard-user.ts';
import { namesOf as namesOfKind } from '../roles/name-selectors.ts';
import type { Services } from '../services.ts';
import { settingsVersion } from '../settings/settings-version.ts';
import { CONSOLE_APP_NAME, namesOf } from './entitlements.ts';
import { type ConditionRow, conditionDocument, durationOf, kindOfResource, readConditions } from './read-conditions.ts';

const PERMISSION = 'okta.governance.accessRequests.manage';

/**
 * Requests that were made under each of these and could still give something: those that wait for a yes, and those that were
 * approved for later. They go on where it is switched off, and give nothing once it is gone.
 */
const openRequestsOf = async (
  db: Transaction,
  ids: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> => {
  const rows = await db
    .selectFrom('requests')
    .select((e) => ['conditionId', e.fn.countAll<number | string>().as('count')])
    .where('conditionId', 'in', [...ids, ''])
    .where((e) => e.or([e.and([e('outcome', 'is', null), e('decideBy', '>', now)]), e('grantStatus', '=', 'PENDING')]))
    .groupBy('conditionId')
    .execute();
  return new Map(rows.map(({ conditionId, count }) => [conditionId, Number(count)]));
};

/** How many conditions each of these resources has: the places that one can be moved to. */
const placesOf = async (db: Transaction, resourceIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const rows = await db
    .selectFrom('requestConditions')
    .select((e) => ['resourceId', e.fn.countAll<number | string>().as('count')])
    .where('resourceId', 'in', [...resourceIds, ''])
    .groupBy('resourceId')
    .execute();
  return new Map(rows.map(({ resourceId, count }) => [resourceId, Number(count)]));
};

/** Conditions with the names of all that they refer to, and what of it is gone. */
const describe = async (db: Transaction, rows: readonly ConditionRow[], now: number) => {
  const read = await readConditions(db, rows);
  const resourceIds = [...new Set(rows.map(({ resourceId }) => resourceId))];
  const consoleApp = await db
    .selectFrom('apps')
    .select('id')
    .where('name', '=', CONSOLE_APP_NAME)
    .where('id', 'in', [...resourceIds, ''])
    .executeTakeFirst();
  const groups = await namesOfKind(db, 'group', [
    ...resourceIds,
    ...read.flatMap(({ requesters }) => (requesters.kind === 'groups' ? requesters.ids : [])),
  ]);
  const apps = await namesOfKind(db, 'app', resourceIds);
  const given = await namesOf(
    db,
    read.flatMap(({ entitlements }) => entitlements),
  );
  const sequences = new Map(
    (await db.selectFrom('requestSequences').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]),
  );
  const open = await openRequestsOf(
    db,
    rows.map(({ id }) => id),
    now,
  );
  const places = await placesOf(db, resourceIds);
  return read.map((one, index) => {
    const row = rows[index] as ConditionRow;
    const resourceKind = kindOfResource(row.resourceId);
    const requesters =
      one.requesters.kind === 'everyone'
        ? null
        : one.requesters.ids.map((id) => ({ id, name: groups.get(id) ?? null }));
    const gives = one.entitlements.map(({ kind, id }) => ({ kind, id, name: given.get(id) ?? null }));
    const sequenceName = sequences.get(row.sequenceId) ?? null;
    const faults = [
      ...(gives.length === 0 || gives.some(({ name }) => name === null)
        ? ['Something that it gives was deleted, or is switched off.']
        : []),
      ...(requesters?.some(({ name }) => name === null) === true ? ['A group that may ask was deleted.'] : []),
      ...(sequenceName === null ? ['Nobody is left to say yes: its sequence was deleted.'] : []),
    ];
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      resource: {
        id: row.resourceId,
        kind: row.resourceId === consoleApp?.id ? 'console' : resourceKind,
        name: { group: groups, app: apps, 'service-account': given }[resourceKind].get(row.resourceId) ?? null,
      } as const,
      /** Null is everybody. */
      requesters,
      scope: (JSON.parse(row.scope) as { readonly type: string }).type,
      gives,
      duration:
        row.duration === null
          ? null
          : {
              kind: one.duration.kind,
              length: writeAccessDuration(one.duration.seconds),
              words: accessDurationInWords(one.duration.seconds),
            },
      /** What nothing is said about is given for so long. */
      longest: accessDurationInWords(durationOf(null).seconds),
      sequence: { id: row.sequenceId, name: sequenceName },
      ticket: row.ticket,
      // What refers to something that is gone lets nobody ask from that moment, whether or not it was written down.
      status: one.isWhole ? row.status : ('INVALID' as const),
      faults,
      priority: one.priority,
      places: places.get(row.resourceId) ?? 1,
      openRequests: open.get(row.id) ?? 0,
      lastUpdatedAt: toIso(row.lastUpdatedAt),
      version: settingsVersion(conditionDocument(row)),
    };
  });
};

/** `GET /sallyport/v1/request-conditions`: those of all resources, of each in the order in which they decide. */
export const listAllConditions = async (
  s: Services,
  principal: Principal,
  input: { readonly limit?: string | undefined; readonly after?: string | undefined },
) => {
  assertHolds(principal, PERMISSION);
  const limit = pageLimit(input.limit, 50, 200);
  const db = s.store.read;
  const { after } = input;
  let query = db
    .selectFrom('requestConditions')
    .selectAll()
    .orderBy('resourceId')
    .orderBy('priority')
    .orderBy('id')
    .limit(limit + 1);
  if (after !== undefined) {
    const last = await db
      .selectFrom('requestConditions')
      .select(['resourceId', 'priority'])
      .where('id', '=', after)
      .executeTakeFirst();
    if (last === undefined)
      throw invalid('after', 'the condition after which the page begins is gone; read the list anew');
    query = query.where((e) =>
      e.or([
        e('resourceId', '>', last.resourceId),
        e.and([e('resourceId', '=', last.resourceId), e('priority', '>', last.priority)]),
        e.and([e('resourceId', '=', last.resourceId), e('priority', '=', last.priority), e('id', '>', after)]),
      ]),
    );
  }
  const page = pageOf(await query.execute(), limit);
  return { conditions: await describe(db, page.shown, s.clock.now()), after: page.after };
};
