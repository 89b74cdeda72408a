import type { RequestFacts, RequestStatus, SequenceStep } from '@sallyport/model/access-request';
import type { Instant } from '@sallyport/model/instant';

type Decided = Pick<RequestFacts, 'steps' | 'decisions'>;

/** Different accounts that said yes to a step. */
export const approvalsOf = ({ decisions }: Pick<Decided, 'decisions'>, step: number): number =>
  new Set(decisions.filter((one) => one.kind === 'approve' && one.step === step).map(({ hand }) => hand.userId)).size;

const isMet = (ask: Decided, { count }: SequenceStep, index: number): boolean =>
  count >= 1 && approvalsOf(ask, index) >= count;

/** The step that waits; null when all are met. Steps are strictly one after another. */
export const openStep = (ask: Decided): number | null => {
  const index = ask.steps.findIndex((step, at) => !isMet(ask, step, at));
  return index === -1 ? null : index;
};

/** What the decisions come to. One no ends it; a sequence without steps is never met. */
export const outcomeOfDecisions = (ask: Decided): 'APPROVED' | 'DENIED' | 'PENDING' => {
  if (ask.decisions.some(({ kind }) => kind === 'deny')) return 'DENIED';
  return ask.steps.length > 0 && openStep(ask) === null ? 'APPROVED' : 'PENDING';
};

/** How a request stands at an instant: what nobody answered has ended by itself (design §4.5). */
export const requestStatus = (
  { outcome, decideBy }: Pick<RequestFacts, 'outcome' | 'decideBy'>,
  now: Instant,
): RequestStatus => outcome ?? (now >= decideBy ? 'EXPIRED' : 'PENDING');
