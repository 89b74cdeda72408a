import type { PolicyProofAnswer, WhatIfAnswer } from '@sallyport/client/answers';

type Authenticators = PolicyProofAnswer['ways'][number]['weakest'][number]['name'];
/** What somebody signs in with, as a choice. */
export const WITH: Readonly<Record<Authenticators, string>> = {
  password: 'Password alone',
  totp: 'One-time code alone',
  'password+totp': 'Password and one-time code',
  'synced-key': 'Passkey that may be synced, touched',
  'bound-key': 'Key that stays on its device, touched',
  'password+synced-key': 'Password and a passkey that may be synced',
  'password+bound-key': 'Password and a key that stays on its device',
  'verified-synced-key': 'Passkey that may be synced, with PIN or biometric',
  'verified-bound-key': 'Key that stays on its device, with PIN or biometric',
  'hardware-key': 'Attested key, touched',
  'verified-hardware-key': 'Attested key with PIN or biometric',
  'password+hardware-key': 'Password and attested key, touched',
  'password+verified-synced-key': 'Password and synced passkey with PIN or biometric',
  'password+verified-bound-key': 'Password and device-bound key with PIN or biometric',
  'password+verified-hardware-key': 'Password and attested key with PIN or biometric',
};

export const DEVICES = {
  managed: ['Managed', { deviceIsRegistered: true, deviceIsManaged: true }],
  registered: ['Registered, not managed', { deviceIsRegistered: true, deviceIsManaged: false }],
  foreign: ['Neither registered nor managed', { deviceIsRegistered: false, deviceIsManaged: false }],
} as const;
export const RISKS = { LOW: 'Low', MEDIUM: 'Medium', HIGH: 'High' } as const;

/** The case that is imagined, as it stands in the address of the screen. */
export type Search = Readonly<Record<string, string | undefined>>;

/** Is there enough of it to ask? */
export const isAsked = ({ policy, event }: Search): boolean => policy !== undefined || event !== undefined;

/** What `POST /sallyport/v1/what-if` takes. */
export const bodyOf = ({ policy, draft, event, user, ip, auth, device, risk }: Search) => ({
  ...(policy === undefined ? {} : { policy }),
  ...(policy === undefined || draft === undefined ? {} : { draftId: draft }),
  ...(event === undefined ? {} : { event }),
  facts: {
    ...(user === undefined ? {} : { user }),
    ...(ip === undefined ? {} : { ip }),
    ...(auth === undefined ? {} : { authenticators: auth }),
    ...(device === undefined || !Object.hasOwn(DEVICES, device) ? {} : DEVICES[device as keyof typeof DEVICES][1]),
    ...(risk === undefined ? {} : { risk }),
  },
});

const quoted = (text: string): string => (/^[\w@.:+-]+$/.test(text) ? text : `'${text.replaceAll("'", '')}'`);

/** The same question in a terminal. */
export const commandOf = ({ policy, event, user, ip, auth, device, risk }: Search): string =>
  [
    'sallyport what-if',
    ...Object.entries({ policy, event, user, ip, with: auth, risk: risk?.toLowerCase() }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name} ${quoted(value)}`],
    ),
    ...(device === 'managed'
      ? ['--managed yes']
      : device === 'registered'
        ? ['--registered yes --managed no']
        : device === 'foreign'
          ? ['--registered no --managed no']
          : []),
  ].join(' ');

/** A value of a fact as people read it: what is an id has its name. */
export const valueWords = (
  { value, shown }: Pick<WhatIfAnswer['facts'][number], 'value' | 'shown'>,
  nameOf: (id: string) => string,
): string => {
  const ids = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return ids.length > 0 && ids.every((id) => typeof id === 'string') ? ids.map(nameOf).join(', ') : shown;
};

export const VERDICTS: Readonly<Record<WhatIfAnswer['verdict'], readonly ['good' | 'bad' | 'warn', string]>> = {
  allow: ['good', 'Allowed'],
  deny: ['bad', 'Denied'],
  step_up: ['warn', 'Asked for more'],
};
export const STATUSES: Readonly<
  Record<WhatIfAnswer['rules'][number]['status'], readonly ['info' | 'quiet' | 'warn', string]>
> = {
  MATCH: ['info', 'decides'],
  NOT_MATCH: ['quiet', 'did not apply'],
  UNDEFINED: ['warn', 'did not apply'],
  NOT_READ: ['quiet', 'not read'],
  INACTIVE: ['quiet', 'switched off'],
};
