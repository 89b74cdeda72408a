import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { publishEnded } from '../sessions/end-sessions.ts';
import { keepingConsoleGuarded } from './keep-console-guarded.ts';
import { CHANGED, keepingVersions, type Origin } from './policy-versions.ts';
import { holdingProvisional, returnIfDue } from './provisional-change.ts';

/**
 * One change of policies, rules or mappings: guarded, in one transaction, its versions kept, and judged by from the moment
 * it is committed. One that a session makes of what admits administrators waits to be confirmed meanwhile.
 */
export const changePolicies = async <T>(
  s: Services,
  principal: Principal,
  change: (tx: Transaction) => Promise<T>,
  origin: Origin = CHANGED,
): Promise<T> => {
  const done = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const ended = await returnIfDue(s, tx);
    const result = await keepingVersions(s, tx, principal, origin, () =>
      holdingProvisional(s, tx, principal, () => keepingConsoleGuarded(s, tx, () => change(tx))),
    );
    return { result, ended };
  });
  await s.policies.reload();
  publishEnded(s, done.ended, 'policy-returned');
  return done.result;
};
