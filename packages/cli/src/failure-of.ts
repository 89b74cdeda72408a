import { Refusal } from '@sallyport/client/refusal';
import { Unreachable } from '@sallyport/client/unreachable';
import { CliError } from './cli-error.ts';
import { EXIT, type ExitName, exitNameOf } from './exit-codes.ts';
import type { Failure } from './print.ts';

const HINTS: Partial<Readonly<Record<ExitName, string>>> = {
  notSignedIn: 'sallyport login',
  unreachable: 'sallyport config list --origin',
};
const NEEDS_PROOF = new Set(['step_up_required', 'approval_required']);

const ofRefusal = (refusal: Refusal): { exit: ExitName; failure: Failure } => {
  const { kind } = refusal.sallyport ?? {};
  const exit =
    typeof kind === 'string' && NEEDS_PROOF.has(kind) ? 'needsInput' : exitNameOf(refusal.code, refusal.status);
  // The causes say it better than a summary that only names the field.
  const hint =
    refusal.retryAfterSeconds === null ? (HINTS[exit] ?? null) : `wait ${refusal.retryAfterSeconds} s and try again`;
  return {
    exit,
    failure: {
      code: refusal.code,
      message: refusal.message,
      causes: refusal.causes,
      reference: refusal.errorId,
      hint,
      more: { status: refusal.status, ...(refusal.sallyport === null ? {} : { sallyport: refusal.sallyport }) },
    },
  };
};

/** Anything that was thrown, as exit code and words. */
export const failureOf = (error: unknown): { exitCode: number; failure: Failure } => {
  if (error instanceof Refusal) {
    const { exit, failure } = ofRefusal(error);
    return { exitCode: EXIT[exit], failure };
  }
  if (error instanceof Unreachable)
    return {
      exitCode: EXIT.unreachable,
      failure: { code: 'unreachable', message: error.message, causes: [], hint: HINTS.unreachable ?? null },
    };
  if (error instanceof CliError) {
    const { code = error.exit, reasons = [], hint = HINTS[error.exit] ?? null, more = {} } = error.options;
    return { exitCode: EXIT[error.exit], failure: { code, message: error.message, causes: reasons, hint, more } };
  }
  const { code, message } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { code: null, message: String(error) };
  return {
    exitCode: EXIT.failed,
    failure: { code: typeof code === 'string' ? code : 'failed', message, causes: [] },
  };
};
