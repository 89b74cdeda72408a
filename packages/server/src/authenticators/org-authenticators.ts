import { createHash } from 'node:crypto';
import { ApiError, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent } from '../system-log/record-event.ts';

interface Method {
  readonly type: string;
  readonly [field: string]: unknown;
}
interface Authenticator {
  readonly type: string;
  readonly key: string;
  readonly name: string;
  /** Whether anybody can use it here. Clients look for email, at the head of the list, and for a phone. */
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly methods: readonly Method[];
  /** Why its status stays as it is. */
  readonly whyFixed: string;
}

const AUTHENTICATORS: readonly Authenticator[] = [
  {
    type: 'email',
    key: 'okta_email',
    name: 'Email',
    status: 'INACTIVE',
    settings: { allowedFor: 'recovery' },
    methods: [{ type: 'email' }],
    whyFixed: 'Email cannot be activated: whoever reads the mailbox would be you, so that a mail proves nobody here.',
  },
  {
    type: 'password',
    key: 'okta_password',
    name: 'Password',
    status: 'ACTIVE',
    methods: [{ type: 'password' }],
    whyFixed: 'The password cannot be deactivated: where one is enough, or none counts, is what policies say.',
  },
  {
    type: 'phone',
    key: 'phone_number',
    name: 'Phone',
    status: 'INACTIVE',
    settings: { allowedFor: 'none' },
    methods: [{ type: 'sms' }, { type: 'voice' }],
    whyFixed:
      'Phone cannot be activated: this server sends no text messages and makes no calls, for both can be taken over with ' +
      'the number. Use a security key, or the one-time code of an app.',
  },
  {
    type: 'security_key',
    key: 'webauthn',
    name: 'Security key or biometric',
    status: 'ACTIVE',
    methods: [{ type: 'webauthn', settings: { userVerification: 'REQUIRED', attachment: 'ANY' } }],
    whyFixed: 'Security keys cannot be deactivated: without one nobody enters the Admin Console.',
  },
  {
    type: 'app',
    key: 'google_otp',
    name: 'One-time code of an app',
    status: 'ACTIVE',
    settings: {},
    // RFC 6238 with the values that every such app knows.
    methods: [
      {
        type: 'otp',
        protocol: 'TOTP',
        algorithm: 'HMacSHA1',
        encoding: 'base32',
        passCodeLength: 6,
        timeIntervalInSeconds: 30,
      },
    ],
    whyFixed: 'One-time codes cannot be deactivated for everybody: where they count is what policies say.',
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
  return AUTHENTICATORS.map(({ methods, settings, whyFixed, ...row }) => {
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
      methods: methods.map((method) => ({
        ...method,
        status: row.status,
        _links: { self: { href: `${self}/methods/${method.type}`, hints: { allow: ['GET'] } } },
      })),
      whyFixed,
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

/** `GET …/{id}/methods`. */
export const listAuthenticatorMethods = async (s: Services, id: string) => (await find(s, id)).methods;

export const getAuthenticatorMethod = async (s: Services, id: string, type: string) => {
  const method = (await find(s, id)).methods.find((one) => one.type === type);
  if (method === undefined) throw notFound(type, 'AuthenticatorMethod');
  return method;
};

/**
 * `POST …/lifecycle/activate` and `…/deactivate`: what is so already is shown; anything else is E0000060 with why it stays as
 * it is, and the log knows who tried.
 */
export const switchAuthenticator = async (s: Services, principal: Principal, id: string, isOn: boolean) => {
  assertHolds(principal, 'okta.authenticators.manage');
  const { shown, whyFixed } = await find(s, id);
  if ((shown.status === 'ACTIVE') === isOn) return shown;
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await recordEvent(s, tx, principal, {
      eventType: isOn ? 'security.authenticator.lifecycle.activate' : 'security.authenticator.lifecycle.deactivate',
      target: [{ id, type: 'Authenticator', alternateId: shown.key, displayName: shown.name, detailEntry: null }],
      outcome: { result: 'FAILURE', reason: whyFixed },
    });
  });
  throw new ApiError('E0000060', { causes: [whyFixed] });
};
