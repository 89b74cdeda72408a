import type { PolicyAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { isSame } from './is-same.ts';
import type { Names } from './names.ts';
import {
  catchAllStep,
  checkRules,
  type LiveRule,
  mentionsOf,
  type Rule,
  readRules,
  ruleSteps,
  saidActions,
  saidRules,
} from './policy-rules.ts';
import type { Entry, Live, Mention, NamedKind, Section, Step } from './section.ts';
import { isFields } from './shapes.ts';

type Settings = Readonly<Record<string, unknown>>;

/** A policy as the document writes it: the first one of the list that is for somebody holds for them. */
interface Policy {
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly groups: readonly string[];
  readonly settings: Settings;
  readonly rules: readonly Rule[];
}
/** The policy for everybody else. */
interface DefaultPolicy {
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  readonly catchAll: unknown;
}
interface LivePolicy {
  readonly id: string;
  readonly answer: PolicyAnswer;
  readonly policy: Policy;
  readonly rules: readonly LiveRule[];
  readonly catchAll: { readonly id: string; readonly name: string; readonly actions: unknown } | null;
}
interface LiveAll extends Live {
  readonly own: readonly LivePolicy[];
  readonly standard: LivePolicy | null;
}

/** What differs between the two kinds of policies for people. */
interface Kind {
  readonly type: 'PASSWORD' | 'MFA_ENROLL';
  readonly key: string;
  readonly noun: string;
  readonly named: NamedKind;
  /** The settings as a document writes them. */
  readonly said: (settings: PolicyAnswer['settings']) => Settings;
  /** What is meant where a document says nothing; `live`: of a policy that is there. */
  readonly whole: (given: Settings, live: Settings | null) => Settings;
  /** The settings as the wire has them; what no document speaks of stays as it is. */
  readonly onWire: (said: Settings, live: PolicyAnswer['settings']) => unknown;
  readonly conditions: Settings;
  /** Sentences, each naming the field, of what are no settings. */
  readonly check: (settings: Settings) => readonly string[];
}

const POLICY_FIELDS = { name: '', description: '', status: 'ACTIVE', groups: [], settings: {}, rules: [] } as const;
const DEFAULT_FIELDS = { settings: {}, rules: [], catchAll: null } as const;

const policiesOf = (entry: Entry): readonly Partial<Policy>[] => entry['policies'] as readonly Partial<Policy>[];
const defaultOf = (entry: Entry): Partial<DefaultPolicy> | null => entry['default'] as Partial<DefaultPolicy> | null;
const rulesOf = (policy: { readonly rules?: readonly Rule[] }): readonly Rule[] => policy.rules ?? [];

const readOne = async (client: Client, names: Names, kind: Kind, answer: PolicyAnswer): Promise<LivePolicy> => {
  const { rules, catchAll } = await readRules(client, names, answer.id);
  const groups: string[] = [];
  for (const id of answer.conditions?.people?.groups?.include ?? []) groups.push(await names.nameOf('group', id));
  return {
    id: answer.id,
    answer,
    rules,
    catchAll,
    policy: {
      name: answer.name,
      description: answer.description ?? '',
      status: answer.status,
      groups,
      settings: kind.said(answer.settings),
      rules: rules.map(({ rule }) => rule),
    },
  };
};

const bodyOf = async (
  kind: Kind,
  { name, description, groups, settings }: Policy,
  live: LivePolicy | null,
  names: Names,
) => {
  const include = await Promise.all(groups.map((group) => names.idOf('group', group)));
  return {
    type: kind.type,
    name,
    description: description === '' ? null : description,
    conditions: { ...kind.conditions, ...(include.length === 0 ? {} : { people: { groups: { include } } }) },
    settings: kind.onWire(settings, live?.answer.settings),
  };
};

/** The policy is made switched off: it counts only when its rules are there. */
const createSteps = (kind: Kind, policy: Policy, priority: number): Step[] => {
  const policyId = (names: Names): Promise<string> => names.idOf(kind.named, policy.name);
  const batch = `${kind.key} ${policy.name}`;
  return [
    {
      batch: `${kind.key}, new`,
      request: async (names) =>
        requestOf('policies.create', {
          query: { activate: 'false' },
          body: { ...(await bodyOf(kind, policy, null, names)), priority },
        }),
    },
    ...ruleSteps(policyId, batch, [], policy.rules),
    ...(policy.status === 'ACTIVE'
      ? [
          {
            batch,
            request: async (names: Names) =>
              requestOf('policies.activate', { params: { policyId: await policyId(names) } }),
          },
        ]
      : []),
  ];
};

const updateSteps = (kind: Kind, live: LivePolicy, policy: Policy, priority: number, isMoved: boolean): Step[] => {
  const { id } = live;
  const batch = `${kind.key} ${id}`;
  const { rules: _, status, ...after } = policy;
  const { rules: __, status: had, ...before } = live.policy;
  return [
    ...(isMoved || !isSame(before, after)
      ? [
          {
            batch,
            request: async (names: Names) =>
              requestOf('policies.replace', {
                params: { policyId: id },
                body: { ...(await bodyOf(kind, policy, live, names)), priority },
              }),
          },
        ]
      : []),
    ...ruleSteps(() => id, batch, live.rules, policy.rules),
    ...(status === had
      ? []
      : [
          {
            batch,
            request: () =>
              requestOf(status === 'ACTIVE' ? 'policies.activate' : 'policies.deactivate', {
                params: { policyId: id },
              }),
          },
        ]),
  ];
};

/** Each policy in its place, one after the other: those before it stand there already. */
const ownSteps = (kind: Kind, live: readonly LivePolicy[], wanted: readonly Policy[]): Step[] => {
  const order = live.map(({ policy }) => policy.name);
  const steps: Step[] = [];
  for (const [i, policy] of wanted.entries()) {
    const found = live.find((one) => one.policy.name === policy.name);
    if (found === undefined) steps.push(...createSteps(kind, policy, i + 1));
    else {
      steps.push(...updateSteps(kind, found, policy, i + 1, order[i] !== policy.name));
      order.splice(order.indexOf(policy.name), 1);
    }
    order.splice(i, 0, policy.name);
  }
  for (const { id, policy } of live)
    if (!wanted.some(({ name }) => name === policy.name))
      steps.push({
        batch: `${kind.key}, removals`,
        request: () => requestOf('policies.delete', { params: { policyId: id } }),
      });
  return steps;
};

const defaultSteps = (kind: Kind, live: LivePolicy | null, wanted: DefaultPolicy | null): Step[] => {
  if (live === null || wanted === null) return [];
  const { id, catchAll } = live;
  const batch = `${kind.key} ${id}`;
  const { settings, rules } = wanted;
  return [
    ...(isSame(settings, live.policy.settings)
      ? []
      : [
          {
            batch,
            request: async (names: Names) =>
              requestOf('policies.replace', {
                params: { policyId: id },
                body: await bodyOf(kind, { ...live.policy, settings }, live, names),
              }),
          },
        ]),
    ...ruleSteps(() => id, batch, live.rules, rules),
    ...(catchAll === null || wanted.catchAll === null || isSame(catchAll.actions, wanted.catchAll)
      ? []
      : [catchAllStep(id, batch, catchAll, wanted.catchAll)]),
  ];
};

const checkFields = (kind: Kind, given: unknown, fields: object, at: string): string[] => {
  if (!isFields(given)) return [`${at}: must have fields`];
  const { settings = {}, rules = [], groups = [], status = 'ACTIVE' } = given;
  return [
    ...Object.keys(given)
      .filter((field) => !Object.hasOwn(fields, field))
      .map((field) => `${at}: there is no field ${field}`),
    ...(isFields(settings) ? kind.check(settings) : ['settings: must have fields']).map((reason) => `${at}.${reason}`),
    ...checkRules(rules).map((reason) => `${at}.${reason}`),
    ...(Array.isArray(groups) && groups.every((group) => typeof group === 'string')
      ? []
      : [`${at}.groups: must be a list of names`]),
    ...(status === 'ACTIVE' || status === 'INACTIVE' ? [] : [`${at}.status: must be ACTIVE or INACTIVE`]),
  ];
};

const checkAll = (kind: Kind, entry: Entry): string[] => {
  const given: unknown = entry['policies'];
  if (!Array.isArray(given)) return ['policies: must be a list'];
  const names = given.map((policy: unknown) => (isFields(policy) ? policy['name'] : undefined));
  return [
    ...given.flatMap((policy: unknown, i) => [
      ...checkFields(kind, policy, POLICY_FIELDS, `policies.${i}`),
      ...(typeof names[i] === 'string' && names[i] !== '' ? [] : [`policies.${i}.name: must be given`]),
      ...(names.indexOf(names[i]) === i ? [] : [`policies.${i}.name: ${String(names[i])} stands there twice`]),
    ]),
    ...(entry['default'] === null ? [] : checkFields(kind, entry['default'], DEFAULT_FIELDS, 'default')),
  ];
};

const sectionOf = (kind: Kind): Section => {
  const wholePolicy = (given: Partial<Policy>, live: Settings | null): Policy => ({
    ...POLICY_FIELDS,
    ...given,
    settings: kind.whole(given.settings ?? {}, live),
    rules: saidRules(rulesOf(given)),
  });
  const wholeDefault = (given: Partial<DefaultPolicy> | null, live: DefaultPolicy): DefaultPolicy =>
    given === null
      ? live
      : {
          settings: kind.whole(given.settings ?? {}, live.settings),
          rules: saidRules(rulesOf(given)),
          catchAll: given.catchAll == null ? live.catchAll : saidActions(given.catchAll),
        };
  return {
    key: kind.key,
    noun: kind.noun,
    isSingle: true,
    fields: { policies: [], default: null },
    async read(client, names) {
      const all: LivePolicy[] = [];
      for (const answer of await client.call('policies.list', { query: { type: kind.type } }))
        all.push(await readOne(client, names, kind, answer));
      const own = all.filter(({ answer }) => !answer.system).sort((a, b) => a.answer.priority - b.answer.priority);
      const standard = all.find(({ answer }) => answer.system) ?? null;
      const live: LiveAll = {
        id: '',
        name: '',
        isBuiltIn: true,
        own,
        standard,
        entry: {
          policies: own.map(({ policy }) => policy),
          default:
            standard === null
              ? null
              : {
                  settings: standard.policy.settings,
                  rules: standard.policy.rules,
                  catchAll: standard.catchAll?.actions ?? null,
                },
        },
      };
      return [live];
    },
    check: (entry) => checkAll(kind, entry),
    fill: (entry, live) => ({
      policies: policiesOf(entry).map((policy) => {
        const before = (policiesOf(live) as readonly Policy[]).find(({ name }) => name === policy.name);
        return wholePolicy(policy, before?.settings ?? null);
      }),
      default: wholeDefault(defaultOf(entry), defaultOf(live) as DefaultPolicy),
    }),
    mentions: (entry) => [
      ...policiesOf(entry).flatMap((policy): Mention[] => [
        ...(policy.groups ?? []).map((name): Mention => ({ kind: 'group', name })),
        ...mentionsOf(rulesOf(policy)),
      ]),
      ...mentionsOf(rulesOf(defaultOf(entry) ?? {})),
    ],
    update(live, entry) {
      const { own, standard } = live as LiveAll;
      return [
        ...ownSteps(kind, own, policiesOf(entry) as readonly Policy[]),
        ...defaultSteps(kind, standard, defaultOf(entry) as DefaultPolicy | null),
      ];
    },
  };
};

/** What a policy of passwords may ask for; everything else is so for everybody. */
const PASSWORD_SETTINGS = {
  complexity: ['minLength', 'minLowerCase', 'minUpperCase', 'minNumber', 'minSymbol'],
  age: ['maxAgeDays', 'expireWarnDays', 'minAgeMinutes', 'historyCount'],
  lockout: ['maxAttempts', 'autoUnlockMinutes', 'showLockoutFailures'],
} as const;
type PasswordPart = keyof typeof PASSWORD_SETTINGS;
const PASSWORD_PARTS = Object.keys(PASSWORD_SETTINGS) as PasswordPart[];

const partOf = (settings: unknown, part: string): Settings => {
  const found = isFields(settings) ? settings[part] : undefined;
  return isFields(found) ? found : {};
};

/** What passwords must be, how long they live, and what guessing does. */
export const passwordPolicies = sectionOf({
  type: 'PASSWORD',
  key: 'passwordPolicies',
  noun: 'password policies',
  named: 'password policy',
  conditions: { authProvider: { provider: 'OKTA' } },
  said: (settings) =>
    Object.fromEntries(
      PASSWORD_PARTS.map((part) => {
        const all = partOf(settings?.password, part);
        return [part, Object.fromEntries(PASSWORD_SETTINGS[part].map((field) => [field, all[field]]))];
      }),
    ),
  whole: (given, live) =>
    live === null
      ? given
      : Object.fromEntries(PASSWORD_PARTS.map((part) => [part, { ...partOf(live, part), ...partOf(given, part) }])),
  onWire: (said, live) => ({
    ...live,
    password: {
      ...live?.password,
      ...Object.fromEntries(
        PASSWORD_PARTS.map((part) => [part, { ...partOf(live?.password, part), ...partOf(said, part) }]),
      ),
    },
  }),
  check: (settings) =>
    Object.entries(settings).flatMap(([part, fields]) => {
      const known: readonly string[] = PASSWORD_PARTS.includes(part as PasswordPart)
        ? PASSWORD_SETTINGS[part as PasswordPart]
        : [];
      if (known.length === 0) return [`settings: there is no ${part}`];
      if (!isFields(fields)) return [`settings.${part}: must have fields`];
      return Object.keys(fields).flatMap((field) =>
        known.includes(field) ? [] : [`settings.${part}: there is no field ${field}`],
      );
    }),
});

const NOT_ALLOWED = { enroll: { self: 'NOT_ALLOWED' } };
/** Whether somebody has a password is no question of enrolling. */
const ENROLLED = ['webauthn', 'google_otp'] as const;

/** What somebody may enrol, and must. */
export const enrolmentPolicies = sectionOf({
  type: 'MFA_ENROLL',
  key: 'enrolmentPolicies',
  noun: 'enrolment policies',
  named: 'enrolment policy',
  conditions: {},
  said: (settings) =>
    Object.fromEntries(
      (settings?.authenticators ?? [])
        .filter(({ key }) => (ENROLLED as readonly string[]).includes(key))
        .map(({ key, ...asked }) => [key, asked]),
    ),
  // As on the wire what is not named may not be enrolled; where nothing at all is, all stays as it is.
  whole: (given, live) =>
    live !== null && Object.keys(given).length === 0
      ? live
      : Object.fromEntries(ENROLLED.map((key) => [key, given[key] ?? NOT_ALLOWED])),
  onWire: (said) => ({
    type: 'AUTHENTICATORS',
    authenticators: Object.entries(said).map(([key, asked]) => ({ key, ...(asked as object) })),
  }),
  check: (settings) =>
    Object.entries(settings).flatMap(([key, asked]) => {
      if (!(ENROLLED as readonly string[]).includes(key)) return [`settings: there is no ${key}`];
      return isFields(asked) && isFields(asked['enroll']) ? [] : [`settings.${key}: must say what enroll is`];
    }),
});
