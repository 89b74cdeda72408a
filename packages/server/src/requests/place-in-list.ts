import { type Expression, expressionBuilder, type SqlBool } from 'kysely';
import type { Transaction } from '../ports/store.ts';
import type { Tables } from '../store/tables.ts';

/**
 * What stands after a request in a list that is newest first: told by the request itself, so that one which left the list
 * since the page before is still a place in it. After one that is none stands nothing.
 */
export const standsAfter = async (db: Transaction, id: string): Promise<Expression<SqlBool>> => {
  const last = await db.selectFrom('requests').select('createdAt').where('id', '=', id).executeTakeFirst();
  const createdAt = Number(last?.createdAt ?? 0);
  const e = expressionBuilder<Tables, 'requests'>();
  return e.or([
    e('requests.createdAt', '<', createdAt),
    e.and([e('requests.createdAt', '=', createdAt), e('requests.id', '<', id)]),
  ]);
};
