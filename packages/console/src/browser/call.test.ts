import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CallError, call, proveActionsWith } from './call.ts';

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

describe('a call that does a protected action', () => {
  const asked = JSON.stringify({
    errorCode: 'E0000092',
    sallyport: {
      kind: 'step_up_required',
      proofUrl: '/sallyport/v1/proofs/p1',
      challenge: 'AAAA',
      rpId: 'localhost',
      expiresAt: '2026-11-25T12:00:00.000Z',
    },
  });
  afterEach(() => proveActionsWith(null));

  it('is sent again byte for byte, with the proof', async () => {
    const sent: (RequestInit | undefined)[] = [];
    vi.stubGlobal('fetch', (_path: string, init?: RequestInit) => {
      sent.push(init);
      return Promise.resolve(
        new Response(sent.length === 1 ? asked : '{"id":"z"}', { status: sent.length === 1 ? 403 : 200 }),
      );
    });
    proveActionsWith(async (_asked, send) => {
      const attempt = await send('the proof');
      if (attempt.kind !== 'answered') return expect.fail('it was not answered');
      return attempt.answer;
    });
    const body = { name: 'Ä', list: [1, 2] };
    const answer = call('PUT', '/api/v1/zones/z?a=b', { body, ifMatch: '"v1"' });
    body.name = 'changed while the person looks for the key';
    expect(await answer).toEqual({ id: 'z' });
    const [first, second] = sent.map((init) => ({ body: init?.body, headers: new Headers(init?.headers) }));
    expect(second?.body).toBe(first?.body);
    expect(second?.body).toBe('{"name":"Ä","list":[1,2]}');
    for (const header of ['Content-Type', 'If-Match'])
      expect(second?.headers.get(header)).toBe(first?.headers.get(header));
    expect([first, second].map((one) => one?.headers.get('Sallyport-Proof'))).toEqual([null, 'the proof']);
  });

  it('is refused in a page that asks for no keys', async () => {
    answerWith(asked, { status: 403 });
    expect(await refusal(call('DELETE', '/a'))).toMatchObject({ status: 403, code: 'E0000092' });
  });
});
