import type { RequestConditionAnswer } from '@sallyport/client/answers';
import type { Tone } from '../../ui/word.tsx';

export type Condition = RequestConditionAnswer;

export const CONDITIONS = '/sallyport/v1/request-conditions';

/** Where conditions of a resource are made. */
export const conditionsOf = (resourceId: string): string =>
  `/governance/api/v2/resources/${encodeURIComponent(resourceId)}/request-conditions`;
export const pathOf = ({ resource, id }: Pick<Condition, 'resource' | 'id'>): string =>
  `${conditionsOf(resource.id)}/${encodeURIComponent(id)}`;

export const STATUS_WORDS: Readonly<Record<Condition['status'], readonly [tone: Tone, words: string]>> = {
  ACTIVE: ['good', 'on'],
  INACTIVE: ['quiet', 'off'],
  INVALID: ['bad', 'stopped'],
};

const RESOURCE_WORDS = { group: 'Group', app: 'App', 'service-account': 'Service account' } as const;

/** What it is a condition of. */
export const resourceWords = ({ resource: { kind, name } }: Pick<Condition, 'resource'>): string => {
  if (kind === 'console') return 'Admin roles';
  return `${RESOURCE_WORDS[kind]} ${name ?? 'that was deleted'}`;
};

/** What of it is given, where that is not the resource itself. */
export const givesWords = ({ scope, gives }: Pick<Condition, 'scope' | 'gives'>): readonly string[] =>
  scope === 'RESOURCE_DEFAULT'
    ? []
    : gives.map(({ kind, name }) => `${kind === 'bundle' ? '' : 'membership in '}${name ?? 'something that is gone'}`);

export const requesterWords = ({ requesters }: Pick<Condition, 'requesters'>): string =>
  requesters === null ? 'everybody' : requesters.map(({ name }) => name ?? '(a group that is gone)').join(', ');

export const durationWords = ({ duration, longest }: Pick<Condition, 'duration' | 'longest'>): string => {
  if (duration === null) return `${longest}, as nothing shorter is said`;
  return duration.kind === 'fixed' ? duration.words : `as asked for, ${duration.words} at most`;
};
