import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CallError, call } from './call.ts';

const answerWith = (body: string | null, init: ResponseInit) => {
  const asked = vi.fn<typeof fetch>(() => Promise.resolve(new Response(body, init)));
  vi.stubGlobal('fetch', asked);
  return asked;
};
const refusal = (promise: Promise<unknown>): Promise<CallError> =>
  promise.then(
    () => expect.fail('it was not refused'),
    (error: CallError) => error,
  );

afterEach(() => vi.unstubAllGlobals());

describe('call', () => {
  it('marks only what the page does by itself as background', async () => {
    const asked = answerWith('{}', { status: 200 });
    await call('GET', '/a', { isBackground: true });
    await call('GET', '/a');
    const headers = asked.mock.calls.map(([, init]) => new Headers(init?.headers).get('X-Sallyport-Background'));
    expect(headers).toEqual(['1', null]);
  });

  it('gives the code, the causes and the wait of a refusal', async () => {
    const envelope = {
      errorCode: 'E0000047',
      errorSummary: 'Too many',
      errorId: 'oae1',
      errorCauses: [{ errorSummary: 'a' }, { errorSummary: 'b' }],
    };
    answerWith(JSON.stringify(envelope), { status: 429, headers: { 'Retry-After': '7' } });
    expect(await refusal(call('POST', '/a', { body: {} }))).toMatchObject({
      status: 429,
      code: 'E0000047',
      message: 'Too many',
      causes: ['a', 'b'],
      errorId: 'oae1',
      retryAfterSeconds: 7,
    });
  });

  it('survives an answer that is not JSON, and one that never comes', async () => {
    answerWith('<h1>Bad gateway</h1>', { status: 502 });
    expect(await refusal(call('GET', '/a'))).toMatchObject({ status: 502, code: 'none', causes: [] });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await refusal(call('GET', '/a'))).toMatchObject({ status: 0 });
  });

  it('takes an empty success', async () => {
    answerWith(null, { status: 204 });
    expect(await call('DELETE', '/a')).toEqual({});
  });
});
