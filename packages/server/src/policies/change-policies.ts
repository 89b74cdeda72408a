import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { keepingConsoleGuarded } from './keep-console-guarded.ts';

/** One change of policies, rules or mappings: guarded, in one transaction, and judged by from the moment it is committed. */
export const changePolicies = async <T>(
  s: Services,
  principal: Principal,
  change: (tx: Transaction) => Promise<T>,
): Promise<T> => {
  const result = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    return keepingConsoleGuarded(s, tx, () => change(tx));
  });
  await s.policies.reload();
  return result;
};
