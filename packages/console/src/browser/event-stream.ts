import { proofAskedIn, proveSession } from './prove-session.ts';

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/** What a page does when its stream says something, beside the end. */
export interface StreamListener {
  /** From now on it is told of changes; what changed before it was not. */
  readonly onOpen?: () => void;
  /** From now on it is not. */
  readonly onCut?: () => void;
  /** What the person may do is another thing now. */
  readonly onRights?: () => void;
  /** Something changed: what kind of thing, and which where that is said. */
  readonly onHint?: (kind: string, id: string | null) => void;
}

const RECONNECT_SECONDS = 5;
/** The server says every 15 seconds that it is still there; a connection that a network forgot says nothing, and never ends. */
const QUIET_SECONDS = 40;
/** No loop without a breath, should the address change with every request. */
const PROVED_SECONDS = 1;

const parseBlock = (block: string): StreamEvent => {
  const lines = block.split('\n');
  const values = (field: string): string[] =>
    lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  return { event: values('event').at(-1) ?? 'message', data: values('data').join('\n') };
};

/**
 * The events of a `text/event-stream`, however it was cut into pieces on its way. Comments are left out; `onPiece` hears of
 * everything that comes.
 */
export const readEvents = async function* (
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onPiece: () => void = () => {},
): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      onPiece();
      const blocks = (rest + piece.value).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) if (/^(event|data):/m.test(block)) yield parseBlock(block);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
};

const valueIn = (data: string, name: 'reason' | 'id'): string | null => {
  try {
    const value = (JSON.parse(data) as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
};

/** The stream ends because other rights hold from now on; the session goes on. */
const isOfRights = (reason: string | null): boolean => reason === 'rights-changed' || reason === 'grant-ended';

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Runs out where nothing was heard for too long; `heard` begins anew. */
const createSilence = () => {
  const silent = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(timer);
  const heard = (): void => {
    stop();
    timer = setTimeout(() => silent.abort(), QUIET_SECONDS * 1000);
  };
  heard();
  return { signal: silent.signal, heard, stop };
};

/**
 * Holds the session's event stream open until the session ends, and gives the reason. It is read by `fetch`, because
 * an EventSource can neither mark its reconnections as background, which would keep an idle session alive, nor tell a
 * 401 from a cut connection. The signal closes it for a page that stops listening.
 */
export const untilSessionEnds = async (
  path: string,
  {
    wait = pause,
    signal = null,
    on = {},
  }: {
    readonly wait?: (seconds: number) => Promise<void>;
    readonly signal?: AbortSignal | null;
    readonly on?: StreamListener;
  } = {},
): Promise<string | null> => {
  for (;;) {
    if (signal?.aborted) return null;
    let pauseSeconds = RECONNECT_SECONDS;
    const silence = createSilence();
    try {
      const response = await fetch(path, {
        cache: 'no-store',
        signal: AbortSignal.any([silence.signal, ...(signal === null ? [] : [signal])]),
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
        for await (const { event, data } of readEvents(response.body, silence.heard)) {
          if (event === 'open') on.onOpen?.();
          else if (event !== 'ended') on.onHint?.(event, valueIn(data, 'id'));
          else {
            const reason = valueIn(data, 'reason');
            if (!isOfRights(reason)) return reason;
            pauseSeconds = PROVED_SECONDS;
            on.onRights?.();
          }
        }
      }
    } catch {
      // The connection was cut; whether the session still lives is asked again.
    } finally {
      silence.stop();
      on.onCut?.();
    }
    if (!signal?.aborted) await wait(pauseSeconds);
  }
};
