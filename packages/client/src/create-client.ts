import type { RouteName } from '@sallyport/api/routes';
import type { AnswerOf } from './answers.ts';
import { type ClientRequest, requestOf } from './client-request.ts';
import { nextPage } from './next-page.ts';
import { type ProofAsked, proofAskedIn } from './proof-asked.ts';
import { Refusal } from './refusal.ts';
import type { RouteInput } from './route-input.ts';
import { Unreachable } from './unreachable.ts';

/** How a client comes by fresh proof; each gives what the request then brings, or throws. */
export interface ProofSource {
  /** A proof that was asked for in an earlier run: the first change goes on with it. */
  readonly resume?: (client: Client) => Promise<string>;
  /** Waits until the person has given the proof that was asked for. */
  obtain(asked: ProofAsked, client: Client): Promise<string>;
}
export interface ClientOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly credential: { readonly scheme: 'SSWS' | 'Bearer'; readonly secret: string } | null;
  readonly timeoutSeconds: number;
  readonly userAgent: string;
  /** Sees each request before it is sent; one that throws keeps it from being sent. */
  readonly beforeSend?: (request: ClientRequest) => void;
  /** Without it a refusal for want of proof is the answer. */
  readonly proofs?: ProofSource;
}
export interface CallOptions {
  /** Polling: it must not keep an idle session alive. */
  readonly isBackground?: boolean;
}
export interface ClientAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly nextPath: string | null;
  readonly etag: string | null;
  /** Of a page of the log that is not full because its time was over: how far it looked. Its next page looks on. */
  readonly searchedTo: string | null;
}

export interface Client {
  readonly origin: string;
  /**
   * Any request; throws `Refusal` for an answer that is no success, `Unreachable` where there is none. One that is
   * refused for want of proof changed nothing: it is sent once more, byte for byte, with the proof.
   */
  send(request: ClientRequest, options?: CallOptions): Promise<ClientAnswer>;
  /**
   * Several changes of one kind, for which a person proves once; what became of each. What the server would refuse of
   * them is thrown before anybody is asked, and nothing was sent then. `stopsAtFailure`: those after the first that was
   * refused are not sent, and have no result.
   */
  sendAll(
    requests: readonly ClientRequest[],
    options?: { readonly stopsAtFailure?: boolean },
  ): Promise<PromiseSettledResult<ClientAnswer>[]>;
  /** A file, as its bytes come: one of any size needs no memory, and one that ends too soon throws `Unreachable`. */
  download(request: ClientRequest): AsyncGenerator<Uint8Array>;
  /** A route by its name. */
  call<N extends RouteName>(name: N, input: RouteInput<N>, options?: CallOptions): Promise<AnswerOf<N>>;
  /** The pages of a list, each asked for when it is needed. */
  pages<N extends RouteName>(name: N, input: RouteInput<N>, options?: CallOptions): AsyncGenerator<AnswerOf<N>>;
}

const JSON_TYPE = 'application/json';

/** A request with its bytes: what is signed for is what is sent, and sent again. */
interface Prepared {
  readonly method: string;
  readonly url: URL;
  readonly text: string | undefined;
  readonly ifMatch: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}
const prepare = (origin: string, { method, path, body, ifMatch, headers }: ClientRequest): Prepared => ({
  method,
  url: new URL(origin + path),
  text: body === undefined ? undefined : JSON.stringify(body),
  ifMatch,
  headers,
});

/** A request as `POST /sallyport/v1/proofs` takes it. */
const signedParts = ({ method, url, text, ifMatch }: Prepared) => ({
  method: method as 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: url.pathname + url.search,
  contentType: text === undefined ? '' : JSON_TYPE,
  body: text ?? '',
  ifMatch: ifMatch ?? '',
});

/** What became of one of several; only what the server had to say of it, or that it said nothing. */
const settled = (one: Promise<ClientAnswer>): Promise<PromiseSettledResult<ClientAnswer>> =>
  one.then(
    (value) => ({ status: 'fulfilled' as const, value }),
    (reason: unknown) => {
      if (reason instanceof Refusal || reason instanceof Unreachable) return { status: 'rejected' as const, reason };
      throw reason;
    },
  );

/** A client of one server. It follows no redirect: the credential is for the server that was chosen, and no other. */
export const createClient = (options: ClientOptions): Client => {
  const { origin, credential, timeoutSeconds, userAgent, proofs } = options;
  let resume = proofs?.resume;

  const unreachable = (error: unknown): never => {
    throw new Unreachable(origin, error);
  };

  const ask = (
    { method, url, text, ifMatch, headers }: Prepared,
    isBackground: boolean,
    proof: string | null,
    signal: AbortSignal,
  ): Promise<Response> =>
    fetch(url, {
      method,
      redirect: 'manual',
      signal,
      headers: {
        ...headers,
        Accept: JSON_TYPE,
        'User-Agent': userAgent,
        ...(credential === null ? {} : { Authorization: `${credential.scheme} ${credential.secret}` }),
        ...(isBackground ? { 'X-Sallyport-Background': '1' } : {}),
        ...(text === undefined ? {} : { 'Content-Type': JSON_TYPE }),
        ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
        ...(proof === null ? {} : { 'Sallyport-Proof': proof }),
      },
      ...(text === undefined ? {} : { body: text }),
    }).catch(unreachable);

  /** The answer as JSON; a refusal is thrown. */
  const read = async (response: Response): Promise<unknown> => {
    const answered: string = await response.text().catch(unreachable);
    let body: unknown;
    try {
      body = answered === '' ? undefined : JSON.parse(answered);
    } catch {
      // A page of a proxy, or of something else altogether: its status still counts, its text does not.
      throw new Refusal(response.status, {
        errorSummary: `What answers at ${origin} speaks no JSON (status ${response.status})`,
      });
    }
    if (!response.ok) throw new Refusal(response.status, body, response.headers.get('Retry-After'));
    return body;
  };

  const transmit = async (
    prepared: Prepared,
    { isBackground = false }: CallOptions = {},
    proof: string | null = null,
  ): Promise<ClientAnswer> => {
    const response = await ask(prepared, isBackground, proof, AbortSignal.timeout(timeoutSeconds * 1000));
    const { status, headers } = response;
    return {
      status,
      body: await read(response),
      nextPath: nextPage(headers.get('Link')),
      etag: headers.get('ETag'),
      searchedTo: headers.get('X-Sallyport-Searched-To'),
    };
  };

  /** The proof of an earlier run, once, for the first change. */
  const resumed = async (): Promise<string | null> => {
    const take = resume;
    resume = undefined;
    return take === undefined ? null : take(client);
  };

  const send = async (request: ClientRequest, callOptions: CallOptions = {}): Promise<ClientAnswer> => {
    options.beforeSend?.(request);
    const prepared = prepare(origin, request);
    const earlier = request.method === 'GET' ? null : await resumed();
    try {
      return await transmit(prepared, callOptions, earlier);
    } catch (error) {
      const asked = error instanceof Refusal && earlier === null ? proofAskedIn(error.sallyport) : null;
      if (asked === null || proofs === undefined) throw error;
      return transmit(prepared, callOptions, await proofs.obtain(asked, client));
    }
  };

  /** One proof for all; null where none is asked. */
  const proofOfAll = async (all: readonly Prepared[]): Promise<string | null> => {
    const earlier = await resumed();
    if (earlier !== null || proofs === undefined) return earlier;
    const opened = await client.call('proofs.open', { body: { requests: all.map(signedParts) } });
    const asked = proofAskedIn(opened as Readonly<Record<string, unknown>>);
    return asked === null ? null : proofs.obtain(asked, client);
  };

  const client: Client = {
    origin,
    send,
    async sendAll(requests, { stopsAtFailure = false } = {}) {
      const results: PromiseSettledResult<ClientAnswer>[] = [];
      const isOver = (): boolean => stopsAtFailure && results.at(-1)?.status === 'rejected';
      // A token proves nothing: what it may not do by itself is approved one by one.
      if (requests.length < 2 || credential?.scheme !== 'Bearer') {
        for (const request of requests) if (!isOver()) results.push(await settled(send(request)));
        return results;
      }
      const all = requests.map((request) => {
        options.beforeSend?.(request);
        return prepare(origin, request);
      });
      const proof = await proofOfAll(all);
      // One after the other, as they were given.
      for (const prepared of all) if (!isOver()) results.push(await settled(transmit(prepared, {}, proof)));
      return results;
    },
    async *download(request: ClientRequest) {
      // The time is for the next bytes, not for all of them.
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new Error('timeout')), timeoutSeconds * 1000);
      try {
        options.beforeSend?.(request);
        const response = await ask(prepare(origin, request), false, null, late.signal);
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
  return client;
};
