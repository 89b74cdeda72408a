import type { Client } from '@sallyport/client/create-client';
import type { Authenticators } from '@sallyport/model/policy-proof';
import { byPrefix } from './by-prefix.ts';
import { usageError } from './cli-error.ts';
import { instantOf, secondsOf } from './time-text.ts';
import type { Turn } from './verb.ts';

/** Checked against the model's list by its type. */
const AUTHENTICATORS: Readonly<Record<Authenticators, true>> = {
  password: true,
  totp: true,
  'synced-key': true,
  'bound-key': true,
  'password+totp': true,
  'password+synced-key': true,
  'password+bound-key': true,
  'verified-synced-key': true,
  'hardware-key': true,
  'password+hardware-key': true,
  'verified-bound-key': true,
  'verified-hardware-key': true,
  'password+verified-synced-key': true,
  'password+verified-bound-key': true,
  'password+verified-hardware-key': true,
};
const NAMES = Object.keys(AUTHENTICATORS) as Authenticators[];
const RISKS = ['LOW', 'MEDIUM', 'HIGH'] as const;

const oneOf = <const T extends string>(
  turn: Turn,
  option: string,
  values: readonly T[],
  typed?: string,
): T | undefined => {
  const given = typed ?? turn.text(option);
  if (given === undefined) return undefined;
  const found = values.find((value) => value === given);
  if (found === undefined) throw usageError(`--${option}: must be one of ${values.join(', ')}`);
  return found;
};
const flag = (turn: Turn, option: string): boolean | undefined => {
  const given = oneOf(turn, option, ['yes', 'no']);
  return given === undefined ? undefined : given === 'yes';
};

const zonesOf = async (client: Client, names: readonly string[]): Promise<string[]> => {
  const zones: { readonly id: string; readonly name: string }[] = [];
  for await (const page of client.pages('zones.list', {})) zones.push(...page);
  return names.map((typed) => {
    const zone = zones.find(({ name }) => name === typed) ?? byPrefix(zones, typed);
    if (zone === null) throw usageError(`--zone: there is no zone ${typed}`, 'sallyport zone list');
    return zone.id;
  });
};

/** The facts that the options of a command give; what is not given stays out. */
export const factsOf = async (client: Client, turn: Turn) => {
  const zones = turn.options['zone'] as readonly string[] | undefined;
  const proved = turn.text('proved');
  const provedSecondsAgo = proved === undefined ? undefined : secondsOf(proved);
  if (provedSecondsAgo === null) throw usageError('--proved: must be a time', '--proved 2h');
  const time = turn.text('at');
  const at = time === undefined ? undefined : instantOf(time, turn.now);
  if (at === null) throw usageError('--at: must be an instant', '--at 2026-11-25T12:00:00Z');
  const given = {
    user: turn.text('user'),
    ip: turn.text('ip'),
    zones: zones === undefined ? undefined : await zonesOf(client, zones),
    authenticators: oneOf(turn, 'with', NAMES),
    provedSecondsAgo,
    deviceIsRegistered: flag(turn, 'registered') ?? (turn.text('managed') === 'yes' ? true : undefined),
    deviceIsManaged: flag(turn, 'managed'),
    risk: oneOf(turn, 'risk', RISKS, turn.text('risk')?.toUpperCase()),
    at,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
};

/** How facts are given: who, from where, with what. */
export const FACT_OPTIONS: readonly (readonly [string, string])[] = [
  ['--user <person>', 'login or id'],
  ['--ip <address>', 'from where'],
  ['--zone <zone...>', 'network zones, in place of those of the address'],
  ['--with <authenticators>', `signed in with: ${NAMES.join(', ')}`],
  ['--proved <time>', 'how long ago, like 2h (default: just now)'],
  ['--registered <yes|no>', 'the device is registered'],
  ['--managed <yes|no>', 'the device is managed'],
  ['--risk <level>', 'low, medium or high'],
  ['--at <instant>', 'when, like 2d (ago) or 2026-11-25T12:00:00Z (default: now, or when the event was)'],
];
