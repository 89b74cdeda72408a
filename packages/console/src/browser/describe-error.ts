import { CallError } from './call.ts';
import { KeyError } from './webauthn.ts';

/** Sentences of one step for error codes that mean something particular there. */
export type Sentences = Readonly<Record<string, string>>;

const wait = (seconds: number | null): string =>
  seconds === null
    ? 'Too many attempts; wait a moment.'
    : `Too many attempts; wait a moment and try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;

/** What went wrong, in words for the person: the step's own sentence, else the server's causes, else its summary. */
export const describeError = (error: unknown, sentences: Sentences = {}): string => {
  if (error instanceof KeyError) return error.message;
  if (!(error instanceof CallError))
    return `This page could not go on: ${error instanceof Error ? error.message : String(error)}`;
  if (error.status === 429) return wait(error.retryAfterSeconds);
  const own = sentences[error.code];
  if (own !== undefined) return own;
  if (error.causes.length > 0) return error.causes.join(' ');
  return error.status >= 500 && error.errorId !== null
    ? `The server could not do it. Its log has more under ${error.errorId}.`
    : error.message;
};
