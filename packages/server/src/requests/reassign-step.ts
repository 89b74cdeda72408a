import type { Weakness } from '@sallyport/decide/requests/find-weaknesses';
import { judgeReassignment } from '@sallyport/decide/requests/judge-reassignment';
import type { RequestDecider } from '@sallyport/decide/requests/judge-request-decision';
import { invalid } from '@sallyport/model/errors';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { isBreakGlass } from '../break-glass/store.ts';
import { noteChange } from '../hints/note-change.ts';
import type { Transaction } from '../ports/store.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { explainSteps, OF_OTHERS } from './explain-steps.ts';
import { findVoter, NO_VOTER } from './find-voter.ts';
import { deciderOfUser, foundersOf, handOf } from './hands.ts';
import { mailApproversOf } from './mail-requests.ts';
import { recordRequest } from './record-request.ts';
import { refusedRequest } from './refuse-request.ts';
import { factsOf, findRequest, moveOn, type RequestRow } from './store.ts';

export interface ReassignStep {
  /** By id, or by login. */
  readonly assignees: readonly string[];
  /** The step that the caller saw waiting. */
  readonly step: number;
}

/** With these people the step could not be met. */
const UNMEETABLE: readonly Weakness['kind'][] = ['nobody-can', 'too-few', 'one-hand'];

const findAssignees = async (tx: Transaction, named: readonly string[], now: number) => {
  const people = new Map<string, { readonly login: string; readonly decider: RequestDecider }>();
  for (const one of named) {
    const user = await findVoter(tx, one);
    if (user === undefined) throw invalid('assignees', `${one}: ${NO_VOTER}`);
    people.set(user.id, { login: user.login, decider: await deciderOfUser(tx, user.id, now) });
  }
  return people;
};

const reassignIn = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: RequestRow,
  { assignees, step }: ReassignStep,
): Promise<void> => {
  if (await isOfServiceAccount(tx, principal)) throw refusedRequest('approver-not-a-person');
  const now = s.clock.now();
  const byId = authorOf(principal);
  const people = await findAssignees(tx, assignees, now);
  const before = await factsOf(tx, row, now);
  const verdict = judgeReassignment({
    ask: before,
    step,
    by: { hand: await handOf(tx, byId, now), isBreakGlass: await isBreakGlass(tx, byId) },
    to: [...people.values()].map(({ decider }) => decider),
    founders: await foundersOf(tx, now),
    now,
  });
  if (verdict.kind === 'deny') {
    const { reason, userId } = verdict;
    if (userId === null) throw refusedRequest(reason);
    throw invalid('assignees', `${people.get(userId)?.login ?? userId}: ${OF_OTHERS[reason] ?? sentenceOf(reason)}`);
  }
  const { weaknesses } = await explainSteps(tx, row, verdict.ask, now);
  const unmet = weaknesses.find((one) => one.step === step && UNMEETABLE.includes(one.kind));
  if (unmet !== undefined) throw invalid('assignees', unmet.sentence);
  await assertStillLive(s, tx, principal);
  const changed = { lastUpdatedAt: now, lastUpdatedBy: byId };
  // First of all, for it takes the row's lock: of this and somebody's yes at the same moment one comes first, and is seen.
  if (!(await moveOn(tx, row, changed))) throw refusedRequest('request-moved-on');
  const ids = [...people.keys()];
  await tx
    .updateTable('requestTasks')
    .set({ assignees: JSON.stringify(ids), reassignedBy: byId, reassignedAt: now })
    .where('requestId', '=', row.id)
    .where('step', '=', step)
    .execute();
  // It waits no more for whom it was given to before, who may not even see it any more.
  for (const id of before.reassigned[step]?.to ?? []) noteChange(s, 'person', id);
  const after = { ...row, ...changed, revision: Number(row.revision) + 1 };
  await recordRequest(s, tx, principal, 'access.request.update', after, {
    reassigned_step: String(step),
    reassigned_to: ids.join(','),
  });
  await mailApproversOf(s, tx, after, 'reassigned');
};

/**
 * Gives the open step of a request to people who are named, in place of those whom it names: whoever may is away, or cannot.
 * Errors: E0000001 with whom it cannot be given to and why, E0000006 with the reason, E0000007.
 */
export const reassignStep = async (s: Services, principal: Principal, id: string, input: ReassignStep) => {
  // The hand of whoever gives it is in the vote: a machine has none.
  if (principal.kind !== 'session') throw refusedRequest('session-needed');
  await s.store.transaction(async (tx) => reassignIn(s, tx, principal, await findRequest(tx, id), input));
};
