import type { RouteName } from '@sallyport/api/routes';
import type { AnswerOf } from './answers.ts';
import { type ClientRequest, requestOf } from './client-request.ts';
import { nextPage } from './next-page.ts';
import { Refusal } from './refusal.ts';
import type { RouteInput } from './route-input.ts';
import { Unreachable } from './unreachable.ts';

export interface ClientOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly credential: { readonly scheme: 'SSWS' | 'Bearer'; readonly secret: string } | null;
  readonly timeoutSeconds: number;
  readonly userAgent: string;
  /** Sees each request before it is sent; one that throws keeps it from being sent. */
  readonly beforeSend?: (request: ClientRequest) => void;
}
export interface CallOptions {
  /** Polling: it must not keep an idle session alive. */
  readonly isBackground?: boolean;
}
export interface ClientAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly nextPath: string | null;
  /** Of a page of the log that is not full because its time was over: how far it looked. Its next page looks on. */
  readonly searchedTo: string | null;
}

export interface Client {
  readonly origin: string;
  /** Any request; throws `Refusal` for an answer that is no success, `Unreachable` where there is none. */
  send(request: ClientRequest, options?: CallOptions): Promise<ClientAnswer>;
  /** A file, as its bytes come: one of any size needs no memory, and one that ends too soon throws `Unreachable`. */
  download(request: ClientRequest): AsyncGenerator<Uint8Array>;
  /** A route by its name. */
  call<N extends RouteName>(name: N, input: RouteInput<N>, options?: CallOptions): Promise<AnswerOf<N>>;
  /** The pages of a list, each asked for when it is needed. */
  pages<N extends RouteName>(name: N, input: RouteInput<N>, options?: CallOptions): AsyncGenerator<AnswerOf<N>>;
}

/** A client of one server. It follows no redirect: the credential is for the server that was chosen, and no other. */
export const createClient = (options: ClientOptions): Client => {
  const { origin, credential, timeoutSeconds, userAgent } = options;

  const unreachable = (error: unknown): never => {
    throw new Unreachable(origin, error);
  };

  const ask = (request: ClientRequest, isBackground: boolean, signal: AbortSignal): Promise<Response> => {
    options.beforeSend?.(request);
    return fetch(origin + request.path, {
      method: request.method,
      redirect: 'manual',
      signal,
      headers: {
        Accept: 'application/json',
        'User-Agent': userAgent,
        ...(credential === null ? {} : { Authorization: `${credential.scheme} ${credential.secret}` }),
        ...(isBackground ? { 'X-Sallyport-Background': '1' } : {}),
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    }).catch(unreachable);
  };

  /** The answer as JSON; a refusal is thrown. */
  const read = async (response: Response): Promise<unknown> => {
    const text: string = await response.text().catch(unreachable);
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
    } catch {
      // A page of a proxy, or of something else altogether: its status still counts, its text does not.
      throw new Refusal(response.status, {
        errorSummary: `What answers at ${origin} speaks no JSON (status ${response.status})`,
      });
    }
    if (!response.ok) throw new Refusal(response.status, body, response.headers.get('Retry-After'));
    return body;
  };

  const send = async (request: ClientRequest, { isBackground = false }: CallOptions = {}): Promise<ClientAnswer> => {
    const response = await ask(request, isBackground, AbortSignal.timeout(timeoutSeconds * 1000));
    const { status, headers } = response;
    return {
      status,
      body: await read(response),
      nextPath: nextPage(headers.get('Link')),
      searchedTo: headers.get('X-Sallyport-Searched-To'),
    };
  };

  return {
    origin,
    send,
    async *download(request: ClientRequest) {
      // The time is for the next bytes, not for all of them.
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new Error('timeout')), timeoutSeconds * 1000);
      try {
        const response = await ask(request, false, late.signal);
        if (!response.ok) await read(response);
        const reader = response.body?.getReader();
        for (;;) {
          const part = await reader?.read().catch(unreachable);
          if (part?.value === undefined) return;
          timer.refresh();
          yield part.value;
          timer.refresh();
        }
      } finally {
        clearTimeout(timer);
        late.abort();
      }
    },
    async call<N extends RouteName>(name: N, input: RouteInput<N>, callOptions?: CallOptions) {
      return (await send(requestOf(name, input), callOptions)).body as AnswerOf<N>;
    },
    async *pages<N extends RouteName>(name: N, input: RouteInput<N>, callOptions?: CallOptions) {
      let request: ClientRequest = requestOf(name, input);
      for (;;) {
        const answer = await send(request, callOptions);
        yield answer.body as AnswerOf<N>;
        if (answer.nextPath === null) return;
        request = { method: 'GET', path: answer.nextPath };
      }
    },
  };
};
