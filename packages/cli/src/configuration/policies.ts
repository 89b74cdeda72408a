import type { PolicyAnswer, PolicyRuleAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { byName } from '../by-prefix.ts';
import { isSame, tidy } from './is-same.ts';
import type { Names } from './names.ts';
import type { Entry, Live, Mention, NamedKind, Section, Step } from './section.ts';

const TYPES = ['OKTA_SIGN_ON', 'ACCESS_POLICY'] as const;

/** A rule as the document writes it: the order of the list is the order in which they are asked. */
interface Rule {
  readonly name: string;
  readonly status?: string;
  readonly conditions?: Conditions;
  readonly actions: unknown;
}
interface Selection {
  readonly include?: readonly string[] | null | undefined;
  readonly exclude?: readonly string[] | null | undefined;
}
type Conditions = Readonly<Record<string, unknown>> & {
  readonly people?: { readonly users?: Selection | null; readonly groups?: Selection | null } | null;
  readonly network?: (Selection & { readonly connection: string }) | null;
};
/** What a policy is tested with, as the document writes it. */
interface Test {
  readonly name: string;
  readonly facts?: TestFacts;
  readonly expected: 'allow' | 'step_up' | 'deny';
}
type TestFacts = Readonly<Record<string, unknown>> & {
  readonly groups?: string[];
  readonly zones?: string[];
};
interface LivePolicy extends Live {
  readonly tests: readonly { readonly id: string; readonly test: Test }[];
  readonly rules: readonly { readonly id: string; readonly rule: Rule }[];
  readonly catchAllId: string | null;
}

/** Null: the document says nothing of them, and they stay. */
const testsOf = (entry: Entry): readonly Test[] | null => entry['tests'] as readonly Test[] | null;
const rulesOf = (entry: Entry): readonly Rule[] => entry['rules'] as readonly Rule[];

type Translate = (kind: NamedKind, word: string) => Promise<string>;
const inSelection = async (kind: NamedKind, selection: Selection | null | undefined, translate: Translate) => {
  if (selection === null || selection === undefined) return selection;
  const all = (words: readonly string[] | null | undefined) =>
    words == null ? words : Promise.all(words.map((word) => translate(kind, word)));
  return { ...selection, include: await all(selection.include), exclude: await all(selection.exclude) };
};
/** The conditions with each id as a name, or each name as an id. */
const translated = async (conditions: Conditions, translate: Translate): Promise<Conditions> => {
  const { people, network, ...others } = conditions;
  return {
    ...others,
    ...(people == null
      ? {}
      : {
          people: {
            users: (await inSelection('user', people.users, translate)) ?? null,
            groups: (await inSelection('group', people.groups, translate)) ?? null,
          },
        }),
    ...(network == null ? {} : { network: { ...network, ...(await inSelection('zone', network, translate)) } }),
  };
};

/** The facts with each id as a name, or each name as an id. */
const translatedFacts = async (facts: TestFacts, translate: Translate): Promise<TestFacts> => {
  const all = (kind: NamedKind, words: readonly string[]) => Promise.all(words.map((word) => translate(kind, word)));
  return {
    ...facts,
    ...(facts.groups === undefined ? {} : { groups: await all('group', facts.groups) }),
    ...(facts.zones === undefined ? {} : { zones: await all('zone', facts.zones) }),
  };
};

const mentionsOf = ({ people, network }: Conditions): readonly Mention[] => {
  const of = (kind: NamedKind, selection: Selection | null | undefined): Mention[] =>
    [...(selection?.include ?? []), ...(selection?.exclude ?? [])].map((name) => ({ kind, name }));
  return [...of('user', people?.users), ...of('group', people?.groups), ...of('zone', network)];
};

interface Actions {
  readonly appSignOn?: Readonly<Record<string, unknown>>;
  readonly signon?: Readonly<Record<string, unknown>>;
}
/** What a rule says, without what the server writes out of every rule. */
const saidConditions = (conditions: Conditions): Conditions => {
  const { network, authContext, ...others } = (tidy(conditions) ?? {}) as Conditions;
  return {
    ...others,
    ...(network == null || network.connection === 'ANYWHERE' ? {} : { network }),
    ...(authContext === undefined || isSame(authContext, { authType: 'ANY' }) ? {} : { authContext }),
  };
};
const saidActions = (actions: unknown): unknown => {
  const { appSignOn, signon, ...others } = (tidy(actions) ?? {}) as Actions;
  const { keepMeSignedIn, ...app } = appSignOn ?? {};
  const { primaryFactor, rememberDeviceByDefault, ...session } = signon ?? {};
  const isKept = keepMeSignedIn !== undefined && !isSame(keepMeSignedIn, { postAuth: 'NOT_ALLOWED' });
  return {
    ...others,
    ...(appSignOn === undefined ? {} : { appSignOn: { ...app, ...(isKept ? { keepMeSignedIn } : {}) } }),
    ...(signon === undefined
      ? {}
      : {
          signon: {
            ...session,
            ...(primaryFactor === undefined || primaryFactor === 'PASSWORD_IDP_ANY_FACTOR' ? {} : { primaryFactor }),
            ...(rememberDeviceByDefault === true ? { rememberDeviceByDefault } : {}),
          },
        }),
  };
};

const readPolicy = async (client: Client, names: Names, policy: PolicyAnswer): Promise<LivePolicy> => {
  const all = await client.call('policyRules.list', { params: { policyId: policy.id } });
  const written = all.filter(({ system }) => !system).toSorted((a, b) => a.priority - b.priority);
  const rules = [];
  for (const { id, name, status, conditions, actions } of written)
    rules.push({
      id,
      rule: {
        name,
        status,
        conditions: await translated(saidConditions((conditions ?? {}) as Conditions), names.nameOf),
        actions: saidActions(actions),
      },
    });
  const tests = [];
  for (const { id, name, facts, expected } of await client.call('policyTests.list', {
    params: { policyId: policy.id },
  }))
    tests.push({ id, test: { name, facts: await translatedFacts(facts as TestFacts, names.nameOf), expected } });
  const catchAll: PolicyRuleAnswer | undefined = all.find(({ system }) => system);
  return {
    id: policy.id,
    name: policy.name,
    isBuiltIn: true,
    rules,
    tests,
    catchAllId: catchAll?.id ?? null,
    entry: {
      type: policy.type,
      rules: rules.map(({ rule }) => rule),
      catchAll: catchAll === undefined ? null : saidActions(catchAll.actions),
      tests: tests.map(({ test }) => test).toSorted(byName),
    },
  };
};

const bodyOf = async ({ name, conditions, actions }: Rule, priority: number | null, names: Names) => ({
  name,
  ...(priority === null ? {} : { priority }),
  conditions: await translated(conditions ?? {}, names.idOf),
  actions,
});

const stepsOf = (live: LivePolicy, wanted: readonly Rule[]): Step[] => {
  const steps: Step[] = [];
  const policyId = live.id;
  const step = (request: Step['request']) => steps.push({ batch: `policy-rule ${policyId}`, request });
  // The names in the order in which the server will have them, after each step.
  const order = live.rules.map(({ rule }) => rule.name);
  for (const [i, rule] of wanted.entries()) {
    const priority = i + 1;
    const found = live.rules.find((one) => one.rule.name === rule.name);
    const isActive = (rule.status ?? 'ACTIVE') === 'ACTIVE';
    if (found === undefined) {
      step(async (names) =>
        requestOf('policyRules.create', {
          params: { policyId },
          query: { activate: String(isActive) },
          body: await bodyOf(rule, priority, names),
        }),
      );
      order.splice(i, 0, rule.name);
      continue;
    }
    const at = { params: { policyId, ruleId: found.id } };
    const { status: had = 'ACTIVE', ...before } = found.rule;
    const { status: _, ...after } = rule;
    if (order[i] !== rule.name || !isSame(before, after)) {
      step(async (names) => requestOf('policyRules.replace', { ...at, body: await bodyOf(rule, priority, names) }));
      order.splice(order.indexOf(rule.name), 1);
      order.splice(i, 0, rule.name);
    }
    if ((had === 'ACTIVE') !== isActive)
      step(() => requestOf(isActive ? 'policyRules.activate' : 'policyRules.deactivate', at));
  }
  // What lets people in goes only after what lets them in instead, and is asked for when that is there.
  for (const { id, rule } of live.rules)
    if (!wanted.some(({ name }) => name === rule.name))
      steps.push({
        batch: `policy-rule ${policyId}, removals`,
        request: () => requestOf('policyRules.delete', { params: { policyId, ruleId: id } }),
      });
  return steps;
};

const testStepsOf = ({ id: policyId, tests }: LivePolicy, wanted: readonly Test[] | null): Step[] => {
  if (wanted === null) return [];
  const batch = `policy-test ${policyId}`;
  const bodyOfTest = async ({ name, facts, expected }: Test, names: Names) => ({
    name,
    facts: await translatedFacts(facts ?? {}, names.idOf),
    expected,
  });
  const gone = tests.filter(({ test }) => !wanted.some(({ name }) => name === test.name));
  return [
    ...gone.map(
      ({ id }): Step => ({
        batch,
        request: () => requestOf('policyTests.delete', { params: { policyId, testId: id } }),
      }),
    ),
    ...wanted.flatMap((test): Step[] => {
      const found = tests.find((one) => one.test.name === test.name);
      if (found !== undefined && isSame(found.test, test)) return [];
      const request = async (names: Names) => {
        const body = await bodyOfTest(test, names);
        return found === undefined
          ? requestOf('policyTests.create', { params: { policyId }, body })
          : requestOf('policyTests.replace', { params: { policyId, testId: found.id }, body });
      };
      return [{ batch, request }];
    }),
  ];
};

const VERDICTS: readonly unknown[] = ['allow', 'step_up', 'deny'];
const checkTests = (entry: Entry): string[] => {
  const tests: unknown = entry['tests'];
  if (tests === null) return [];
  if (!Array.isArray(tests)) return ['tests: must be a list'];
  const seen = new Set<unknown>();
  return tests.flatMap((test: unknown, i) => {
    if (typeof test !== 'object' || test === null) return [`tests.${i}: must be a test`];
    const { name, expected } = test as Partial<Test>;
    const isTwice = seen.has(name);
    seen.add(name);
    return [
      ...Object.keys(test)
        .filter((field) => !['name', 'facts', 'expected'].includes(field))
        .map((field) => `tests.${i}: there is no field ${field}`),
      ...(typeof name === 'string' && name !== '' ? [] : [`tests.${i}.name: must be given`]),
      ...(VERDICTS.includes(expected) ? [] : [`tests.${i}.expected: must be one of ${VERDICTS.join(', ')}`]),
      ...(isTwice ? [`tests.${i}.name: ${String(name)} stands there twice`] : []),
    ];
  });
};

const checkRules = (entry: Entry): string[] => {
  const rules: unknown = entry['rules'];
  if (!Array.isArray(rules)) return ['rules: must be a list'];
  const known = new Set(['name', 'status', 'conditions', 'actions']);
  const seen = new Set<unknown>();
  return rules.flatMap((rule: unknown, i) => {
    if (typeof rule !== 'object' || rule === null) return [`rules.${i}: must be a rule`];
    const { name, actions } = rule as Partial<Rule>;
    const isTwice = seen.has(name);
    seen.add(name);
    return [
      ...Object.keys(rule)
        .filter((field) => !known.has(field))
        .map((field) => `rules.${i}: there is no field ${field}`),
      ...(typeof name === 'string' && name !== '' ? [] : [`rules.${i}.name: must be given`]),
      ...(actions === undefined ? [`rules.${i}.actions: must be given`] : []),
      ...(isTwice ? [`rules.${i}.name: ${String(name)} stands there twice`] : []),
    ];
  });
};

/** The rules of policies. A policy comes and goes with its app. */
export const policies: Section = {
  key: 'policies',
  noun: 'policy',
  fields: { type: undefined, rules: [], catchAll: null, tests: null },
  async read(client, names) {
    const live: LivePolicy[] = [];
    for (const type of TYPES)
      for (const policy of await client.call('policies.list', { query: { type } }))
        live.push(await readPolicy(client, names, policy));
    return live;
  },
  check: (entry) => [...checkRules(entry), ...checkTests(entry)],
  fill: (entry, live) => ({
    ...entry,
    // The server has them by their names.
    tests:
      testsOf(entry)
        ?.map((test) => ({ ...test, facts: test.facts ?? {} }))
        .toSorted(byName) ?? live['tests'],
    rules: rulesOf(entry).map((rule) => ({
      ...rule,
      ...(rule.conditions === undefined ? {} : { conditions: saidConditions(rule.conditions) }),
      actions: saidActions(rule.actions),
    })),
    catchAll: entry['catchAll'] === null ? null : saidActions(entry['catchAll']),
  }),
  mentions: (entry) => [
    ...rulesOf(entry).flatMap(({ conditions }) => mentionsOf(conditions ?? {})),
    ...(testsOf(entry) ?? []).flatMap(({ facts }): Mention[] => [
      ...(facts?.groups ?? []).map((name): Mention => ({ kind: 'group', name })),
      ...(facts?.zones ?? []).map((name): Mention => ({ kind: 'zone', name })),
    ]),
  ],
  update(live, entry) {
    const { id: policyId, catchAllId, entry: before } = live as LivePolicy;
    const steps = [...testStepsOf(live as LivePolicy, testsOf(entry)), ...stepsOf(live as LivePolicy, rulesOf(entry))];
    if (catchAllId !== null && entry['catchAll'] !== null && !isSame(before['catchAll'], entry['catchAll']))
      steps.push({
        batch: `policy-rule ${policyId}`,
        request: () =>
          requestOf('policyRules.replace', {
            params: { policyId, ruleId: catchAllId },
            body: { name: 'Catch-all Rule', actions: entry['catchAll'] },
          }),
      });
    return steps;
  },
};
