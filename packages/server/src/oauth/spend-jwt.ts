import { hash } from 'node:crypto';
import type { Transaction } from '../ports/store.ts';

/**
 * Uses up the id of an assertion or a proof: true for whoever comes first, on whichever node. Kept until the JWT could
 * not be used anyway.
 */
export const spendJwt = async (
  tx: Transaction,
  kind: 'assertion' | 'dpop',
  owner: string,
  jti: string,
  expiresAt: number,
): Promise<boolean> => {
  const result = await tx
    .insertInto('usedJwts')
    .values({ idHash: hash('sha256', `${kind}\0${owner}\0${jti}`, 'base64url'), expiresAt: Math.ceil(expiresAt) })
    .onConflict((c) => c.column('idHash').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
};
