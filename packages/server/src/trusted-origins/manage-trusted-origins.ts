import { invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { sql } from 'kysely';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { spellingsOf } from './spellings-of.ts';

type ScopeType = 'CORS' | 'REDIRECT' | 'IFRAME_EMBED';
interface Scope {
  readonly type: ScopeType;
  readonly allowedOktaApps?: readonly string[] | undefined;
}
export interface TrustedOriginBody {
  readonly name: string;
  readonly origin: string;
  readonly scopes: readonly Scope[];
  readonly status?: 'ACTIVE' | 'INACTIVE' | undefined;
}
type Status = 'ACTIVE' | 'INACTIVE';

const present = (row: Row<'trustedOrigins'>, origin: string) => {
  const self = `${origin}/api/v1/trustedOrigins/${row.id}`;
  const verb = row.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    id: row.id,
    name: row.name,
    origin: row.origin,
    scopes: JSON.parse(row.scopes) as Scope[],
    status: row.status,
    created: toIso(row.createdAt),
    createdBy: row.createdBy,
    lastUpdated: toIso(row.lastUpdatedAt),
    lastUpdatedBy: row.lastUpdatedBy,
    _links: {
      self: { href: self, hints: { allow: ['GET', 'PUT', 'DELETE'] } },
      [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } },
    },
  };
};

const find = async (db: Transaction, id: string): Promise<Row<'trustedOrigins'>> => {
  const row = await db.selectFrom('trustedOrigins').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'TrustedOrigin');
  return row;
};

/**
 * As a browser writes it in `Origin` (RFC 6454 §6.2), for it is compared byte by byte. Clients also write the address of
 * the site, with a slash at its end: it is kept as they wrote it, and means the same.
 */
const readOrigin = (text: string): string => {
  const url = URL.parse(text);
  const isOrigin = url !== null && (text === url.origin || text === `${url.origin}/`);
  if (!isOrigin || !['http:', 'https:'].includes(url.protocol) || text.includes('*'))
    throw invalid(
      'origin',
      'must be a scheme and a host, like https://app.example.com, without a path or a placeholder',
    );
  return text;
};

const columnsOf = (body: TrustedOriginBody, before: Status) => {
  const types = body.scopes.map(({ type }) => type);
  if (new Set(types).size !== types.length) throw invalid('scopes', 'each type stands there once');
  return {
    name: body.name,
    origin: readOrigin(body.origin),
    scopes: JSON.stringify(body.scopes),
    status: body.status ?? before,
  };
};

const assertIsFree = async (
  tx: Transaction,
  row: Pick<Row<'trustedOrigins'>, 'id' | 'name' | 'origin'>,
): Promise<void> => {
  for (const field of ['name', 'origin'] as const) {
    const same = field === 'origin' ? spellingsOf(row.origin) : [row.name];
    const taken = await tx.selectFrom('trustedOrigins').select('id').where(field, 'in', same).executeTakeFirst();
    if (taken !== undefined && taken.id !== row.id)
      throw invalid(field, 'An object with this field already exists in the current organization');
  }
};

const record = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  eventType: EventType,
  row: Row<'trustedOrigins'>,
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType,
    target: [{ id: row.id, type: 'TrustedOrigin', alternateId: row.origin, displayName: row.name, detailEntry: null }],
    debugData: { origin: row.origin, status: row.status, scopes: row.scopes },
  });

const authorOf = (principal: Principal): string | null => ('userId' in principal ? principal.userId : null);

/** `GET /api/v1/trustedOrigins`. `q` is the beginning of a name or an origin. */
export const listTrustedOrigins = async (
  s: Services,
  input: { readonly q?: string; readonly filter?: string; readonly limit?: string; readonly after?: string },
) => {
  const limit = pageLimit(input.limit, 20, 200);
  let query = s.store.read
    .selectFrom('trustedOrigins')
    .selectAll()
    .orderBy('id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const q = input.q?.trim().toLowerCase() ?? '';
  if (q !== '') {
    const like = `${q.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where((e) =>
      e.or(
        (['name', 'origin'] as const).map((column) => sql<boolean>`lower(${e.ref(column)}) like ${like} escape '\\'`),
      ),
    );
  }
  for (const { field, op, value } of simpleFilter(input.filter, ['name', 'origin', 'status', 'type'])) {
    const column = field as 'name' | 'origin' | 'status';
    const start = `${value.replace(/[\\%_]/g, '\\$&')}%`;
    if (field === 'type') query = query.where('scopes', 'like', `%"type":"${value.replace(/[^A-Z_]/g, '')}"%`);
    else if (op === 'sw') query = query.where((e) => sql<boolean>`${e.ref(column)} like ${start} escape '\\'`);
    else query = query.where(column, '=', value);
  }
  const { shown, after } = pageOf(await query.execute(), limit);
  return { origins: shown.map((row) => present(row, s.config.publicUrl.origin)), after };
};

export const getTrustedOrigin = async (s: Services, id: string) =>
  present(await find(s.store.read, id), s.config.publicUrl.origin);

/** `POST /api/v1/trustedOrigins`. */
export const createTrustedOrigin = async (s: Services, principal: Principal, body: TrustedOriginBody) => {
  assertHolds(principal, 'okta.trustedOrigins.manage');
  const now = s.clock.now();
  const by = authorOf(principal);
  const row: Row<'trustedOrigins'> = {
    id: newId(s.random, 'trustedOrigin'),
    ...columnsOf(body, 'ACTIVE'),
    createdAt: now,
    createdBy: by,
    lastUpdatedAt: now,
    lastUpdatedBy: by,
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertIsFree(tx, row);
    await tx.insertInto('trustedOrigins').values(row).execute();
    await record(s, tx, principal, 'security.trusted_origin.create', row);
  });
  return present(row, s.config.publicUrl.origin);
};

const change = async (
  s: Services,
  principal: Principal,
  id: string,
  eventType: EventType,
  columns: (before: Row<'trustedOrigins'>) => Partial<ReturnType<typeof columnsOf>>,
) => {
  assertHolds(principal, 'okta.trustedOrigins.manage');
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await find(tx, id);
    const changed = { ...columns(before), lastUpdatedAt: s.clock.now(), lastUpdatedBy: authorOf(principal) };
    const after = { ...before, ...changed };
    await assertIsFree(tx, after);
    await tx.updateTable('trustedOrigins').set(changed).where('id', '=', id).execute();
    await record(s, tx, principal, eventType, after);
    return after;
  });
  return present(row, s.config.publicUrl.origin);
};

/** `PUT /api/v1/trustedOrigins/{id}`. */
export const replaceTrustedOrigin = (s: Services, principal: Principal, id: string, body: TrustedOriginBody) =>
  change(s, principal, id, 'security.trusted_origin.update', (before) => columnsOf(body, before.status as Status));

/** `POST …/lifecycle/activate` and `…/deactivate`. It counts from the next request on, on every node. */
export const setTrustedOriginStatus = (s: Services, principal: Principal, id: string, status: Status) =>
  change(
    s,
    principal,
    id,
    status === 'ACTIVE' ? 'security.trusted_origin.activate' : 'security.trusted_origin.deactivate',
    () => ({ status }),
  );

/** `DELETE /api/v1/trustedOrigins/{id}`. */
export const deleteTrustedOrigin = async (s: Services, principal: Principal, id: string): Promise<void> => {
  assertHolds(principal, 'okta.trustedOrigins.manage');
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await find(tx, id);
    await tx.deleteFrom('trustedOrigins').where('id', '=', id).execute();
    await record(s, tx, principal, 'security.trusted_origin.delete', row);
  });
};
