/** A rule as `GET /api/v1/policies/{id}/rules` shows it, as far as its words need. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly status: string;
  readonly system: boolean;
  readonly conditions: RuleConditions | null;
  readonly actions: RuleActions;
}
interface Selection {
  readonly include?: readonly string[] | null;
  readonly exclude?: readonly string[] | null;
}
export interface RuleConditions {
  readonly people?: { readonly users?: Selection | null; readonly groups?: Selection | null } | null;
  readonly network?: (Selection & { readonly connection?: string }) | null;
  readonly device?: { readonly registered?: boolean | null; readonly managed?: boolean | null } | null;
  readonly riskScore?: { readonly level?: string } | null;
}
export interface RuleActions {
  readonly appSignOn?: {
    readonly access?: string;
    readonly verificationMethod?: {
      readonly factorMode?: string;
      readonly reauthenticateIn?: string | null;
      readonly constraints?: readonly { readonly possession?: Readonly<Record<string, unknown>> | null }[] | null;
    } | null;
  } | null;
  readonly signon?: {
    readonly access?: string;
    readonly requireFactor?: boolean | null;
    readonly session?: {
      readonly maxSessionIdleMinutes?: number | null;
      readonly maxSessionLifetimeMinutes?: number | null;
    } | null;
  } | null;
}

type NameOf = (id: string) => string;

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
export const ifWords = (conditions: RuleConditions | null, nameOf: NameOf): readonly string[] => {
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

const minutes = (n: number): string => (n % 60 === 0 ? `${n / 60} h` : `${n} min`);

/** Then: allowed or denied, with what proof, and for how long. */
export const thenWords = ({
  appSignOn,
  signon,
}: RuleActions): { readonly isAllowed: boolean; readonly words: readonly string[] } => {
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
      ...(again == null
        ? []
        : [
            again === 'PT0S'
              ? 'proved in this very sign-in'
              : `proved again after ${again.replace(/^PT?/, '').toLowerCase()}`,
          ]),
      ...(signon?.session?.maxSessionIdleMinutes == null
        ? []
        : [`sessions end after ${minutes(signon.session.maxSessionIdleMinutes)} idle`]),
      ...(signon?.session?.maxSessionLifetimeMinutes == null || signon.session.maxSessionLifetimeMinutes === 0
        ? []
        : [`sessions end after ${minutes(signon.session.maxSessionLifetimeMinutes)}`]),
    ],
  };
};
