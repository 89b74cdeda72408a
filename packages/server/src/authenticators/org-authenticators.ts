import { createHash } from 'node:crypto';
import { ApiError, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Services } from '../services.ts';

interface Method {
  readonly type: string;
  readonly [field: string]: unknown;
}
interface Authenticator {
  readonly type: string;
  readonly key: string;
  readonly name: string;
  /** Whether anybody can use it here. Mail proves nobody in this server; clients look for it, at the head of the list. */
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly method: Method;
}

const AUTHENTICATORS: readonly Authenticator[] = [
  {
    type: 'email',
    key: 'okta_email',
    name: 'Email',
    status: 'INACTIVE',
    settings: { allowedFor: 'recovery' },
    method: { type: 'email' },
  },
  { type: 'password', key: 'okta_password', name: 'Password', status: 'ACTIVE', method: { type: 'password' } },
  {
    type: 'security_key',
    key: 'webauthn',
    name: 'Security key or biometric',
    status: 'ACTIVE',
    method: { type: 'webauthn', settings: { userVerification: 'REQUIRED', attachment: 'ANY' } },
  },
  {
    type: 'app',
    key: 'google_otp',
    name: 'One-time code of an app',
    status: 'ACTIVE',
    settings: {},
    // RFC 6238 with the values that every such app knows.
    method: {
      type: 'otp',
      protocol: 'TOTP',
      algorithm: 'HMacSHA1',
      encoding: 'base32',
      passCodeLength: 6,
      timeIntervalInSeconds: 30,
    },
  },
];

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The same id for as long as the organisation exists, and another one in any other. */
const idOf = (orgId: string, key: string): string =>
  `aut${[...createHash('sha256').update(`${orgId} ${key}`).digest().subarray(0, 17)].map((byte) => ALPHABET[byte % 62]).join('')}`;

const all = async (s: Services) => {
  const org = await s.store.read.selectFrom('org').select(['id', 'createdAt']).executeTakeFirst();
  if (org === undefined) return [];
  const createdAt = toIso(org.createdAt);
  return AUTHENTICATORS.map(({ method, settings, ...row }) => {
    const id = idOf(org.id, row.key);
    const self = `${s.config.publicUrl.origin}/api/v1/authenticators/${id}`;
    return {
      shown: {
        type: row.type,
        id,
        key: row.key,
        status: row.status,
        name: row.name,
        created: createdAt,
        lastUpdated: createdAt,
        ...(settings === undefined ? {} : { settings }),
        _links: {
          self: { href: self, hints: { allow: ['GET'] } },
          methods: { href: `${self}/methods`, hints: { allow: ['GET'] } },
        },
      },
      method: {
        ...method,
        status: row.status,
        _links: { self: { href: `${self}/methods/${method.type}`, hints: { allow: ['GET'] } } },
      },
    };
  });
};

const find = async (s: Services, id: string) => {
  const found = (await all(s)).find(({ shown }) => shown.id === id);
  if (found === undefined) throw notFound(id, 'Authenticator');
  return found;
};

/** `GET /api/v1/authenticators`. */
export const listAuthenticators = async (s: Services) => (await all(s)).map(({ shown }) => shown);

export const getAuthenticator = async (s: Services, id: string) => (await find(s, id)).shown;

/** `GET …/{id}/methods`: each authenticator has one here. */
export const listAuthenticatorMethods = async (s: Services, id: string) => [(await find(s, id)).method];

export const getAuthenticatorMethod = async (s: Services, id: string, type: string) => {
  const { method } = await find(s, id);
  if (method.type !== type) throw new ApiError('E0000007', { args: [`${type} (AuthenticatorMethod)`] });
  return method;
};
