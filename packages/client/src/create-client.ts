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
}

export interface Client {
  readonly origin: string;
  /** Any request; throws `Refusal` for an answer that is no success, `Unreachable` where there is none. */
  send(request: ClientRequest, options?: CallOptions): Promise<ClientAnswer>;
  /** A route by its name. */
  call<N extends RouteName>(name: N, input: RouteInput<N>, options?: CallOptions): Promise<AnswerOf<N>>;
  /** The pages of a list, each asked for when it is needed. */
  pages<N extends RouteName>(name: N, input: RouteInput<N>, options?: CallOptions): AsyncGenerator<AnswerOf<N>>;
}

/** A client of one server. It follows no redirect: the credential is for the server that was chosen, and no other. */
export const createClient = (options: ClientOptions): Client => {
  const { origin, credential, timeoutSeconds, userAgent } = options;

  const send = async (request: ClientRequest, { isBackground = false }: CallOptions = {}): Promise<ClientAnswer> => {
    options.beforeSend?.(request);
    const unreachable = (error: unknown): never => {
      throw new Unreachable(origin, error);
    };
    const response = await fetch(origin + request.path, {
      method: request.method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
      headers: {
        Accept: 'application/json',
        'User-Agent': userAgent,
        ...(credential === null ? {} : { Authorization: `${credential.scheme} ${credential.secret}` }),
        ...(isBackground ? { 'X-Sallyport-Background': '1' } : {}),
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    }).catch(unreachable);
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
    return { status: response.status, body, nextPath: nextPage(response.headers.get('Link')) };
  };

  return {
    origin,
    send,
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
