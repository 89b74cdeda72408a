import type { AccessRequestAnswer, RequestPersonAnswer } from '@sallyport/client/answers';
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

/** Whom it is for, and who asked where that is somebody else. */
export const forWords = ({ requestedBy, requestedFor }: AccessRequestAnswer): string =>
  requestedBy.id === requestedFor.id ? requestedFor.name : `${requestedFor.name}, asked by ${requestedBy.name}`;

export const namesOf = (people: readonly RequestPersonAnswer[], all: number): string => {
  if (all === 0) return 'nobody';
  const more = all - people.length;
  return `${people.map(({ name }) => name).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** How many, with the word that fits: `1 permission`, `3 permissions`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
