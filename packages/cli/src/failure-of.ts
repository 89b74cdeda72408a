import { Refusal } from '@sallyport/client/refusal';
import { Unreachable } from '@sallyport/client/unreachable';
import { CliError } from './cli-error.ts';
import { type ExitName, exitNameOf } from './exit-codes.ts';
import type { Failure } from './print.ts';

const HINTS: Partial<Readonly<Record<ExitName, string>>> = {
  notSignedIn: 'sallyport login',
  unreachable: 'sallyport config list --origin',
};
/** Proofs that time or a slip has made worthless: another one helps. Any other that does not count is a no. */
const NEEDS_ANOTHER: ReadonlySet<unknown> = new Set([
  'proof-expired',
  'proof-not-given',
  'proof-used',
  'approval-needed',
]);

/** Why there is nothing to approve or deny any more; any other reason is a no to who asks. */
const DECIDED: ReadonlySet<unknown> = new Set([
  'approval-decided',
  'approval-of-another',
  'proof-cancelled',
  'proof-expired',
]);
/** Refusals of a proof or an approval say by their cause what their summary does not. */
const SAID_BY_CAUSE: ReadonlySet<unknown> = new Set(['proof_refused', 'approval_refused']);

const exitOf = (refusal: Refusal): ExitName => {
  if (refusal.sallyport?.['kind'] === 'approval_refused')
    return DECIDED.has(refusal.sallyport['reason']) ? 'conflict' : 'denied';
  return refusal.sallyport?.['kind'] === 'proof_refused' && !NEEDS_ANOTHER.has(refusal.sallyport['reason'])
    ? 'denied'
    : exitNameOf(refusal.code, refusal.status);
};

const ofRefusal = (refusal: Refusal): { exit: ExitName; failure: Failure } => {
  const exit = exitOf(refusal);
  // The causes say it better than a summary that only names the field.
  const hint =
    refusal.retryAfterSeconds === null ? (HINTS[exit] ?? null) : `wait ${refusal.retryAfterSeconds} s and try again`;
  return {
    exit,
    failure: {
      code: refusal.code,
      // The summary of E0000092 speaks of a session that has ended, which it has not.
      ...(SAID_BY_CAUSE.has(refusal.sallyport?.['kind'])
        ? { message: refusal.causes.join(' '), causes: [] }
        : { message: refusal.message, causes: refusal.causes }),
      reference: refusal.errorId,
      hint,
      more: { status: refusal.status, ...(refusal.sallyport === null ? {} : { sallyport: refusal.sallyport }) },
    },
  };
};

/** Anything that was thrown, as the name of an exit code and words. */
export const failureOf = (error: unknown): { exit: ExitName; failure: Failure } => {
  if (error instanceof Refusal) return ofRefusal(error);
  if (error instanceof Unreachable)
    return {
      exit: 'unreachable',
      failure: { code: 'unreachable', message: error.message, causes: [], hint: HINTS.unreachable ?? null },
    };
  if (error instanceof CliError) {
    const { code = error.exit, reasons = [], hint = HINTS[error.exit] ?? null, more = {} } = error.options;
    return { exit: error.exit, failure: { code, message: error.message, causes: reasons, hint, more } };
  }
  const { code, message } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { code: null, message: String(error) };
  return {
    exit: 'failed',
    failure: { code: typeof code === 'string' ? code : 'failed', message, causes: [] },
  };
};
