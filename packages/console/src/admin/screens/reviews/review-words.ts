import type { ReviewCampaignAnswer, ReviewItemAnswer } from '@sallyport/client/answers';
import type { Tone } from '../../ui/word.tsx';

export const REVIEWS = '/sallyport/v1/campaigns';
export const CAMPAIGNS = '/governance/api/v1/campaigns';

export const STATUS_WORDS: Readonly<Record<ReviewCampaignAnswer['status'], readonly [tone: Tone, words: string]>> = {
  SCHEDULED: ['info', 'planned'],
  ACTIVE: ['warn', 'running'],
  COMPLETED: ['quiet', 'ended'],
};

/** What came of an item, in a word. */
export const resultOf = ({
  decision,
  isUnanswered,
  restoredAt,
  remediation,
}: ReviewItemAnswer): readonly [tone: Tone, words: string] => {
  if (restoredAt !== null) return ['info', 'given back'];
  if (remediation.status === 'ERROR') return ['bad', 'not taken'];
  if (remediation.status === 'MANUAL') return ['warn', 'to be done by hand'];
  if (remediation.status === 'SUCCESS') return ['bad', isUnanswered ? 'no answer, taken' : 'revoked, taken'];
  if (decision === 'APPROVE') return ['good', 'kept'];
  if (decision === 'REVOKE') return ['bad', 'revoked'];
  return isUnanswered ? ['quiet', 'no answer'] : ['warn', 'not decided'];
};

export const decidedOf = ({ counts }: ReviewCampaignAnswer): number =>
  counts.approved + counts.revoked + counts.unanswered;

/** What somebody asked for before, in a line. */
export const requestWords = ({ asked, given, forThis }: NonNullable<ReviewItemAnswer['requests']>): string =>
  `asked for access ${asked === 1 ? 'once' : `${asked} times`} in 90 days, ${given} given${forThis === 0 ? '' : `; ${forThis} for this`}`;
