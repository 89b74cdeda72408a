import { isGrantActive } from '@sallyport/decide/grants/is-grant-active';
import { grantsOf } from '@sallyport/decide/grants/standing-part';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { lastOfChain } from '../grants/last-of-chain.ts';
import type { Transaction } from '../ports/store.ts';
import { spendAuthorization } from '../protected-actions/spend-authorization.ts';
import { refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';

/**
 * E0000006 where something that the principal held for a while when the request came has ended since: what it was let in
 * by may be that. Whoever may do it without asks again. What was made longer has not ended.
 */
const assertGrantsLast = async (s: Services, tx: Transaction, principal: Principal): Promise<void> => {
  const ids = grantsOf(principal);
  if (ids.length === 0) return;
  const rows = await tx.selectFrom('grants').selectAll().where('id', 'in', ids).execute();
  if (rows.length !== ids.length) throw refuse(['grant-ended']);
  for (const row of rows) if (!isGrantActive(await lastOfChain(tx, row), s.clock.now())) throw refuse(['grant-ended']);
};

/** E0000011 unless the session or token of the principal, and its owner, still count; E0000006 where a grant ended. */
export const assertAlive = async (s: Services, tx: Transaction, principal: Principal): Promise<void> => {
  const gone = (detail: string): ApiError => new ApiError('E0000011', { detail });
  if (principal.kind === 'session') {
    const row = await tx
      .selectFrom('sessions')
      .select(['endedAt', 'endsAt', 'proofDueAt'])
      .where('id', '=', principal.sessionId)
      .executeTakeFirst();
    const now = s.clock.now();
    if (row === undefined || row.endedAt !== null || now >= row.endsAt) throw gone('the session ended meanwhile');
    if (row.proofDueAt !== null && now >= row.proofDueAt) throw gone('a proof of the session was not given in time');
  }
  if (principal.kind === 'token') {
    const row = await tx
      .selectFrom('apiTokens')
      .select(['revokedAt', 'expiresAt'])
      .where('id', '=', principal.tokenId)
      .executeTakeFirst();
    if (row === undefined || row.revokedAt !== null || s.clock.now() >= row.expiresAt)
      throw gone('the token ended meanwhile');
  }
  if (principal.kind === 'service-app') {
    const row = await tx
      .selectFrom('accessTokens')
      .innerJoin('apps', 'apps.id', 'accessTokens.appId')
      .select(['accessTokens.revokedAt', 'accessTokens.expiresAt', 'apps.status'])
      .where('accessTokens.id', '=', principal.tokenId)
      .executeTakeFirst();
    if (row === undefined || row.revokedAt !== null || s.clock.now() >= row.expiresAt || row.status !== 'ACTIVE')
      throw gone('the access token ended meanwhile');
  }
  if (principal.kind === 'session' || principal.kind === 'token') {
    const owner = await tx.selectFrom('users').select('status').where('id', '=', principal.userId).executeTakeFirst();
    if (owner?.status !== 'ACTIVE') throw gone('the owner is not active');
  }
  await assertGrantsLast(s, tx, principal);
};

/**
 * The principal once more, inside the transaction that is about to change something: a session that was ended between
 * the check and now changes nothing (design §4.3), and the proof of a protected action is used up here, once (§4.11).
 * E0000011 as for any session that is none; E0000092 when the proof does not count any more.
 */
export const assertStillLive = async (s: Services, tx: Transaction, principal: Principal): Promise<void> => {
  await assertAlive(s, tx, principal);
  await spendAuthorization(s, tx, principal);
};
