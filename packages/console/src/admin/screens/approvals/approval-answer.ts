import type { ApprovalAnswer, InboxAnswer } from '@sallyport/client/answers';
import type { Tone } from '../../ui/word.tsx';

export const APPROVALS = '/sallyport/v1/approvals';

export const STATUS_WORDS: Readonly<Record<ApprovalAnswer['status'], readonly [tone: Tone, words: string]>> = {
  WAITING: ['warn', 'waits'],
  APPROVED: ['good', 'approved, not done yet'],
  DONE: ['good', 'approved and done'],
  DENIED: ['bad', 'denied'],
  CANCELLED: ['quiet', 'taken back'],
  EXPIRED: ['quiet', 'expired'],
};

/** Who asks, in one line. */
export const askedByWords = ({ kind, person, token, app }: InboxAnswer['askedBy']): string => {
  if (kind === 'service-app') return `service app ${app?.name ?? ''}`;
  return kind === 'token' ? `token ${token?.name ?? ''} of ${person?.name ?? ''}` : (person?.name ?? '');
};
