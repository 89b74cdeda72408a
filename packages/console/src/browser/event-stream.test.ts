import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readEvents, type StreamEvent, untilSessionEnds } from './event-stream.ts';

const STREAM = 'event: open\ndata: {}\n\n: still here\n\nevent: ended\r\ndata: {"reason":"idle"}\r\n\r\n';

const inPieces = (cuts: readonly number[]): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const bytes = new TextEncoder().encode(STREAM);
  const at = [0, ...cuts, bytes.length].sort((a, b) => a - b);
  return new ReadableStream({
    start(controller) {
      for (const [i, end] of at.slice(1).entries()) controller.enqueue(bytes.slice(at[i], end));
      controller.close();
    },
  });
};

const collect = async (body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<StreamEvent[]> => {
  const events: StreamEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
};

afterEach(() => vi.unstubAllGlobals());

describe('readEvents', () => {
  it('reads the same events wherever the network cuts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(STREAM.length), { maxLength: 6 }), async (cuts) => {
        expect(await collect(inPieces(cuts))).toEqual([
          { event: 'open', data: '{}' },
          { event: 'ended', data: '{"reason":"idle"}' },
        ]);
      }),
    );
  });
});

describe('untilSessionEnds', () => {
  it('asks again after a cut, always as background, until the server says why', async () => {
    const asked = vi.fn<typeof fetch>();
    asked
      .mockRejectedValueOnce(new TypeError('cut'))
      .mockResolvedValueOnce(new Response('event: open\ndata: {}\n\n'))
      .mockResolvedValueOnce(new Response(STREAM));
    vi.stubGlobal('fetch', asked);
    const waited = vi.fn(() => Promise.resolve());
    expect(await untilSessionEnds('/events', { wait: waited })).toBe('idle');
    expect(waited).toHaveBeenCalledTimes(2);
    expect(asked.mock.calls.every(([, init]) => new Headers(init?.headers).get('X-Sallyport-Background') === '1')).toBe(
      true,
    );
  });

  it('stops listening at the signal, in the middle of a stream and between two', async () => {
    const stop = new AbortController();
    vi.stubGlobal(
      'fetch',
      vi.fn<typeof fetch>(
        (_path, init) =>
          new Promise((_, reject) => {
            init?.signal?.addEventListener('abort', () => reject(new DOMException('x', 'AbortError')));
          }),
      ),
    );
    const listening = untilSessionEnds('/events', {
      wait: () => Promise.reject(new Error('it waited')),
      signal: stop.signal,
    });
    stop.abort();
    expect(await listening).toBeNull();
    expect(await untilSessionEnds('/events', { signal: stop.signal })).toBeNull();
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('is no end of the session when its rights change: it is told, and listened on', async () => {
    const ended = (reason: string): Response => new Response(`event: ended\ndata: ${JSON.stringify({ reason })}\n\n`);
    const asked = vi.fn<typeof fetch>();
    for (const reason of ['grant-ended', 'rights-changed', 'lifetime']) asked.mockResolvedValueOnce(ended(reason));
    vi.stubGlobal('fetch', asked);
    const onRights = vi.fn();
    expect(await untilSessionEnds('/events', { wait: () => Promise.resolve(), on: { onRights } })).toBe('lifetime');
    expect(onRights).toHaveBeenCalledTimes(2);
  });

  it('takes a 401 for the end', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}', { status: 401 })));
    expect(await untilSessionEnds('/events', { wait: () => Promise.reject(new Error('it waited')) })).toBeNull();
  });

  it('tells of hints, by kind and id, and between which moments they come', async () => {
    const said = [
      'event: open\ndata: {}\n\nevent: inbox\ndata: {}\n\n',
      'event: request\ndata: {"id":"req1"}\n\nevent: request\ndata: not json\n\n',
    ];
    const asked = vi.fn<typeof fetch>();
    for (const text of [said.join(''), STREAM]) asked.mockResolvedValueOnce(new Response(text));
    vi.stubGlobal('fetch', asked);
    const heard: string[] = [];
    const on = {
      onOpen: () => void heard.push('open'),
      onCut: () => void heard.push('cut'),
      onHint: (kind: string, id: string | null) => void heard.push(`${kind} ${id}`),
    };
    expect(await untilSessionEnds('/events', { wait: () => Promise.resolve(), on })).toBe('idle');
    expect(heard).toEqual(['open', 'inbox null', 'request req1', 'request null', 'cut', 'open', 'cut']);
  });

  it('takes a connection that says nothing any more for cut', async () => {
    vi.useFakeTimers();
    try {
      const asked = vi.fn<typeof fetch>();
      asked.mockImplementationOnce(
        (_path, init) =>
          new Promise((_, reject) => {
            init?.signal?.addEventListener('abort', () => reject(new DOMException('x', 'AbortError')));
          }),
      );
      asked.mockResolvedValueOnce(new Response(STREAM));
      vi.stubGlobal('fetch', asked);
      const listening = untilSessionEnds('/events', { wait: () => Promise.resolve() });
      await vi.advanceTimersByTimeAsync(39_000);
      expect(asked).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await listening).toBe('idle');
    } finally {
      vi.useRealTimers();
    }
  });
});
