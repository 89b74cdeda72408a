import type {
  AccessRequestAnswer,
  AccessRequestDetailAnswer,
  RequestPersonAnswer,
  RequestStepAnswer,
} from '@sallyport/client/answers';
import type { Tone } from '../../ui/word.tsx';

export const REQUESTS = '/sallyport/v1/requests';

/** How a request stands, in words, with what became of it. */
export const statusWords = ({
  status,
  grant,
  approvalsGiven,
  approvalsNeeded,
}: AccessRequestAnswer): readonly [tone: Tone, words: string] => {
  if (status === 'PENDING') return ['warn', `waits, ${approvalsGiven} of ${approvalsNeeded} approvals`];
  if (status === 'DENIED') return ['bad', 'denied'];
  if (status === 'CANCELED') return ['quiet', 'taken back'];
  if (status === 'EXPIRED') return ['quiet', 'nobody decided in time'];
  if (grant?.status === 'FAILED') return ['bad', 'approved, not given'];
  return grant?.status === 'PENDING' ? ['good', 'approved, begins later'] : ['good', 'approved'];
};

/** As a page is called: what is no name begins with a capital. */
export const titleWords = ({ words, entitlement }: AccessRequestAnswer): string =>
  entitlement.kind === 'service-account' ? words.charAt(0).toUpperCase() + words.slice(1) : words;

/** Whom it is for, and who asked where that is somebody else. */
export const forWords = ({ requestedBy, requestedFor }: AccessRequestAnswer): string =>
  requestedBy.id === requestedFor.id ? requestedFor.name : `${requestedFor.name}, asked by ${requestedBy.name}`;

/** A name, and whose vote it is where they decide in somebody's stead. */
export const voterName = ({
  name,
  insteadOf,
}: Pick<RequestPersonAnswer, 'name'> & { readonly insteadOf: RequestPersonAnswer | null }): string =>
  insteadOf === null ? name : `${name} (in the stead of ${insteadOf.name})`;

export const namesOf = (people: RequestStepAnswer['able'], all: number): string => {
  if (all === 0) return 'nobody';
  const more = all - people.length;
  return `${people.map(voterName).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** Since when others may say yes to a step, too, where it had passed on before it was met or the request ended; else null. */
export const passedOnAt = (
  {
    steps,
    decisions,
    resolvedAt,
    decideBy,
  }: Pick<AccessRequestDetailAnswer, 'steps' | 'decisions' | 'resolvedAt' | 'decideBy'>,
  index: number,
): string | null => {
  const { escalation = null, count = 0, given = 0 } = steps[index] ?? {};
  if (escalation === null || escalation.at === null || !escalation.isNow) return null;
  const answers = decisions.filter(({ step }) => step === index).map(({ at }) => Date.parse(at));
  const isOver = given >= count && answers.length > 0;
  const until = isOver ? Math.max(...answers) : Math.min(Date.parse(resolvedAt ?? decideBy), Date.parse(decideBy));
  return Date.parse(escalation.at) < until ? escalation.at : null;
};

/** How many, with the word that fits: `1 permission`, `3 permissions`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
