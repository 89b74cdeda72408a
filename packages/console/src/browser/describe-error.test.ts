import { describe, expect, it } from 'vitest';
import { CallError } from './call.ts';
import { describeError } from './describe-error.ts';

describe('describeError', () => {
  it('says how long to wait', () => {
    expect(describeError(new CallError(429, { errorCode: 'E0000047' }, '12'))).toBe(
      'Too many attempts; wait a moment and try again in 12 seconds.',
    );
    expect(describeError(new CallError(429, { errorCode: 'E0000047' }, 'Wed, 21 Oct 2026 07:28:00 GMT'))).toBe(
      'Too many attempts; wait a moment.',
    );
  });

  it('takes the step’s sentence before the causes, and the causes before the summary', () => {
    const error = new CallError(403, {
      errorCode: 'E0000068',
      errorSummary: 'Invalid Passcode/Answer',
      errorCauses: [{ errorSummary: 'The challenge expired.' }],
    });
    expect(describeError(error, { E0000068: 'The code is wrong.' })).toBe('The code is wrong.');
    expect(describeError(error)).toBe('The challenge expired.');
    expect(describeError(new CallError(403, { errorCode: 'E0000006', errorSummary: 'No permission' }))).toBe(
      'No permission',
    );
  });

  it('gives the reference of a failure of the server', () => {
    expect(
      describeError(
        new CallError(500, { errorCode: 'E0000009', errorSummary: 'Internal Server Error', errorId: 'oaeX' }),
      ),
    ).toContain('oaeX');
  });
});
