import { judgeConsolePolicy } from '@sallyport/decide/policies/judge-console-policy';
import { ApiError } from '@sallyport/model/errors';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { consolePolicies, keepingAWayIn } from './ways-in.ts';

/**
 * Runs a change of policies, of whatever kind, and refuses it, undone with its transaction, when one factor would open the
 * Admin Console after it, or when it shuts out the last super admin able to sign in (design §4.13).
 */
export const keepingConsoleGuarded = async <T>(s: Services, tx: Transaction, change: () => Promise<T>): Promise<T> =>
  keepingAWayIn(s, tx, async () => {
    const result = await change();
    const policies = await consolePolicies(tx);
    if (policies === null) return result;
    const { verdict } = judgeConsolePolicy(policies.console);
    if (verdict.kind === 'deny')
      throw new ApiError('E0000001', {
        args: ['verificationMethod.factorMode'],
        causes: verdict.reasons.map(sentenceOf),
        detail: verdict.reasons.join(' '),
      });
    return result;
  });
