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

/** If: every condition, or `anybody, from anywhere`. */
export const ifWords = (conditions: Conditions, nameOf: NameOf): readonly string[] => {
  const { people, network, device, riskScore } = conditions ?? {};
  const words = [
    ...selectionWords(people?.users, 'the person', nameOf),
    ...selectionWords(people?.groups, 'a group of the person', nameOf),
    ...(network?.connection === 'ZONE' ? selectionWords(network, 'the network zone', nameOf) : []),
    ...(device?.registered == null ? [] : [`the device is ${device.registered ? '' : 'not '}registered`]),
    ...(device?.managed == null ? [] : [`the device is ${device.managed ? '' : 'not '}managed`]),
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

/** `PT2H` in words. */
export const ageWords = (duration: string): string => {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ?? [];
  const all = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return all === 0 ? 'proved in this very sign-in' : `proved at most ${durationWords(all)} ago`;
};

const minutes = (n: number): string => (n % 60 === 0 ? `${n / 60} h` : `${n} min`);

/** Then: allowed or denied, with what proof, and for how long. */
export const thenWords = ({
  appSignOn,
  signon,
}: Actions): { readonly isAllowed: boolean; readonly words: readonly string[] } => {
  // What is not understood is denied, here as on the server.
  if ((appSignOn?.access ?? signon?.access) !== 'ALLOW') return { isAllowed: false, words: [] };
  const method = appSignOn?.verificationMethod;
  const asked = (method?.constraints ?? []).map(({ possession }) => possession ?? {});
  const key = POSSESSION.filter(([name]) => asked.some((possession) => possession[name] === 'REQUIRED'));
  const again = method?.reauthenticateIn;
  return {
    isAllowed: true,
    words: [
      ...(method?.factorMode === '2FA' || signon?.requireFactor === true ? ['two factors'] : []),
      ...(key.length === 0 ? [] : [`a key ${key.map(([, words]) => words).join(', ')}`]),
      ...(again == null ? [] : [ageWords(again)]),
      ...(signon?.session?.maxSessionIdleMinutes == null
        ? []
        : [`sessions end after ${minutes(signon.session.maxSessionIdleMinutes)} idle`]),
      ...(signon?.session?.maxSessionLifetimeMinutes == null || signon.session.maxSessionLifetimeMinutes === 0
        ? []
        : [`sessions end after ${minutes(signon.session.maxSessionLifetimeMinutes)}`]),
    ],
  };
};
