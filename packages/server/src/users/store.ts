import { notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { type ExpressionBuilder, sql } from 'kysely';
import { simpleFilter } from '../http/simple-filter.ts';
import type { Transaction } from '../ports/store.ts';
import { whereAllowed, whereAttributeIsVisible } from '../roles/scope-to-sql.ts';
import type { Row, Tables } from '../store/tables.ts';

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

const FIELDS = ['id', 'status', 'profile.login', 'profile.email', 'profile.firstName', 'profile.lastName'];

/** The start of a text value in the profile document, ready for LIKE. */
const profileLike = (key: string, value: string, isWhole: boolean): string => {
  const json = JSON.stringify({ [key]: value.toLowerCase() }).slice(1, isWhole ? -1 : -2);
  return `%${json.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
};
/** Does a text value of the profile begin with, or equal, this? */
export const inProfile = (key: string, value: string, isWhole: boolean) =>
  sql<boolean>`lower(${sql.ref('users.profile')}) like ${profileLike(key, value, isWhole)} escape '\\'`;

/** Each word begins the login, the mail address or a name. */
export const isUserWithWords = (words: readonly string[]) => (e: ExpressionBuilder<Tables, 'users'>) =>
  e.and(
    words.map((word) =>
      e.or(['login', 'email', 'firstName', 'lastName', 'displayName'].map((key) => inProfile(key, word, false))),
    ),
  );

export interface UserQuery {
  readonly q?: string | undefined;
  readonly search?: string | undefined;
  readonly filter?: string | undefined;
  readonly after?: string | undefined;
}

/**
 * A page of the users whom the principal may see, in the order of their ids. Deactivated ones only when asked for by
 * status, as clients expect. An attribute finds those of whom the principal may see it.
 */
export const listUserRows = (
  db: Transaction,
  principal: Principal,
  { q, search, filter, after }: UserQuery,
  limit: number,
): Promise<Row<'users'>[]> => {
  let query = db
    .selectFrom('users')
    .selectAll()
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .orderBy('id')
    .limit(limit);
  const visible = (attribute: string, value: string, isWhole: boolean) => (e: ExpressionBuilder<Tables, 'users'>) =>
    e.and([whereAttributeIsVisible(principal, attribute), inProfile(attribute, value, isWhole)]);
  if (after !== undefined) query = query.where('id', '>', after);
  const clauses = simpleFilter(filter ?? search, FIELDS);
  if (!clauses.some((clause) => clause.field === 'status' || clause.field === 'id'))
    query = query.where('status', '!=', 'DEPROVISIONED');
  for (const { field, op, value } of clauses) {
    if (field === 'status' && value === 'LOCKED_OUT')
      query = query.where('status', '=', 'ACTIVE').where('passwordLockedAt', 'is not', null);
    else if (field === 'status' && value === 'PASSWORD_EXPIRED')
      query = query.where('status', '=', 'ACTIVE').where('passwordState', '=', 'EXPIRED');
    else if (field === 'status' && value === 'RECOVERY')
      query = query.where((e) =>
        e.or([e('status', '=', 'RECOVERY'), e.and([e('status', '=', 'ACTIVE'), e('passwordState', '=', 'RECOVERY')])]),
      );
    else if (field === 'status' || field === 'id') query = query.where(field, '=', value);
    else query = query.where(visible(field.slice('profile.'.length), value, op === 'eq'));
  }
  if (q !== undefined && q !== '')
    query = query.where((e) =>
      e.or(['login', 'email', 'firstName', 'lastName'].map((key) => visible(key, q, false)(e))),
    );
  return query.execute();
};
