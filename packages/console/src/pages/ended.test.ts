import { SESSION_END_REASONS } from '@sallyport/model/session';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { END_REASONS, endedPath } from '../browser/end-reasons.ts';
import { renderEndedPage } from './ended.ts';

const ended = (reason: string): string => renderEndedPage({ nonce: 'n', org: { name: 'Example', help: null }, reason });

describe('renderEndedPage', () => {
  it('has a sentence for every reason of the model, and for no other', () => {
    expect([...END_REASONS.keys()].sort()).toEqual([...SESSION_END_REASONS].sort());
    for (const [reason, { sentence }] of END_REASONS) expect(ended(reason)).toContain(sentence);
  });

  it('never echoes what it is given', () => {
    const unknown = ended('');
    const strange = fc.oneof(
      fc.string(),
      fc.constantFrom('constructor', '__proto__', '<script>alert(1)</script>', 'idle ', 'IDLE'),
    );
    fc.assert(
      fc.property(
        strange.filter((reason) => !END_REASONS.has(reason)),
        (reason) => ended(reason) === unknown,
      ),
    );
    expect(unknown).toContain('Your session has ended');
  });

  it('runs no script', () => {
    expect(ended('idle')).not.toContain('<script');
  });
});

describe('endedPath', () => {
  it('names known reasons only', () => {
    expect(endedPath('idle')).toBe('/ended?reason=idle');
    expect([endedPath('ended'), endedPath('a&b=c'), endedPath(null)]).toEqual(['/ended', '/ended', '/ended']);
  });
});
