import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { dateOf, filterOf, wordsOf } from '../system-log/log-search.ts';
import { recordEvent } from '../system-log/record-event.ts';

export interface SavedQueryBody {
  readonly name: string;
  readonly isShared: boolean;
  readonly search: {
    readonly filter?: string | undefined;
    readonly q?: string | undefined;
    readonly lastSeconds?: number | undefined;
    readonly since?: string | undefined;
    readonly until?: string | undefined;
  };
}
type SavedQuery = Row<'savedQueries'>;

const MINE_MAX = 100;

const fold = (name: string): string => name.normalize('NFC').toLowerCase();

/** A query that cannot be asked is not kept. */
const check = ({ search }: SavedQueryBody): void => {
  filterOf(search.filter);
  wordsOf(search.q);
  if (search.since !== undefined) dateOf('since', search.since);
  if (search.until !== undefined) dateOf('until', search.until);
};

const present = (row: SavedQuery, me: string, owner: string | null) => ({
  id: row.id,
  name: row.name,
  isShared: row.isShared === 1,
  isMine: row.ownerId === me,
  owner,
  search: JSON.parse(row.search) as unknown,
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
});

/** One name is one query, among those of a person and among those of the team. */
const assertUnique = async (tx: Transaction, row: SavedQuery): Promise<void> => {
  const other = await tx
    .selectFrom('savedQueries')
    .select('id')
    .where('nameFolded', '=', row.nameFolded)
    .where('id', '!=', row.id)
    .where((e) =>
      row.isShared === 1 ? e('isShared', '=', 1) : e.and([e('isShared', '=', 0), e('ownerId', '=', row.ownerId)]),
    )
    .executeTakeFirst();
  if (other !== undefined) throw invalid('name', 'A query of this name is there already');
};

const record = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: SavedQuery,
  change: { readonly from: Record<string, unknown>; readonly to: Record<string, unknown> },
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType: 'sallyport.log.saved_query.update',
    target: [
      {
        id: row.id,
        type: 'SavedQuery',
        alternateId: row.name,
        displayName: row.name,
        detailEntry: { isShared: row.isShared === 1 },
        changeDetails: change,
      },
    ],
  });

const stateOf = (row: SavedQuery): Record<string, unknown> => ({
  name: row.name,
  isShared: row.isShared === 1,
  search: row.search,
});

/** `GET /sallyport/v1/logs/saved`: mine first, then the team's, by name. */
export const listSavedQueries = async (s: Services, principal: Principal) => {
  const me = authorOf(principal);
  const rows = await s.store.read
    .selectFrom('savedQueries')
    .leftJoin('users', 'users.id', 'savedQueries.ownerId')
    .selectAll('savedQueries')
    .select('users.login as owner')
    .where((e) => e.or([e('isShared', '=', 1), e('ownerId', '=', me)]))
    .orderBy('nameFolded')
    .execute();
  return rows.map((row) => present(row, me, row.owner)).toSorted((a, b) => Number(b.isMine) - Number(a.isMine));
};

/** `POST …`. E0000001 for a query that cannot be asked, a name that is taken, or more than a person may keep. */
export const createSavedQuery = async (s: Services, principal: Principal, body: SavedQueryBody) => {
  check(body);
  const me = authorOf(principal);
  const now = s.clock.now();
  const row: SavedQuery = {
    id: newId(s.random, 'savedQuery'),
    ownerId: me,
    name: body.name,
    nameFolded: fold(body.name),
    isShared: body.isShared ? 1 : 0,
    search: JSON.stringify(body.search),
    createdAt: now,
    lastUpdatedAt: now,
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const mine = await tx
      .selectFrom('savedQueries')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('ownerId', '=', me)
      .executeTakeFirstOrThrow();
    if (Number(mine.count) >= MINE_MAX) throw invalid('name', `You may keep ${MINE_MAX} queries; delete one first`);
    await assertUnique(tx, row);
    await tx.insertInto('savedQueries').values(row).execute();
    await record(s, tx, principal, row, { from: {}, to: stateOf(row) });
  });
  return present(row, me, null);
};

/** The query, if this person may know of it; another's own is not there for them. */
const findVisible = async (tx: Transaction, id: string, me: string): Promise<SavedQuery> => {
  const row = await tx.selectFrom('savedQueries').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || (row.isShared === 0 && row.ownerId !== me)) throw notFound(id, 'SavedQuery');
  return row;
};

/** `PUT …/{id}`: its owner only. */
export const replaceSavedQuery = async (s: Services, principal: Principal, id: string, body: SavedQueryBody) => {
  check(body);
  const me = authorOf(principal);
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findVisible(tx, id, me);
    if (before.ownerId !== me) throw new ApiError('E0000006', { causes: ['Only its owner changes a saved query.'] });
    const after: SavedQuery = {
      ...before,
      name: body.name,
      nameFolded: fold(body.name),
      isShared: body.isShared ? 1 : 0,
      search: JSON.stringify(body.search),
      lastUpdatedAt: s.clock.now(),
    };
    await assertUnique(tx, after);
    const { id: _id, ...values } = after;
    await tx.updateTable('savedQueries').set(values).where('id', '=', id).execute();
    await record(s, tx, principal, after, { from: stateOf(before), to: stateOf(after) });
    return after;
  });
  return present(row, me, null);
};

/** `DELETE …/{id}`: its owner, and for the team's a super admin, so that none outlives whoever could remove it. */
export const deleteSavedQuery = async (s: Services, principal: Principal, id: string): Promise<void> => {
  const me = authorOf(principal);
  const isSuper = principal.kind !== 'anonymous' && 'roles' in principal && principal.roles.includes('SUPER_ADMIN');
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findVisible(tx, id, me);
    if (row.ownerId !== me && !isSuper)
      throw new ApiError('E0000006', { causes: ['Only its owner, or a super administrator, deletes a saved query.'] });
    await tx.deleteFrom('savedQueries').where('id', '=', id).execute();
    await record(s, tx, principal, row, { from: stateOf(row), to: {} });
  });
};
