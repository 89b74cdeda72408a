import { readAccessDuration } from '@sallyport/model/access-duration';
import type { ApproverRule, AskedFacts, RequestStatus, SequenceStep } from '@sallyport/model/access-request';
import type { Instant } from '@sallyport/model/instant';

type Decided = Pick<AskedFacts, 'steps' | 'decisions'>;
type Named = Pick<AskedFacts, 'steps' | 'openedAt' | 'closedAt'>;

/** How many different people a whole sequence asks for. */
export const approvalsOfSteps = (steps: readonly Pick<SequenceStep, 'count'>[]): number =>
  steps.reduce((sum, { count }) => sum + count, 0);

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
  { outcome, decideBy }: Pick<AskedFacts, 'outcome' | 'decideBy'>,
  now: Instant,
): RequestStatus => outcome ?? (now >= decideBy ? 'EXPIRED' : 'PENDING');

/** Since when each step waits: the first since it was asked, any other since the last yes to the one before it. */
export const openingsOf = (
  steps: readonly SequenceStep[],
  decisions: readonly (AskedFacts['decisions'][number] & { readonly at: Instant })[],
  askedAt: Instant,
): readonly (Instant | null)[] =>
  steps.map((_, index) => {
    if (index === 0) return askedAt;
    const before = steps[index - 1];
    if (before === undefined || !isMet({ steps, decisions }, before, index - 1)) return null;
    return Math.max(...decisions.filter(({ step }) => step === index - 1).map(({ at }) => at));
  });

/** Until when each step waits: its last yes, or else the end of the request. */
export const closingsOf = (
  steps: readonly SequenceStep[],
  decisions: readonly (AskedFacts['decisions'][number] & { readonly at: Instant })[],
  endsAt: Instant,
): readonly Instant[] =>
  steps.map((step, index) =>
    isMet({ steps, decisions }, step, index)
      ? Math.max(...decisions.filter((one) => one.step === index).map(({ at }) => at))
      : endsAt,
  );

/** From when others may say yes to a step, too; null where nobody else ever does. */
export const escalatesAt = ({ steps, openedAt }: Named, index: number): Instant | null => {
  const { escalateAfter, escalateTo } = steps[index] ?? {};
  const [since, seconds] = [openedAt[index] ?? null, readAccessDuration(escalateAfter ?? '')];
  return since === null || seconds === null || escalateTo === undefined ? null : since + seconds * 1000;
};

/** Has a step passed on to others by an instant? While it waits, and by the clock: what nobody waits for passes on no more. */
export const hasPassedOn = (ask: Named, index: number, now: Instant): boolean => {
  const at = escalatesAt(ask, index);
  return at !== null && Math.min(now, ask.closedAt[index] ?? now) >= at;
};

/** Whom a step has passed on to by an instant, whether or not a job told them (design §4.5). */
export const passedOnTo = (ask: Named, index: number, now: Instant): readonly ApproverRule[] => {
  const { escalateTo } = ask.steps[index] ?? {};
  return escalateTo !== undefined && hasPassedOn(ask, index, now) ? [escalateTo] : [];
};

/** Whom a step names at an instant. */
export const rulesOfStep = (ask: Named, index: number, now: Instant): readonly ApproverRule[] => {
  const { approvers } = ask.steps[index] ?? {};
  return [...(approvers === undefined ? [] : [approvers]), ...passedOnTo(ask, index, now)];
};
