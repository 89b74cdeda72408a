import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { type Person, type Reply, send } from './person.ts';

type Json = Readonly<Record<string, unknown>>;
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A key pair of a machine, as JSON Web Keys. */
export interface MachineKey {
  readonly alg: 'RS256' | 'ES256';
  readonly publicJwk: Json;
  readonly privateJwk: Json;
}
export const makeMachineKey = (alg: MachineKey['alg'] = 'ES256', kid: string = randomUUID()): MachineKey => {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    alg,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' },
    privateJwk: { ...privateKey.export({ format: 'jwk' }), kid, alg },
  };
};

/** A signed JWT; header and claims are the test's to choose, wrong ones too. */
export const signJwt = (key: MachineKey, header: Json, claims: Json): string => {
  const input = `${encode({ alg: key.alg, ...header })}.${encode(claims)}`;
  const secret = createPrivateKey({ key: key.privateJwk as Record<string, string>, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(input), { key: secret, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
};

export interface MachineOptions {
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly isDpopBound?: boolean;
  readonly protectedActions?: readonly string[];
  readonly network?: Json;
  readonly key?: MachineKey;
  readonly label?: string;
}
export const serviceAppBody = (label: string, oauthClient: Json = {}, app: Json = {}) => ({
  name: 'oidc_client',
  label,
  signOnMode: 'OPENID_CONNECT',
  credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
  settings: {
    app,
    oauthClient: {
      application_type: 'service',
      grant_types: ['client_credentials'],
      response_types: ['token'],
      network: { connection: 'ANYWHERE' },
      ...oauthClient,
    },
  },
});

/** The server that a machine talks to, by whose clock it signs. */
export interface MachineServer {
  readonly url: string;
  readonly clock: { now(): number };
}

/** A service app of the server, with its private key in hand. */
export class Machine {
  readonly server: MachineServer;
  readonly id: string;
  readonly key: MachineKey;
  address = '192.0.2.77';
  token = '';
  nonce: string | undefined;

  constructor(server: MachineServer, id: string, key: MachineKey) {
    this.server = server;
    this.id = id;
    this.key = key;
  }

  claims(path = '/oauth2/v1/token'): Json {
    const now = Math.floor(this.server.clock.now() / 1000);
    return {
      iss: this.id,
      sub: this.id,
      aud: `${this.server.url}${path}`,
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
    };
  }

  assertion(claims: Json = {}, header: Json = {}, key = this.key, path?: string): string {
    return signJwt(key, { kid: key.publicJwk['kid'], ...header }, { ...this.claims(path), ...claims });
  }

  proof(method: string, path: string, claims: Json = {}, header: Json = {}, key = this.key): string {
    const { kid: _, use: __, ...jwk } = key.publicJwk;
    return signJwt(
      key,
      { typ: 'dpop+jwt', jwk, ...header },
      {
        htm: method,
        htu: `${this.server.url}${path.split('?', 1)[0]}`,
        jti: randomUUID(),
        iat: Math.floor(this.server.clock.now() / 1000),
        ...claims,
      },
    );
  }

  /** What an access token adds to the claims of a proof. */
  ath(token = this.token): Json {
    return { ath: createHash('sha256').update(token).digest('base64url') };
  }

  form(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> {
    return send(
      this.server.url,
      'POST',
      path,
      { 'X-Forwarded-For': this.address, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      new URLSearchParams(fields).toString(),
    );
  }

  askToken(
    scope: string,
    { assertion = this.assertion(), headers = {} }: { assertion?: string; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    return this.form(
      '/oauth2/v1/token',
      {
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      },
      headers,
    );
  }

  /** A token that is kept for `call`. */
  async authenticate(scope: string): Promise<void> {
    const reply = await this.askToken(scope);
    if (reply.status !== 200) throw new Error(`token: ${reply.status} ${reply.text}`);
    this.token = String(reply.body['access_token']);
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return send(
      this.server.url,
      method,
      path,
      { 'X-Forwarded-For': this.address, Authorization: `Bearer ${this.token}`, ...headers },
      body,
    );
  }
}

let made = 0;
/** Makes a service app as an administrator does, with its scopes and roles. */
export const makeMachine = async (
  server: MachineServer,
  admin: Person,
  options: MachineOptions = {},
): Promise<Machine> => {
  const key = options.key ?? makeMachineKey();
  const post = async (path: string, body: unknown): Promise<Reply> => {
    const reply = await admin.call('POST', path, body);
    if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${reply.text}`);
    return reply;
  };
  const app = await post(
    '/api/v1/apps',
    serviceAppBody(
      options.label ?? `machine ${made++}`,
      {
        jwks: { keys: [key.publicJwk] },
        dpop_bound_access_tokens: options.isDpopBound ?? false,
        ...(options.network === undefined ? {} : { network: options.network }),
      },
      { protectedActions: options.protectedActions ?? [] },
    ),
  );
  const id = String(app.body['id']);
  for (const scopeId of options.scopes ?? []) await post(`/api/v1/apps/${id}/grants`, { scopeId, issuer: server.url });
  for (const type of options.roles ?? []) await post(`/oauth2/v1/clients/${id}/roles`, { type });
  return new Machine(server, id, key);
};
