import { createHash } from 'node:crypto';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { type KeySettingsBody, presentKeySettings, previewKeySettings, putKeySettings } from './key-settings.ts';

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
  readonly whyFixed: string | null;
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
    methods: [{ type: 'webauthn' }],
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
    whyFixed: null,
  },
];

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The same id for as long as the organisation exists, and another one in any other. */
const idOf = (orgId: string, key: string): string =>
  `aut${[...createHash('sha256').update(`${orgId} ${key}`).digest().subarray(0, 17)].map((byte) => ALPHABET[byte % 62]).join('')}`;

const all = async (s: Services) => {
  const org = await s.store.read.selectFrom('org').select(['id', 'createdAt']).executeTakeFirst();
  if (org === undefined) return [];
  const states = s.settings.get('authenticators');
  return AUTHENTICATORS.map(({ methods, settings, whyFixed, ...row }) => {
    const id = idOf(org.id, row.key);
    const self = `${s.config.publicUrl.origin}/api/v1/authenticators/${id}`;
    const state = states[row.key];
    const status = state?.isOff === true ? 'INACTIVE' : row.status;
    const isKey = row.key === 'webauthn';
    return {
      shown: {
        type: row.type,
        id,
        key: row.key,
        status,
        name: state?.name ?? row.name,
        created: toIso(org.createdAt),
        lastUpdated: toIso(state?.lastUpdatedAt ?? org.createdAt),
        ...(settings === undefined ? {} : { settings }),
        _links: {
          self: { href: self, hints: { allow: ['GET', 'PUT'] } },
          methods: { href: `${self}/methods`, hints: { allow: ['GET'] } },
          ...(whyFixed !== null
            ? {}
            : status === 'ACTIVE'
              ? { deactivate: { href: `${self}/lifecycle/deactivate`, hints: { allow: ['POST'] } } }
              : { activate: { href: `${self}/lifecycle/activate`, hints: { allow: ['POST'] } } }),
        },
      },
      methods: methods.map((method) => ({
        ...method,
        ...(isKey ? { settings: presentKeySettings(s.settings.get('keys')) } : {}),
        status,
        _links: {
          self: { href: `${self}/methods/${method.type}`, hints: { allow: isKey ? ['GET', 'PUT'] : ['GET'] } },
        },
      })),
      whyFixed,
    };
  });
};

/** E0000007 for an id that no authenticator of this organisation has. */
export const findAuthenticator = async (s: Services, id: string) => {
  const found = (await all(s)).find(({ shown }) => shown.id === id);
  if (found === undefined) throw notFound(id, 'Authenticator');
  return found;
};

/** `GET /api/v1/authenticators`. */
export const listAuthenticators = async (s: Services) => (await all(s)).map(({ shown }) => shown);

export const getAuthenticator = async (s: Services, id: string) => (await findAuthenticator(s, id)).shown;

/** `GET …/{id}/methods`. */
export const listAuthenticatorMethods = async (s: Services, id: string) => (await findAuthenticator(s, id)).methods;

export const getAuthenticatorMethod = async (s: Services, id: string, type: string) => {
  const method = (await findAuthenticator(s, id)).methods.find((one) => one.type === type);
  if (method === undefined) throw notFound(type, 'AuthenticatorMethod');
  return method;
};

type Shown = Awaited<ReturnType<typeof getAuthenticator>>;
type Change = { readonly name?: string; readonly isOff?: boolean };

/** Writes down what was changed of an authenticator, and when. */
const saveState = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { key }: Pick<Shown, 'key'>,
  change: Change,
): Promise<void> => {
  const states = await s.settings.read(tx, 'authenticators');
  const now = s.clock.now();
  const next = { ...states, [key]: { ...states[key], ...change, lastUpdatedAt: now } };
  await s.settings.put(tx, 'authenticators', next, now, authorOf(principal));
};

const asTarget = ({ id, key, name }: Pick<Shown, 'id' | 'key' | 'name'>): LogTarget => ({
  id,
  type: 'Authenticator',
  alternateId: key,
  displayName: name,
  detailEntry: null,
});

/** The event of changed settings, in their transaction. */
export const recordUpdate = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  id: string,
  changeDetails: NonNullable<LogTarget['changeDetails']>,
): Promise<void> => {
  const { shown } = await findAuthenticator(s, id);
  await saveState(s, tx, principal, shown, {});
  await recordEvent(s, tx, principal, {
    eventType: 'security.authenticator.lifecycle.update',
    target: [{ ...asTarget(shown), changeDetails }],
  });
};

export interface ReplaceAuthenticator {
  readonly key?: string | undefined;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * `PUT /api/v1/authenticators/{id}`: the name that people read. Whatever else differs from what is so is refused, not
 * stored: what a key must be is a setting of its method, and what a password must be is judged the same for all.
 */
export const replaceAuthenticator = async (
  s: Services,
  principal: Principal,
  id: string,
  body: ReplaceAuthenticator,
) => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { shown } = await findAuthenticator(s, id);
    for (const field of ['key', 'type', 'status'] as const)
      if (body[field] !== undefined && body[field] !== shown[field])
        throw invalid(field, `It is ${shown[field]}, and cannot be changed here`);
    const settings: Readonly<Record<string, unknown>> = shown.settings ?? {};
    for (const [field, value] of Object.entries(body.settings ?? {}))
      if (JSON.stringify(settings[field]) !== JSON.stringify(value))
        throw invalid('settings', `${field} of this authenticator cannot be changed in this server`);
    if (body.name === undefined || body.name === shown.name) return;
    await saveState(s, tx, principal, shown, { name: body.name });
    await recordEvent(s, tx, principal, {
      eventType: 'security.authenticator.lifecycle.update',
      target: [{ ...asTarget(shown), changeDetails: { from: { name: shown.name }, to: { name: body.name } } }],
    });
  });
  await s.settings.reload();
  return getAuthenticator(s, id);
};

/**
 * `POST …/lifecycle/activate` and `deactivate`. Codes of an app alone can be switched: from then on none is asked for or
 * set up, and whoever has nothing else stays out until it is on again, for a password alone must not become enough.
 * E0000219 for keys, E0000060 for whatever else stays as it is, with why.
 */
export const switchAuthenticator = async (s: Services, principal: Principal, id: string, isOn: boolean) => {
  const { shown, whyFixed } = await findAuthenticator(s, id);
  if (shown.status === (isOn ? 'ACTIVE' : 'INACTIVE')) {
    await s.store.transaction((tx) => assertStillLive(s, tx, principal));
    return shown;
  }
  if (whyFixed !== null)
    throw shown.key === 'webauthn'
      ? new ApiError('E0000219', { args: ['the Admin Console opens with a security key only.'], causes: [whyFixed] })
      : new ApiError('E0000060', { causes: [whyFixed] });
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await saveState(s, tx, principal, shown, { isOff: !isOn });
    await recordEvent(s, tx, principal, {
      eventType: `security.authenticator.lifecycle.${isOn ? 'activate' : 'deactivate'}`,
      target: [asTarget(shown)],
    });
  });
  await s.settings.reload();
  return getAuthenticator(s, id);
};

/** The same by the path of its one method. */
export const switchAuthenticatorMethod = async (
  s: Services,
  principal: Principal,
  id: string,
  type: string,
  isOn: boolean,
) => {
  await getAuthenticatorMethod(s, id, type);
  await switchAuthenticator(s, principal, id, isOn);
  return getAuthenticatorMethod(s, id, type);
};

export interface ReplaceMethod {
  readonly type?: string | undefined;
  readonly status?: string | undefined;
  readonly settings?: KeySettingsBody | null | undefined;
}

const assertMethod = async (s: Services, id: string, type: string, body: ReplaceMethod): Promise<void> => {
  const method = await getAuthenticatorMethod(s, id, type);
  if (type !== 'webauthn') throw invalid('type', `The method ${type} has no settings that can be changed here`);
  for (const field of ['type', 'status'] as const)
    if (body[field] !== undefined && body[field] !== method[field])
      throw invalid(field, `It is ${method[field]}, and cannot be changed here`);
};

/** `PUT …/methods/webauthn`: see `putKeySettings`. */
export const replaceAuthenticatorMethod = async (
  s: Services,
  principal: Principal,
  id: string,
  type: string,
  body: ReplaceMethod,
  ifMatch: string | undefined,
) => {
  await assertMethod(s, id, type, body);
  await putKeySettings(s, principal, body.settings ?? {}, ifMatch, (tx, changeDetails) =>
    recordUpdate(s, tx, principal, id, changeDetails),
  );
  return getAuthenticatorMethod(s, id, type);
};

/** The same with `dryRun=true`: see `previewKeySettings`. */
export const previewAuthenticatorMethod = async (
  s: Services,
  principal: Principal,
  id: string,
  type: string,
  body: ReplaceMethod,
) => {
  await assertMethod(s, id, type, body);
  return previewKeySettings(s, principal, body.settings ?? {});
};
