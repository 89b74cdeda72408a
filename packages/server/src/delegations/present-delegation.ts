import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import type { Transaction } from '../ports/store.ts';
import { personNamed } from '../requests/explain-steps.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

const person = (externalId: string) => ({ type: 'OKTA_USER' as const, externalId });

/** One as the wire has it. */
const presentWire = (row: Row<'delegations'>) => ({
  id: row.id,
  delegate: person(row.delegateId),
  startTime: toIso(Number(row.startsAt)),
  endTime: toIso(Number(row.endsAt)),
  ...(row.note === null ? {} : { note: row.note }),
  created: toIso(Number(row.createdAt)),
  createdBy: row.createdBy,
  lastUpdated: toIso(Number(row.createdAt)),
  lastUpdatedBy: row.createdBy,
});

/** What is over is nothing any more, also before somebody comes to write another (design §4.5). */
const current = (db: Transaction, now: number) =>
  db.selectFrom('delegations').selectAll().where('endsAt', '>', now).orderBy('id');

/** What is settled of somebody, as the wire has it. */
export const presentSettings = async (s: Services, userId: string) => {
  const rows = await current(s.store.read, s.clock.now()).where('delegatorId', '=', userId).execute();
  return { delegates: { appointments: rows.map(presentWire) } };
};

/** `GET /governance/api/v1/my/settings`. */
export const getMySettings = async (s: Services, principal: Principal) => {
  const { delegates } = await presentSettings(s, authorOf(principal));
  return { delegates: { ...delegates, permissions: ['READ', 'WRITE'] as const, onlyFor: [] } };
};

/** `GET /sallyport/v1/me/delegation`: both sides of it, with names. */
export const presentMine = async (s: Services, principal: Principal) => {
  const db = s.store.read;
  const now = s.clock.now();
  const me = authorOf(principal);
  const told = async (row: Row<'delegations'>) => ({
    delegator: await personNamed(db, row.delegatorId),
    delegate: await personNamed(db, row.delegateId),
    startsAt: toIso(Number(row.startsAt)),
    endsAt: toIso(Number(row.endsAt)),
    isActive: now >= Number(row.startsAt),
    note: row.note,
    namedBy: await personNamed(db, row.createdBy),
  });
  const [given] = await current(db, now).where('delegatorId', '=', me).execute();
  const received = [];
  for (const row of await current(db, now).where('delegateId', '=', me).limit(100).execute())
    received.push(await told(row));
  return { given: given === undefined ? null : await told(given), received };
};

/** `GET /governance/api/v1/delegates`, by id. E0000031 for a filter that is none. */
export const listDelegations = async (
  s: Services,
  input: { readonly filter?: string; readonly limit?: string; readonly after?: string },
) => {
  const limit = pageLimit(input.limit, 20, 200);
  let query = current(s.store.read, s.clock.now()).limit(limit + 1);
  for (const { value } of simpleFilter(input.filter, ['delegatorId'])) query = query.where('delegatorId', '=', value);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const { shown, after } = pageOf(await query.execute(), limit);
  const href = `${s.config.publicUrl.origin}/governance/api/v1/delegates`;
  const filter = input.filter === undefined ? '' : `&filter=${encodeURIComponent(input.filter)}`;
  return {
    data: shown.map((row) => ({ ...presentWire(row), delegator: person(row.delegatorId) })),
    _links: {
      self: { href },
      ...(after === null ? {} : { next: { href: `${href}?limit=${limit}&after=${after}${filter}` } }),
    },
  };
};
