import type { Baseline } from '@sallyport/model/session';
import { newId } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { NewRow, Row } from '../store/tables.ts';

/**
 * The rows of a command-line session: bound to where the command line is, with the proofs of the browser's session
 * and their instants, as idle as that one may be, and ending when it ends.
 */
export const cliSessionRows = (
  s: Pick<Services, 'random' | 'clock'>,
  token: string,
  baseline: Baseline,
  browser: Row<'sessions'>,
  consoleSession: Row<'sessions'> | null,
): { readonly org: NewRow<'sessions'>; readonly app: NewRow<'sessions'> | null } => {
  const now = s.clock.now();
  const common = {
    userId: browser.userId,
    baseline: JSON.stringify(baseline),
    boundKey: null,
    deviceId: null,
    proofs: browser.proofs,
    createdAt: now,
    lastActivityAt: now,
    previousTokenHash: null,
    previousValidUntilAt: null,
    endedAt: null,
    endReason: null,
    endDetail: null,
    answeredAt: null,
    answer: null,
    exemptPasses: 0,
  } as const;
  const org = {
    ...common,
    id: newId(s.random, 'session'),
    parentId: null,
    appId: null,
    tokenHash: tokenDigest(token),
    openedBySessionId: browser.id,
    idleTimeoutSeconds: browser.idleTimeoutSeconds,
    endsAt: browser.endsAt,
  };
  if (consoleSession === null) return { org, app: null };
  const app = {
    ...common,
    id: newId(s.random, 'session'),
    parentId: org.id,
    appId: consoleSession.appId,
    tokenHash: null,
    // It hangs on the new org session, and ends through it.
    openedBySessionId: null,
    idleTimeoutSeconds: consoleSession.idleTimeoutSeconds,
    endsAt: consoleSession.endsAt,
  };
  return { org, app };
};
