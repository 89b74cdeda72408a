interface EndReason {
  /** In a list of sessions. */
  readonly short: string;
  /** To the person whose session it was. */
  readonly sentence: string;
}

/** How a session ends, in words. The page that says so and the list of one's sessions read the same table. */
export const END_REASONS: ReadonlyMap<string, EndReason> = new Map([
  ['signed-out', { short: 'Signed out', sentence: 'You signed out, and your session ended at once.' }],
  ['revoked-by-admin', { short: 'Ended by an administrator', sentence: 'An administrator ended your session.' }],
  ['revoked-by-owner', { short: 'Ended by you', sentence: 'You ended this session.' }],
  [
    'client-roaming',
    {
      short: 'Used from another network or address',
      sentence: 'Your session was used from another network or address, so it was ended.',
    },
  ],
  ['idle', { short: 'Idle for too long', sentence: 'Your session was idle for too long, so it was ended.' }],
  [
    'lifetime',
    { short: 'Reached its longest time', sentence: 'Your session reached its longest time, so it was ended.' },
  ],
  [
    'token-reused',
    {
      short: 'An old token was used again',
      sentence: 'An old token of your session was used again, so the session was ended.',
    },
  ],
  [
    'user-deactivated',
    { short: 'Account deactivated', sentence: 'Your account was deactivated, so your session was ended.' },
  ],
  [
    'not-me',
    { short: 'You said it was not you', sentence: 'You said that it was not you, so all your sessions were ended.' },
  ],
  [
    'server-restored',
    {
      short: 'Server restored from a backup',
      sentence: 'The server was restored from a backup, so every session was ended.',
    },
  ],
  ['keys-reset', { short: 'Keys were reset', sentence: 'Your keys were reset, so your sessions were ended.' }],
  [
    'browser-session-ended',
    {
      short: 'Ended with the browser’s session',
      sentence: 'The session of the browser that allowed the command line ended, and this one with it.',
    },
  ],
  ['role-changed', { short: 'Roles changed', sentence: 'Your roles changed, so your session was ended.' }],
  ['replaced', { short: 'Replaced by a newer one', sentence: 'A newer session of this browser took its place.' }],
  ['app-deactivated', { short: 'App switched off', sentence: 'The app was switched off, so your session was ended.' }],
  [
    'policy-returned',
    {
      short: 'Let in by a change that was not confirmed',
      sentence: 'A policy change that let you in was not confirmed, so your session was ended with it.',
    },
  ],
  [
    'grant-ended',
    {
      short: 'Access for a while ended',
      sentence: 'Access that you had for a while ended, so your sessions of apps were ended with it.',
    },
  ],
]);

/** The address of the page that says how a session ended. What is not a known reason is left out. */
export const endedPath = (reason: string | null): string =>
  reason !== null && END_REASONS.has(reason) ? `/ended?reason=${reason}` : '/ended';
