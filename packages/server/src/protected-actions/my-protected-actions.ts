import { judgeProtectedAction } from '@sallyport/decide/protected-actions/judge-protected-action';
import { settingFor } from '@sallyport/decide/protected-actions/setting-of';
import { isCaller, type Principal } from '@sallyport/model/principal';
import { ACTION_NAMES, type ActionName, AGE_MINUTES_MAX, actionRow, wordsOf } from '@sallyport/model/protected-actions';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import { askerOf, callerFacts } from './authorize-action.ts';

/** What one action would ask of the caller, were it done now. */
export interface MyProtectedAction {
  readonly words: string;
  readonly group: string;
  readonly asks: 'nothing' | 'proof' | 'approval' | 'impossible';
  readonly needsApproval: boolean;
  readonly reason: Reason;
  readonly sentence: string;
}

const ASKS = { allow: 'nothing', proof: 'proof', approval: 'approval', deny: 'impossible' } as const;

/**
 * `GET /sallyport/v1/me/protected-actions`: before a long form is opened, and beside a button before it is pressed, what
 * each action will ask, and whether the caller can give it at all.
 */
export const myProtectedActions = async (s: Services, principal: Principal) => {
  if (!isCaller(principal)) return { actions: {} };
  const document = await s.settings.read(s.store.read, 'protectedActions');
  const now = s.clock.now();
  const facts = await callerFacts(s, principal, AGE_MINUTES_MAX);
  const entries: [ActionName, MyProtectedAction][] = [];
  for (const action of ACTION_NAMES) {
    const setting = settingFor(document, action, principal);
    const verdict = judgeProtectedAction({ action, setting, asker: askerOf(facts, setting), now });
    const reason = verdict.reasons[0] ?? 'action-not-protected';
    entries.push([
      action,
      {
        words: wordsOf(action, '…'),
        group: actionRow(action).group,
        asks: ASKS[verdict.kind],
        needsApproval: setting.isOn && setting.needsApproval,
        reason,
        sentence: sentenceOf(reason),
      },
    ]);
  }
  return { actions: Object.fromEntries(entries) };
};
