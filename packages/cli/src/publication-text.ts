import type { PolicyPublicationAnswer } from '@sallyport/client/policy-draft-answers';
import type { Turn } from './verb.ts';

/** What has to be done before a change is confirmed, where it was made in a terminal. */
export const howToConfirm = (origin: string): readonly string[] => [
  'To confirm it, somebody signs in after it, with a key:',
  `  1. in a browser, sign out of ${origin} and sign in again (or another super admin does)`,
  '  2. sallyport login',
  '  3. sallyport policy confirm',
];

/** A publication, done or only looked at, in words. */
export const publicationLines = (
  turn: Turn,
  { policy, changes, confirmBy }: PolicyPublicationAnswer,
  isDone = !turn.is('dryRun'),
): string[] => {
  const what = isDone ? `${policy.name}: version ${policy.version} counts now.` : `${policy.name} would change:`;
  return [
    what,
    ...changes.map(({ sentence }) => `  ${sentence}`),
    ...(confirmBy === null
      ? []
      : isDone
        ? [
            '',
            `It admits administrators: it ends by itself ${turn.time(confirmBy)} unless it is confirmed.`,
            ...howToConfirm(turn.connection().origin),
          ]
        : ['It would admit administrators: it would end by itself after five minutes unless it is confirmed.']),
  ];
};
