import { proofAskedIn, proveSession } from './prove-session.ts';

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

const RECONNECT_SECONDS = 5;
/** No loop without a breath, should the address change with every request. */
const PROVED_SECONDS = 1;

const parseBlock = (block: string): StreamEvent => {
  const lines = block.split('\n');
  const values = (field: string): string[] =>
    lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  return { event: values('event').at(-1) ?? 'message', data: values('data').join('\n') };
};

/** The events of a `text/event-stream`, however it was cut into pieces on its way. Comments are left out. */
export const readEvents = async function* (body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const blocks = (rest + piece.value).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) if (/^(event|data):/m.test(block)) yield parseBlock(block);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
};

const reasonOf = (data: string): string | null => {
  try {
    return String((JSON.parse(data) as { reason?: unknown }).reason ?? '');
  } catch {
    return null;
  }
};

/** The stream ends because other rights hold from now on; the session goes on. */
const isOfRights = (reason: string | null): boolean => reason === 'rights-changed' || reason === 'grant-ended';

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * Holds the session's event stream open until the session ends, and gives the reason. It is read by `fetch`, because
 * an EventSource can neither mark its reconnections as background, which would keep an idle session alive, nor tell a
 * 401 from a cut connection. The signal closes it for a page that stops listening; `onRights` is called each time when
 * what the person may do has changed.
 */
export const untilSessionEnds = async (
  path: string,
  wait: (seconds: number) => Promise<void> = pause,
  signal: AbortSignal | null = null,
  onRights: () => void = () => {},
): Promise<string | null> => {
  for (;;) {
    if (signal?.aborted) return null;
    let pauseSeconds = RECONNECT_SECONDS;
    try {
      const response = await fetch(path, {
        cache: 'no-store',
        signal,
        headers: { Accept: 'text/event-stream', 'X-Sallyport-Background': '1' },
      });
      if (response.status === 401 || response.status === 404) {
        // The connection was cut because the address changed: this browser proves itself, and listens on.
        const asked = proofAskedIn(await response.json().catch(() => null));
        if (asked === null || !(await proveSession(asked))) return null;
        await wait(PROVED_SECONDS);
        continue;
      }
      if (response.ok && response.body !== null) {
        for await (const { event, data } of readEvents(response.body)) {
          if (event !== 'ended') continue;
          const reason = reasonOf(data);
          if (!isOfRights(reason)) return reason;
          pauseSeconds = PROVED_SECONDS;
          onRights();
        }
      }
    } catch {
      // The connection was cut; whether the session still lives is asked again.
    }
    if (!signal?.aborted) await wait(pauseSeconds);
  }
};
