import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import type { Change } from '../changes-table.tsx';
import { ifWords, thenWords } from './rule-words.ts';

/** `kept`: what was written elsewhere and has no form here stays as it is. */
export type Who = 'everyone' | 'groups' | 'people' | 'kept';
export type From = 'anywhere' | 'inside' | 'outside' | 'kept';
export type Proof = 'device-key' | 'key' | 'two' | 'one' | 'kept';
export type Device = 'any' | 'registered' | 'managed' | 'kept';
export type Risk = 'ANY' | 'LOW' | 'MEDIUM' | 'HIGH';
/**
 * `app`: who may enter an app. `session`: who gets a session at all. `password`, `enrolment`: who changes their own
 * password, or adds an authenticator themselves.
 */
export type RuleKind = 'app' | 'session' | 'password' | 'enrolment';
/** Does it decide who comes in, by a proof? */
export const isDoorKind = (kind: RuleKind): boolean => kind === 'app' || kind === 'session';

/** A rule as it is being edited. */
export interface RuleDraft {
  readonly kind: RuleKind;
  readonly name: string;
  readonly access: 'ALLOW' | 'DENY';
  /** Its place among the rules that people wrote, from 1. */
  readonly place: number;
  readonly who: Who;
  readonly groupIds: readonly string[];
  readonly userIds: readonly string[];
  readonly from: From;
  readonly zoneIds: readonly string[];
  /** Only of rules of apps. */
  readonly expression: string;
  readonly device: Device;
  readonly risk: Risk;
  readonly proof: Proof;
  /** ISO 8601; null: of any age. */
  readonly maxAge: string | null;
  /** Minutes, as they are typed; nothing typed leaves it to the default. Only of rules of sessions. */
  readonly idle: string;
  readonly lifetime: string;
}
type Conditions = NonNullable<PolicyRuleAnswer['conditions']>;
type Method = NonNullable<NonNullable<PolicyRuleAnswer['actions']['appSignOn']>['verificationMethod']>;
/** What the rule routes take. */
export interface RuleBody {
  readonly name: string;
  readonly priority: number;
  readonly conditions: Conditions;
  readonly actions: PolicyRuleAnswer['actions'];
}

const possession = (more: Readonly<Record<string, string>>) => [
  {
    possession: {
      required: true,
      phishingResistant: 'REQUIRED',
      userPresence: 'REQUIRED',
      userVerification: 'REQUIRED',
      ...more,
    },
  },
];
const METHODS: Readonly<Record<Exclude<Proof, 'kept'>, Method>> = {
  'device-key': { factorMode: '2FA', constraints: possession({ deviceBound: 'REQUIRED' }) },
  key: { factorMode: '2FA', constraints: possession({}) },
  two: { factorMode: '2FA', constraints: [] },
  one: { factorMode: '1FA', constraints: [] },
};
export const PROOF_WORDS: Readonly<Record<Exclude<Proof, 'kept'>, string>> = {
  'device-key': 'A key that stays on its device',
  key: 'Any key that cannot be phished, a synced passkey too',
  two: 'Any two factors',
  one: 'Any one factor, a password too',
};

/** Of a rule of sessions. */
export const SESSION_PROOF_WORDS: Readonly<Record<'two' | 'one', string>> = {
  two: 'Two factors, or a key that verifies its holder',
  one: 'Any one factor',
};

/** The same demand, whatever order and whatever else was written with it. */
const demandOf = ({ factorMode, constraints }: Method): string => {
  const asked = (constraints ?? []).map((constraint) => constraint.possession ?? {});
  const required = (name: string): boolean => asked.some((item) => item[name] === 'REQUIRED');
  return JSON.stringify([
    factorMode,
    asked.length > 0,
    ...['deviceBound', 'hardwareProtection', 'phishingResistant', 'userVerification'].map(required),
  ]);
};
const FORM_KNOWS = new Set([
  'required',
  'deviceBound',
  'hardwareProtection',
  'phishingResistant',
  'userPresence',
  'userVerification',
]);
/** The form has no place for alternatives, for what is known beside what is had, nor for methods by name. */
const isInForm = ({ type, constraints }: Method): boolean => {
  const all = constraints ?? [];
  return (
    type !== 'AUTH_METHOD_CHAIN' &&
    all.length <= 1 &&
    all.every(
      ({ knowledge, possession: asked }) =>
        knowledge == null && Object.keys(asked ?? {}).every((name) => FORM_KNOWS.has(name)),
    )
  );
};
const proofOf = (method: Method | null | undefined): Proof => {
  if (method == null || !isInForm(method)) return 'kept';
  const known = Object.entries(METHODS).find(([, each]) => demandOf(each) === demandOf(method));
  return (known?.[0] ?? 'kept') as Proof;
};

const isNamed = (ids: readonly string[] | null | undefined): ids is readonly string[] => (ids ?? []).length > 0;

const whoOf = ({ people }: Conditions): Who => {
  const { users, groups } = people ?? {};
  if (isNamed(users?.exclude) || isNamed(groups?.exclude)) return 'kept';
  if (isNamed(users?.include)) return isNamed(groups?.include) ? 'kept' : 'people';
  return isNamed(groups?.include) ? 'groups' : 'everyone';
};
const fromOf = ({ network }: Conditions): From => {
  if (network?.connection !== 'ZONE') return 'anywhere';
  if (isNamed(network.include)) return isNamed(network.exclude) ? 'kept' : 'inside';
  return isNamed(network.exclude) ? 'outside' : 'anywhere';
};

const deviceOf = ({ device }: Conditions): Device => {
  if (device == null) return 'any';
  if (isNamed(device.assurance?.include)) return 'kept';
  if (device.registered === true)
    return device.managed === true ? 'managed' : device.managed == null ? 'registered' : 'kept';
  return device.registered == null && device.managed == null ? 'any' : 'kept';
};
const riskOf = ({ riskScore }: Conditions): Risk => (riskScore?.level ?? 'ANY') as Risk;

/** The strictest of the form: what a rule begins with, and a denial that is turned into an entrance. */
const STRICT = { proof: 'device-key', maxAge: 'PT2H' } as const;

/** A new rule: a list that is empty is refused before it is saved, for on the wire it would mean everybody. */
export const newRule = (place: number, kind: RuleKind = 'app'): RuleDraft => ({
  kind,
  name: '',
  access: 'ALLOW',
  place,
  who: 'groups',
  groupIds: [],
  userIds: [],
  from: 'anywhere',
  zoneIds: [],
  expression: '',
  device: 'any',
  risk: 'ANY',
  ...(kind === 'session' ? { proof: 'two', maxAge: null } : STRICT),
  idle: '',
  lifetime: '',
});

const proofOfSession = ({ signon }: PolicyRuleAnswer['actions']): Proof =>
  signon?.access === 'ALLOW' && signon.requireFactor !== true ? 'one' : 'two';
const kindOf = ({ signon, passwordChange, enroll }: PolicyRuleAnswer['actions']): RuleKind =>
  enroll != null ? 'enrolment' : passwordChange != null ? 'password' : signon == null ? 'app' : 'session';
const minutesOf = (given: number | null | undefined): string => (given == null ? '' : String(given));

export const draftOf = (rule: PolicyRuleAnswer, place: number): RuleDraft => {
  const conditions = rule.conditions ?? {};
  const { appSignOn, signon } = rule.actions;
  const from = fromOf(conditions);
  const kind = kindOf(rule.actions);
  const access = thenWords(rule.actions).isAllowed ? 'ALLOW' : 'DENY';
  const method = appSignOn?.verificationMethod;
  return {
    kind,
    name: rule.name,
    access,
    place,
    who: whoOf(conditions),
    groupIds: conditions.people?.groups?.include ?? [],
    userIds: conditions.people?.users?.include ?? [],
    from,
    zoneIds: (from === 'outside' ? conditions.network?.exclude : conditions.network?.include) ?? [],
    expression: conditions.elCondition?.condition ?? '',
    device: deviceOf(conditions),
    risk: riskOf(conditions),
    ...(kind === 'session'
      ? { proof: proofOfSession(rule.actions), maxAge: null }
      : access === 'DENY' || kind !== 'app'
        ? STRICT
        : { proof: proofOf(method), maxAge: method?.reauthenticateIn ?? null }),
    idle: minutesOf(signon?.session?.maxSessionIdleMinutes),
    lifetime: minutesOf(signon?.session?.maxSessionLifetimeMinutes),
  };
};

export interface RuleFaults {
  readonly name: string | null;
  readonly who: string | null;
  readonly from: string | null;
  readonly proof: string | null;
  readonly idle: string | null;
  readonly lifetime: string | null;
}
/** Ninety days. */
const MINUTES_MAX = 129_600;
const minutesFault = (typed: string, least: number): string | null =>
  typed.trim() === '' || (/^\d{1,6}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= MINUTES_MAX)
    ? null
    : `Whole minutes, ${least} to 129 600.`;

/** What is not filled in yet. With one factor nobody enters the Admin Console: the server would refuse it. */
export const faultsOf = (draft: RuleDraft, isOfConsole = false): RuleFaults => {
  const { name, who, groupIds, userIds, from, zoneIds, access, proof, idle, lifetime } = draft;
  const chosen = who === 'groups' ? groupIds : who === 'people' ? userIds : null;
  const isZoned = from === 'inside' || from === 'outside';
  return {
    name: name.trim() === '' ? 'A name, so that the log can say which rule it was.' : null,
    who: chosen?.length === 0 ? 'Choose at least one. To let everybody in, say so above.' : null,
    from: isZoned && zoneIds.length === 0 ? 'Choose at least one zone.' : null,
    proof: isOfConsole && access === 'ALLOW' && proof === 'one' ? 'One factor never opens the Admin Console.' : null,
    idle: minutesFault(idle, 1),
    lifetime: minutesFault(lifetime, 0),
  };
};

const peopleOf = ({ who, groupIds, userIds }: RuleDraft, before: Conditions): Pick<Conditions, 'people'> => {
  if (who === 'kept') return before.people === undefined ? {} : { people: before.people };
  if (who === 'everyone') return {};
  return { people: who === 'groups' ? { groups: { include: groupIds } } : { users: { include: userIds } } };
};
const networkOf = ({ from, zoneIds }: RuleDraft, before: Conditions): Pick<Conditions, 'network'> => {
  if (from === 'kept') return before.network === undefined ? {} : { network: before.network };
  if (from === 'anywhere') return {};
  return { network: { connection: 'ZONE', [from === 'inside' ? 'include' : 'exclude']: zoneIds } };
};
const deviceConditions = ({ device }: RuleDraft, before: Conditions): Pick<Conditions, 'device'> => {
  if (device === 'kept') return before.device === undefined ? {} : { device: before.device };
  if (device === 'any') return {};
  return { device: { registered: true, ...(device === 'managed' ? { managed: true } : {}) } };
};
const conditionsOf = (draft: RuleDraft, before: Conditions): Conditions => {
  const { people: _p, network: _n, device: _d, riskScore: _r, elCondition: _e, ...rest } = before;
  return {
    ...rest,
    ...peopleOf(draft, before),
    ...networkOf(draft, before),
    ...(draft.risk === 'ANY' ? {} : { riskScore: { level: draft.risk } }),
    ...(draft.kind === 'app' ? deviceConditions(draft, before) : {}),
    ...(draft.expression.trim() === '' ? {} : { elCondition: { condition: draft.expression.trim() } }),
  };
};

type Actions = PolicyRuleAnswer['actions'];
const appActions = ({ access, proof, maxAge }: RuleDraft, before: Actions | null): Actions => {
  const wasAllowed = before?.appSignOn?.access === 'ALLOW';
  // A rule that denies asks for no proof; one that did so before goes on with all that it says.
  if (access === 'DENY') return before === null || wasAllowed ? { appSignOn: { access } } : before;
  const method = wasAllowed ? (before.appSignOn?.verificationMethod ?? {}) : {};
  return {
    ...before,
    appSignOn: {
      ...before?.appSignOn,
      access,
      verificationMethod: {
        ...method,
        type: proof === 'kept' ? (method.type ?? 'ASSURANCE') : 'ASSURANCE',
        ...(proof === 'kept' ? { factorMode: method.factorMode ?? '1FA' } : METHODS[proof]),
        reauthenticateIn: maxAge,
      },
    },
  };
};
/** A length as it is typed; one that neither was said nor is stays unsaid. */
const minutesPart = (name: string, typed: string, before: unknown) =>
  typed.trim() !== '' ? { [name]: Number(typed) } : before == null ? {} : { [name]: null };
const sessionActions = ({ access, proof, idle, lifetime }: RuleDraft, before: Actions | null): Actions => {
  const was = before?.signon?.session;
  const lengths = {
    ...minutesPart('maxSessionIdleMinutes', idle, was?.maxSessionIdleMinutes),
    ...minutesPart('maxSessionLifetimeMinutes', lifetime, was?.maxSessionLifetimeMinutes),
  };
  const isSaid = was != null || Object.keys(lengths).length > 0;
  return {
    ...before,
    signon: {
      ...before?.signon,
      access,
      requireFactor: proof === 'two',
      ...(isSaid ? { session: { ...was, ...lengths } } : {}),
    },
  };
};

const passwordActions = ({ access }: RuleDraft, before: Actions | null): Actions => ({
  ...before,
  passwordChange: { ...before?.passwordChange, access },
});
/** What says the same stays in the words in which it was written. */
const enrolmentActions = ({ access }: RuleDraft, before: Actions | null): Actions =>
  before !== null && thenWords(before).isAllowed === (access === 'ALLOW')
    ? before
    : { enroll: { self: access === 'ALLOW' ? 'CHALLENGE' : 'NEVER' } };
const ACTIONS: Readonly<Record<RuleKind, (draft: RuleDraft, before: Actions | null) => Actions>> = {
  app: appActions,
  session: sessionActions,
  password: passwordActions,
  enrolment: enrolmentActions,
};

/** What is sent. `priorities` are those of the rules that people wrote, in their order; what the form does not show is kept. */
export const bodyOf = (draft: RuleDraft, rule: PolicyRuleAnswer | null, priorities: readonly number[]): RuleBody => ({
  name: draft.name.trim(),
  priority: priorities[draft.place - 1] ?? (priorities.at(-1) ?? 0) + 1,
  conditions: conditionsOf(draft, rule?.conditions ?? {}),
  actions: ACTIONS[draft.kind](draft, rule?.actions ?? null),
});

/** A rule of a draft, as the routes that judge drafts take it. */
export type DraftRule = Pick<RuleBody, 'name' | 'conditions' | 'actions'> & { readonly status: string };

/** The rules that people wrote as they would stand with this one at its place. */
export const rulesWith = (
  rules: readonly PolicyRuleAnswer[],
  rule: PolicyRuleAnswer | null,
  body: RuleBody,
  place: number,
): readonly DraftRule[] => {
  const others = rules
    .filter(({ id, system }) => !system && id !== rule?.id)
    .map(({ name, status, conditions, actions }) => ({ name, status, conditions: conditions ?? {}, actions }));
  const { name, conditions, actions } = body;
  return [
    ...others.slice(0, place - 1),
    { name, status: rule?.status ?? 'ACTIVE', conditions, actions },
    ...others.slice(place - 1),
  ];
};

const thenText = (actions: PolicyRuleAnswer['actions']): string => {
  const { isAllowed, words } = thenWords(actions);
  return [isAllowed ? 'allowed' : 'denied', ...words].join('; ');
};

/** What saving would change, in the words of the policy's own page. */
export const ruleChanges = (
  before: { readonly rule: PolicyRuleAnswer; readonly place: number } | null,
  after: RuleBody,
  place: number,
  nameOf: (id: string) => string,
): readonly Change[] => {
  const none = 'no such rule';
  const rows: readonly Change[] = [
    { what: 'Name', from: before?.rule.name ?? none, to: after.name },
    { what: 'Place', from: before === null ? none : `${before.place}.`, to: `${place}.` },
    {
      what: 'If',
      from: before === null ? none : ifWords(before.rule.conditions, nameOf).join(', and '),
      to: ifWords(after.conditions, nameOf).join(', and '),
    },
    { what: 'Then', from: before === null ? none : thenText(before.rule.actions), to: thenText(after.actions) },
  ];
  return rows.filter(({ from, to }) => from !== to);
};
