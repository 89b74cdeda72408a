import { afterEach, describe, expect, it, vi } from 'vitest';
import { call } from './call.ts';
import { untilSessionEnds } from './event-stream.ts';
import { proofAskedIn } from './prove-session.ts';
import { signWithSessionKey } from './session-key.ts';

vi.mock('./session-key.ts', () => ({ signWithSessionKey: vi.fn() }));

const PROOF = '/sallyport/v1/me/sessions/current/proof';
const refusal = (challenge: string) => ({
  errorCode: 'E0000011',
  sallyport: {
    kind: 'proof_of_session_required',
    challenge,
    address: '198.51.100.99',
    proofUrl: PROOF,
    expiresAt: 'x',
  },
});
const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

/** Stands in for the server: refuses everything until a proof was posted. */
const server = (prove: (body: Record<string, string>, count: number) => Response) => {
  const log: string[] = [];
  let isProved = false;
  let posted = 0;
  vi.stubGlobal(
    'fetch',
    vi.fn<typeof fetch>((path, init) => {
      log.push(`${init?.method ?? 'GET'} ${String(path)}`);
      if (path === PROOF) {
        const reply = prove(JSON.parse(String(init?.body)) as Record<string, string>, ++posted);
        isProved ||= reply.ok || reply.status === 403;
        return Promise.resolve(reply);
      }
      if (!isProved) return Promise.resolve(json(401, refusal(`c${posted}`)));
      return Promise.resolve(
        path === '/events' ? new Response('event: ended\ndata: {"reason":"idle"}\n\n') : json(200, { good: true }),
      );
    }),
  );
  return log;
};

const holdKey = (): void => {
  vi.mocked(signWithSessionKey).mockImplementation((text) => Promise.resolve(`signed ${text('102a')}`));
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.mocked(signWithSessionKey).mockReset();
});

describe('a call from a new address', () => {
  it('is proved and sent again, once for all that wait', async () => {
    holdKey();
    const bodies: Record<string, string>[] = [];
    const log = server((body) => {
      bodies.push(body);
      return json(200, {});
    });
    const calls = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/change', { body: {} })));
    expect(calls).toEqual(Array.from({ length: 20 }, () => ({ good: true })));
    expect(bodies).toEqual([
      { challenge: 'c0', signature: 'signed sallyport session proof v1\n102a\nc0\n198.51.100.99' },
    ]);
    expect(log.filter((line) => line === 'POST /change')).toHaveLength(40);
  });

  it('goes on when another tab was faster, or when the address changed once more', async () => {
    holdKey();
    server(() => json(403, { errorCode: 'E0000068' }));
    expect(await call('GET', '/a')).toEqual({ good: true });
    server((_body, count) => (count === 1 ? json(401, refusal('next')) : json(200, {})));
    expect(await call('GET', '/a')).toEqual({ good: true });
  });

  it('is refused for good without a key, by a bare refusal of the proof, and when nobody answers', async () => {
    vi.mocked(signWithSessionKey).mockResolvedValue(null);
    let log = server(() => json(200, {}));
    await expect(call('GET', '/a')).rejects.toMatchObject({ status: 401 });
    expect(log).toEqual(['GET /a']);
    holdKey();
    log = server(() => json(401, { errorCode: 'E0000011' }));
    await expect(call('GET', '/a')).rejects.toMatchObject({ status: 401, code: 'E0000011' });
    expect(log).toHaveLength(2);
    vi.mocked(signWithSessionKey).mockRejectedValue(new Error('IndexedDB'));
    server(() => json(200, {}));
    await expect(call('GET', '/a')).rejects.toMatchObject({ status: 401 });
  });

  it('does not go on forever with an address that changes forever', async () => {
    holdKey();
    const log = server((_body, count) => json(401, refusal(`next${count}`)));
    await expect(call('GET', '/a')).rejects.toMatchObject({ status: 401 });
    expect(log.filter((line) => line.startsWith('POST'))).toHaveLength(3);
  });
});

describe('the stream of the session', () => {
  it('is proved and opened again, and is no end', async () => {
    holdKey();
    server(() => json(200, {}));
    expect(await untilSessionEnds('/events', { wait: () => Promise.resolve() })).toBe('idle');
  });

  it('ends where nothing can be proved', async () => {
    vi.mocked(signWithSessionKey).mockResolvedValue(null);
    server(() => json(200, {}));
    expect(await untilSessionEnds('/events', { wait: () => Promise.reject(new Error('it waited')) })).toBeNull();
  });
});

describe('proofAskedIn', () => {
  it('finds the challenge in its refusal and in nothing else', () => {
    expect(proofAskedIn(refusal('c'))).toMatchObject({ challenge: 'c', address: '198.51.100.99', proofUrl: PROOF });
    for (const other of [
      null,
      {},
      'x',
      { sallyport: null },
      { sallyport: { kind: 'step_up_required', challenge: 'c', address: 'a', proofUrl: PROOF } },
      { sallyport: { kind: 'proof_of_session_required' } },
      { sallyport: { ...refusal('c').sallyport, proofUrl: 'https://evil.example/' } },
    ])
      expect(proofAskedIn(other)).toBeNull();
  });
});
