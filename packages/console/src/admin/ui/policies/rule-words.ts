import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import { durationWords } from '../time-words.ts';

type Conditions = PolicyRuleAnswer['conditions'];
type Actions = PolicyRuleAnswer['actions'];
type Selection = NonNullable<NonNullable<NonNullable<Conditions>['people']>['users']>;
export type NameOf = (id: string) => string;

const selectionWords = (selection: Selection | null | undefined, what: string, nameOf: NameOf): string[] => {
  const list = (ids: readonly string[] | null | undefined): string => (ids ?? []).map(nameOf).join(', ');
  const include = list(selection?.include);
  const exclude = list(selection?.exclude);
  return [
    ...(include === '' ? [] : [`${what} is ${include}`]),
    ...(exclude === '' ? [] : [`${what} is not ${exclude}`]),
  ];
};

type Where = NonNullable<NonNullable<NonNullable<NonNullable<Conditions>['platform']>['include']>[number]>;
const SYSTEMS: Readonly<Record<string, string>> = {
  ANDROID: 'Android',
  CHROMEOS: 'ChromeOS',
  IOS: 'iOS',
  LINUX: 'Linux',
  MACOS: 'macOS',
  WINDOWS: 'Windows',
  OTHER: 'another system',
};
const platformWords = ({ type, os }: Where): string => {
  const kind = type == null || type === 'ANY' ? 'any device' : `a ${type.toLowerCase()} device`;
  const system = os?.type;
  return system == null || system === 'ANY' ? kind : `${kind} with ${SYSTEMS[system] ?? system}`;
};

/** If: every condition, or `anybody, from anywhere`. */
export const ifWords = (conditions: Conditions, nameOf: NameOf): readonly string[] => {
  const { people, network, device, riskScore, platform, risk, userType, elCondition } = conditions ?? {};
  const platforms = platform?.include ?? [];
  const assurances = device?.assurance?.include ?? [];
  const behaviors = risk?.behaviors ?? [];
  const expression = elCondition?.condition.trim() ?? '';
  const words = [
    ...selectionWords(people?.users, 'the person', nameOf),
    ...selectionWords(people?.groups, 'a group of the person', nameOf),
    ...selectionWords(userType, 'the type of the person', nameOf),
    ...(network?.connection === 'ZONE' ? selectionWords(network, 'the network zone', nameOf) : []),
    ...(device?.registered == null ? [] : [`the device is ${device.registered ? '' : 'not '}registered`]),
    ...(device?.managed == null ? [] : [`the device is ${device.managed ? '' : 'not '}managed`]),
    ...(assurances.length === 0 ? [] : [`the device satisfies ${assurances.map(nameOf).join(' or ')}`]),
    ...(platforms.length === 0 ? [] : [`the browser says it runs on ${platforms.map(platformWords).join(' or ')}`]),
    ...(behaviors.length === 0 ? [] : [`the sign-in shows ${behaviors.map(nameOf).join(' or ')}`]),
    ...(expression === '' ? [] : [expression]),
    ...(riskScore?.level === undefined || riskScore.level === 'ANY'
      ? []
      : [`the risk is ${riskScore.level.toLowerCase()}`]),
  ];
  return words.length === 0 ? ['anybody, from anywhere'] : words;
};

const POSSESSION: readonly (readonly [string, string])[] = [
  ['phishingResistant', 'that cannot be phished'],
  ['deviceBound', 'that stays on its device'],
  ['hardwareProtection', 'in hardware'],
  ['userVerification', 'that verifies the person'],
];

type Constraint = NonNullable<
  NonNullable<NonNullable<NonNullable<Actions['appSignOn']>['verificationMethod']>['constraints']>[number]
>;
/** One way of several: what is to be had, and known. */
const wayWords = ({ knowledge, possession }: Constraint): string => {
  const key = POSSESSION.filter(([name]) => possession?.[name] === 'REQUIRED').map(([, words]) => words);
  return [
    ...(key.length === 0 ? [] : [`a key ${key.join(', ')}`]),
    ...(knowledge == null || knowledge['required'] === false ? [] : ['a password']),
  ].join(' and ');
};

/** `PT2H` in words. */
const secondsOf = (duration: string): number => {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ?? [];
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};
const restWords = (duration: string): string => durationWords(secondsOf(duration));
export const ageWords = (duration: string): string => {
  const all = secondsOf(duration);
  return all === 0 ? 'proved in this very sign-in' : `proved at most ${durationWords(all)} ago`;
};

const minutes = (n: number): string => (n % 60 === 0 ? `${n / 60} h` : `${n} min`);

/** Then: allowed or denied, with what proof, and for how long. */
export const thenWords = ({
  appSignOn,
  signon,
  passwordChange,
  enroll,
}: Actions): { readonly isAllowed: boolean; readonly words: readonly string[] } => {
  if (enroll != null) return { isAllowed: enroll.self === 'CHALLENGE' || enroll.self === 'LOGIN', words: [] };
  if (passwordChange != null) return { isAllowed: passwordChange.access === 'ALLOW', words: [] };
  // What is not understood is denied, here as on the server.
  if ((appSignOn?.access ?? signon?.access) !== 'ALLOW') return { isAllowed: false, words: [] };
  const method = appSignOn?.verificationMethod;
  const ways = (method?.constraints ?? []).map(wayWords).filter((words) => words !== '');
  const isChain = method?.type === 'AUTH_METHOD_CHAIN';
  const again = method?.reauthenticateIn;
  return {
    isAllowed: true,
    words: [
      ...(method?.factorMode === '2FA' || signon?.requireFactor === true
        ? ['two factors']
        : appSignOn != null && ways.length === 0 && !isChain
          ? ['any one factor']
          : []),
      ...(ways.length === 0 ? [] : [[...new Set(ways)].join(', or ')]),
      ...(isChain ? ['one of the chains of methods that it names'] : []),
      ...(again == null ? [] : [ageWords(again)]),
      ...(method?.inactivityPeriod == null ? [] : [`sessions end after ${restWords(method.inactivityPeriod)} idle`]),
      ...(signon?.session?.maxSessionIdleMinutes == null
        ? []
        : [`sessions end after ${minutes(signon.session.maxSessionIdleMinutes)} idle`]),
      ...(signon?.session?.maxSessionLifetimeMinutes == null || signon.session.maxSessionLifetimeMinutes === 0
        ? []
        : [`sessions end after ${minutes(signon.session.maxSessionLifetimeMinutes)}`]),
    ],
  };
};
