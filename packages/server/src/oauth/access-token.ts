import type { Transaction } from '../ports/store.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';

/** Access tokens begin with it: no other secret can stand in for one, and scanners of leaked secrets know it. */
export const ACCESS_TOKEN_PREFIX = 'sp_oat_';

/** The access token of a secret, ended or not. */
export const accessTokenBySecret = async (db: Transaction, secret: string): Promise<Row<'accessTokens'> | undefined> =>
  secret.startsWith(ACCESS_TOKEN_PREFIX)
    ? db.selectFrom('accessTokens').selectAll().where('tokenHash', '=', tokenDigest(secret)).executeTakeFirst()
    : undefined;
