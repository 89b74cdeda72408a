import type { GrantAnswer } from '@sallyport/client/answers';
import type { Tone } from '../word.tsx';

export const GRANTS = '/sallyport/v1/grants';

export const STATUS_WORDS: Readonly<Record<GrantAnswer['status'], readonly [tone: Tone, words: string]>> = {
  scheduled: ['quiet', 'begins later'],
  active: ['good', 'active'],
  ended: ['quiet', 'ended'],
};

export const END_WORDS: Readonly<Record<NonNullable<GrantAnswer['endReason']>, string>> = {
  expired: 'ran out',
  extended: 'goes on in a longer one',
  'ended-by-holder': 'ended by whoever had it',
  'ended-by-asker': 'ended by whoever asked for it',
  'ended-by-manager': 'ended by the manager of the account',
  'ended-by-admin': 'ended by an administrator',
  'bundle-deleted': 'its bundle was deleted',
  'group-deleted': 'its group was deleted',
  'mark-changed': 'the account became a service account, or a person’s',
  'app-deleted': 'its app was deleted',
  'user-deactivated': 'the account was deactivated',
  'user-deleted': 'the account was deleted',
};

/** What ends, as a sentence goes on after “End”: what somebody has, or that somebody signs in as an account. */
export const nameOfGrant = (kind: GrantAnswer['entitlement']['kind'], name: string): string =>
  kind === 'service-account' ? `signing in as ${name}` : name;

const KIND_WORDS = {
  bundle: 'admin role bundle',
  group: 'membership in the group',
  app: 'app',
  'service-account': 'to sign in as the service account',
} as const;
export const kindWords = ({ entitlement: { kind } }: Pick<GrantAnswer, 'entitlement'>): string => KIND_WORDS[kind];
