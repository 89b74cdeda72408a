import type { FilterClause } from '@sallyport/decide/filter/filter';
import { short } from '@sallyport/decide/filter/parse-expression';
import { type ProfileTypes, USER_FILTER, userAttribute, userSearch } from '@sallyport/decide/users/user-language';
import { invalid, notFound } from '@sallyport/model/errors';
import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { type ExpressionBuilder, sql } from 'kysely';
import type { membersAt } from '../grants/active-grants.ts';
import { pageOf } from '../http/page-of.ts';
import { readExpression } from '../http/read-expression.ts';
import type { Transaction } from '../ports/store.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import { expressionToSql, type Layout, type SqlDialect } from '../store/expression-to-sql.ts';
import { sortedPage } from '../store/sorted-page.ts';
import type { Row, Tables } from '../store/tables.ts';
import { userColumnOf, userLayout } from './user-layout.ts';

/** By id or login; E0000007 otherwise. */
export const findUser = async (db: Transaction, idOrLogin: string): Promise<Row<'users'>> => {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where((e) => e.or([e('id', '=', idOrLogin), e('loginFolded', '=', idOrLogin.toLowerCase())]))
    .executeTakeFirst();
  if (row === undefined) throw notFound(idOrLogin, 'User');
  return row;
};

/** The one person whose login begins so before the at sign; nobody where there are several. Only to read: it may change. */
export const findByShortName = async (
  db: Transaction,
  dialect: SqlDialect,
  name: string,
): Promise<Row<'users'> | undefined> => {
  const attribute = userAttribute('profile.login', new Map());
  if (attribute === null || name === '' || name.includes('@')) return undefined;
  const where = expressionToSql(
    { kind: 'compare', attribute, op: 'sw', value: `${name}@` },
    // A login is the same at any time.
    { document: sql.ref('users.profile'), columnOf: userColumnOf(dialect, 0) },
    dialect,
  );
  const [found, ...others] = await db.selectFrom('users').selectAll().where(where).limit(2).execute();
  return others.length === 0 ? found : undefined;
};

/** The start of a text value in the profile document, ready for LIKE. */
const profileLike = (key: string, value: string): string => {
  const json = JSON.stringify({ [key]: value.toLowerCase() }).slice(1, -2);
  return `%${json.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
};
/** Does a text value of the profile begin with this? */
export const inProfile = (key: string, value: string) =>
  sql<boolean>`lower(${sql.ref('users.profile')}) like ${profileLike(key, value)} escape '\\'`;

/** Each word begins the login, the mail address or a name. */
export const isUserWithWords = (words: readonly string[]) => (e: ExpressionBuilder<Tables, 'users'>) =>
  e.and(
    words.map((word) =>
      e.or(['login', 'email', 'firstName', 'lastName', 'displayName'].map((key) => inProfile(key, word))),
    ),
  );

export interface UserQuery {
  readonly q?: string | undefined;
  readonly search?: string | undefined;
  readonly filter?: string | undefined;
  readonly sortBy?: string | undefined;
  readonly sortOrder?: string | undefined;
  readonly after?: string | undefined;
  /** These people alone, the deactivated among them: the members of a group. */
  readonly members?: ReturnType<typeof membersAt> | undefined;
}

/**
 * A page of the users whom the principal may see, and where the next one begins. Deactivated ones only when a search or
 * a filter asks, as clients expect. An attribute finds and orders those of whom the principal may see it.
 * Errors: E0000031 a search or filter; E0000001 a cursor or an order that is none.
 */
export const listUserRows = async (
  db: Transaction,
  dialect: SqlDialect,
  principal: Principal,
  types: ProfileTypes,
  { q, search, filter, sortBy, sortOrder, after, members, now }: UserQuery & { readonly now: Instant },
  limit: number,
): Promise<{ readonly shown: readonly Row<'users'>[]; readonly after: string | null }> => {
  const layout = userLayout(principal, dialect, now);
  const order = sortBy === undefined || sortBy === '' ? null : sortBy;
  let query = db
    .selectFrom('users')
    .selectAll()
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .limit(limit + 1);
  for (const expression of [readExpression(search, userSearch(types)), readExpression(filter, USER_FILTER)])
    if (expression !== null) query = query.where(expressionToSql(expression, layout, dialect));
  if (members !== undefined) query = query.where('users.id', 'in', members);
  else if (search === undefined && filter === undefined) query = query.where('status', '!=', 'DEPROVISIONED');
  if (q !== undefined && q !== '') query = query.where(beginsWith(q, types, layout, dialect));
  if (order === null) {
    if (after !== undefined) query = query.where('users.id', '>', after);
    return pageOf(await query.orderBy('users.id').execute(), limit);
  }
  const attribute = userAttribute(order, types);
  if (attribute === null || attribute.each !== null) throw invalid('sortBy', `cannot be ${short(order)}`);
  return sortedPage(query, { attribute, layout, id: 'users.id', direction: sortOrder, after, limit, dialect });
};

/** A word that begins the login, the mail address or a name. */
const beginsWith = (q: string, types: ProfileTypes, layout: Layout, dialect: SqlDialect) => {
  const of = ['login', 'email', 'firstName', 'lastName'].flatMap((key): FilterClause[] => {
    const attribute = userAttribute(`profile.${key}`, types);
    return attribute === null ? [] : [{ kind: 'compare', attribute, op: 'sw', value: q }];
  });
  return expressionToSql({ kind: 'or', of }, layout, dialect);
};
