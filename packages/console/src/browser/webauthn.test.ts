import { describe, expect, it } from 'vitest';
import { asKeyError, KEY_SECONDS } from './webauthn.ts';

const HERE = { elapsedSeconds: 3, rpId: 'sallyport.example', hostname: 'sallyport.example' };
const of = (name: string, change: Partial<typeof HERE> = {}) =>
  asKeyError(new DOMException('the browser says', name), { ...HERE, ...change });

describe('asKeyError', () => {
  it('tells a cancel from a time-out by the clock, for the browser calls them alike', () => {
    expect(of('NotAllowedError').problem).toBe('cancelled');
    expect(of('NotAllowedError', { elapsedSeconds: KEY_SECONDS - 0.001 }).problem).toBe('cancelled');
    expect(of('NotAllowedError', { elapsedSeconds: KEY_SECONDS }).problem).toBe('timed-out');
  });

  it('takes our own abort for a time-out', () => {
    expect(of('AbortError').problem).toBe('timed-out');
  });

  it('says which domain the key belongs to, and that plain http has none', () => {
    const elsewhere = of('SecurityError', { hostname: '127.0.0.1' });
    expect(elsewhere).toMatchObject({ problem: 'wrong-domain' });
    expect(elsewhere.message).toContain('belongs to sallyport.example, and this page is at 127.0.0.1');
    expect(of('SecurityError').message).toContain('by https');
  });

  it('has a sentence for a key that is registered, and for the rest', () => {
    expect(of('InvalidStateError')).toMatchObject({ problem: 'registered-already' });
    expect(of('NotSupportedError').message).toContain('the browser says');
    expect(asKeyError('odd', HERE)).toMatchObject({ problem: 'unavailable' });
  });

  it('never says the same of two problems, and always what to do next', () => {
    const sentences = ['NotAllowedError', 'AbortError', 'SecurityError', 'InvalidStateError', 'UnknownError'].map(
      (name) => of(name).message,
    );
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/\. (Try|Have|Open|Use) .+\.$/);
  });
});
