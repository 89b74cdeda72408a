import { request as httpRequest } from 'node:http';
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown> & unknown[];
  readonly text: string;
}
type SoftAuthenticator = ReturnType<typeof createSoftAuthenticator>;

const CHROME = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** A request over a real socket; every header, `Host` included, is the test's to choose. */
export const send = (
  url: string,
  method: string,
  path: string,
  headers: Record<string, string | string[]>,
  body?: unknown,
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const target = new URL(path, url);
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const call = httpRequest(
      {
        host: '127.0.0.1',
        port: target.port,
        method,
        path: target.pathname + target.search,
        agent: false,
        headers: {
          Host: target.host,
          ...(text === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          const isJson = String(response.headers['content-type'] ?? '').includes('json');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: answer,
            body: (isJson && answer !== '' ? JSON.parse(answer) : {}) as Reply['body'],
          });
        });
      },
    );
    call.on('error', reject);
    if (text !== undefined) call.write(text);
    call.end();
  });

/** The id of what was made or changed; a refusal is thrown with its text. */
export const idOf = ({ status, text, body }: Reply): string => {
  if (status >= 300) throw new Error(`${status} ${text}`);
  return String(body['id']);
};
/** The reason that a refusal names. */
export const reasonOf = ({ body }: Reply): string | undefined =>
  (body['sallyport'] as { readonly reason?: string } | undefined)?.reason;

/** What a refusal says that asks for fresh proof. */
export interface AskedProof {
  readonly action: string;
  readonly words: string;
  readonly challenge: string;
  readonly proofUrl: string;
  readonly expiresAt: string;
  readonly allowCredentials: readonly { readonly id: string }[];
}
/** The proof that a reply asks for; null for any other reply. */
export const askedProof = ({ status, body }: Reply): AskedProof | null => {
  const asked = body['sallyport'] as ({ kind: string } & AskedProof) | undefined;
  return status === 403 && asked?.kind === 'step_up_required' ? asked : null;
};

/** Somebody with a browser, an address and a key. The address is what the trusted proxy in front says. */
export class Person {
  readonly login: string;
  readonly url: string;
  readonly key: SoftAuthenticator;
  address: string;
  userAgent = CHROME;
  cookie: string | null = null;
  private lastTouch: Promise<unknown> = Promise.resolve();

  constructor(
    url: string,
    login: string,
    address = '198.51.100.10',
    key: SoftAuthenticator = createSoftAuthenticator(),
  ) {
    this.url = url;
    this.login = login;
    this.address = address;
    this.key = key;
  }

  headers(extra: Record<string, string | string[]> = {}): Record<string, string | string[]> {
    return {
      'X-Forwarded-For': this.address,
      'User-Agent': this.userAgent,
      ...(this.cookie === null ? {} : { Cookie: `sid=${this.cookie}` }),
      ...extra,
    };
  }

  /**
   * A request, as the page sends it: where fresh proof is asked the person gives it, and the same request goes on. With
   * `callOnce` the refusal itself is the answer.
   */
  async call(
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string | string[]> = {},
  ): Promise<Reply> {
    const reply = await this.callOnce(method, path, body, extra);
    const asked = askedProof(reply);
    if (asked === null) return reply;
    const proved = await this.giveProof(asked);
    return proved.status === 200
      ? this.callOnce(method, path, body, { ...extra, 'Sallyport-Proof': proved.body['proof'] as string })
      : proved;
  }

  /** The same in two steps: what is asked is proved now, and the request that will be done waits for its call. */
  async prepare(method: string, path: string, body?: unknown): Promise<() => Promise<Reply>> {
    const proofs = await this.callOnce('POST', '/sallyport/v1/proofs', {
      requests: [
        {
          method,
          path,
          contentType: body === undefined ? '' : 'application/json',
          body: body === undefined ? '' : JSON.stringify(body),
        },
      ],
    });
    if (proofs.body['kind'] !== 'step_up_required') return () => this.callOnce(method, path, body);
    const proved = await this.giveProof(proofs.body as unknown as AskedProof);
    return () => this.callOnce(method, path, body, { 'Sallyport-Proof': String(proved.body['proof']) });
  }

  /** Touches the key for an action that was refused for want of proof; one touch after the other, as hands do. */
  giveProof(asked: AskedProof, key = this.key): Promise<Reply> {
    const touch = this.lastTouch.then(() => this.touch(asked, key));
    this.lastTouch = touch.catch(() => undefined);
    return touch;
  }

  private touch(asked: AskedProof, key: SoftAuthenticator): Promise<Reply> {
    const signed = key.assert({
      challenge: asked.challenge,
      rpId: 'localhost',
      origin: this.url,
      allowCredentials: asked.allowCredentials.map(({ id }) => id),
    });
    return this.callOnce('POST', asked.proofUrl, {
      clientData: signed.clientData,
      authenticatorData: signed.authenticatorData,
      signatureData: signed.signatureData,
      credentialId: signed.credentialId,
    });
  }

  async callOnce(
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string | string[]> = {},
  ): Promise<Reply> {
    const reply = await send(this.url, method, path, this.headers(extra), body);
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const [, value = ''] = /^sid=([^;]*)/.exec(line) ?? [];
      if (line.startsWith('sid=')) this.cookie = value === '' ? null : value;
    }
    return reply;
  }

  get(path: string, extra: Record<string, string | string[]> = {}): Promise<Reply> {
    return this.call('GET', path, undefined, extra);
  }

  /** The same cookie in another's hands: another address, the same browser string. */
  thief(address: string): Person {
    const thief = new Person(this.url, this.login, address, this.key);
    thief.cookie = this.cookie;
    return thief;
  }

  /** Claims the server and registers keys. */
  async claim(code: string, keys: readonly SoftAuthenticator[] = [this.key], organisation = 'Example'): Promise<void> {
    const claimed = await this.call('POST', '/sallyport/v1/setup/claim', {
      code,
      organisation,
      firstName: 'Ana',
      lastName: 'Admin',
      login: this.login,
    });
    if (claimed.status !== 200) throw new Error(`claim: ${claimed.status} ${claimed.text}`);
    const stateToken = claimed.body['stateToken'] as string;
    for (const key of keys) {
      const reply = await this.registerKey(stateToken, key);
      if (reply.status !== 200) throw new Error(`key: ${reply.status} ${reply.text}`);
    }
    const finished = await this.call('POST', '/sallyport/v1/setup/finish', {
      stateToken,
      secondKeySkipped: keys.length < 2,
    });
    if (finished.status !== 200) throw new Error(`finish: ${finished.status} ${finished.text}`);
  }

  async registerKey(stateToken: string, key: SoftAuthenticator): Promise<Reply> {
    const begun = await this.call('POST', '/sallyport/v1/setup/keys', { stateToken });
    if (begun.status !== 200) return begun;
    const { factorId, activation } = begun.body as unknown as {
      factorId: string;
      activation: { challenge: string; user: { id: string } };
    };
    const made = key.register({
      challenge: activation.challenge,
      rpId: 'localhost',
      origin: this.url,
      userId: activation.user.id,
    });
    return this.call('POST', `/sallyport/v1/setup/keys/${factorId}/activate`, {
      stateToken,
      attestation: made.attestation,
      clientData: made.clientData,
      transports: made.transports,
    });
  }

  /** The whole wire of a sign-in with the key; the last reply, good or bad. */
  async signIn(): Promise<Reply> {
    const begun = await this.call('POST', '/api/v1/authn', { username: this.login });
    if (begun.status !== 200) return begun;
    const proved = await this.prove(begun);
    return proved.body['status'] === 'SUCCESS'
      ? this.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] })
      : proved;
  }

  /** Answers the challenge of an `MFA_REQUIRED` with the key. */
  async prove(begun: Reply): Promise<Reply> {
    const { stateToken, _embedded } = begun.body as unknown as {
      stateToken: string;
      _embedded: { factors: { id: string; factorType: string; profile: { credentialId: string } }[] };
    };
    const factors = _embedded.factors.filter((factor) => factor.factorType === 'webauthn');
    const first = factors[0];
    if (first === undefined) throw new Error('no webauthn factor');
    const challenged = await this.call('POST', `/api/v1/authn/factors/${first.id}/verify`, { stateToken });
    if (challenged.status !== 200) return challenged;
    const { challenge } = (
      challenged.body as unknown as { _embedded: { factor: { _embedded: { challenge: { challenge: string } } } } }
    )._embedded.factor._embedded.challenge;
    const signed = this.key.assert({
      challenge,
      rpId: 'localhost',
      origin: this.url,
      allowCredentials: factors.map((factor) => factor.profile.credentialId),
    });
    const answered = factors.find((factor) => factor.profile.credentialId === signed.credentialId) ?? first;
    return this.call('POST', `/api/v1/authn/factors/${answered.id}/verify`, {
      stateToken,
      clientData: signed.clientData,
      authenticatorData: signed.authenticatorData,
      signatureData: signed.signatureData,
    });
  }
}

/** A claimed server's first administrator, signed in. */
export const signedInAdmin = async (
  server: { url: string; claimCode(): Promise<string> },
  address = '198.51.100.10',
): Promise<Person> => {
  const ana = new Person(server.url, 'ana@example.org', address);
  await ana.claim(await server.claimCode());
  const reply = await ana.signIn();
  if (reply.status !== 200) throw new Error(`sign-in: ${reply.status} ${reply.text}`);
  return ana;
};
