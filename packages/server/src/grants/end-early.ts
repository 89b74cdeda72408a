import { judgeGrantEnd } from '@sallyport/decide/grants/judge-grant-end';
import type { Principal } from '@sallyport/model/principal';
import { refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endChain, publishGrantEnd } from './end-grant.ts';
import { lastOfChain } from './last-of-chain.ts';
import { findGrant, getGrant } from './list-grants.ts';
import { tieTo } from './tie-to-grant.ts';

/**
 * `POST /sallyport/v1/grants/{id}/end`: by whoever answers for it, or a super admin. It counts from the next request on, at every
 * door. Of one that was made longer meanwhile it ends what it goes on in. Errors: E0000007; E0000006 for that of another,
 * and for one that has ended.
 */
export const endEarly = async (s: Services, principal: Principal, id: string) => {
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await lastOfChain(tx, await findGrant(tx, principal, id));
    const verdict = judgeGrantEnd(principal, await tieTo(tx, principal, row), row, s.clock.now());
    if (verdict.kind === 'deny') throw refuse(verdict.reasons);
    return endChain(s, tx, principal, row, verdict.as);
  });
  if (ended !== null) publishGrantEnd(s, ended);
  return getGrant(s, principal, id);
};
