import type { PolicyAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { byName } from '../by-prefix.ts';
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
  type Translate,
} from './policy-rules.ts';
import type { Entry, Live, Mention, NamedKind, Section, Step } from './section.ts';

const TYPES = ['OKTA_SIGN_ON', 'ACCESS_POLICY'] as const;

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
  readonly rules: readonly LiveRule[];
  readonly catchAll: { readonly id: string; readonly name: string } | null;
}

/** Null: the document says nothing of them, and they stay. */
const testsOf = (entry: Entry): readonly Test[] | null => entry['tests'] as readonly Test[] | null;
const rulesOf = (entry: Entry): readonly Rule[] => entry['rules'] as readonly Rule[];

/** The facts with each id as a name, or each name as an id. */
const translatedFacts = async (facts: TestFacts, translate: Translate): Promise<TestFacts> => {
  const all = (kind: NamedKind, words: readonly string[]) => Promise.all(words.map((word) => translate(kind, word)));
  return {
    ...facts,
    ...(facts.groups === undefined ? {} : { groups: await all('group', facts.groups) }),
    ...(facts.zones === undefined ? {} : { zones: await all('zone', facts.zones) }),
  };
};

const readPolicy = async (client: Client, names: Names, policy: PolicyAnswer): Promise<LivePolicy> => {
  const { rules, catchAll } = await readRules(client, names, policy.id);
  const tests = [];
  for (const { id, name, facts, expected } of await client.call('policyTests.list', {
    params: { policyId: policy.id },
  }))
    tests.push({ id, test: { name, facts: await translatedFacts(facts as TestFacts, names.nameOf), expected } });
  return {
    id: policy.id,
    name: policy.name,
    isBuiltIn: true,
    rules,
    tests,
    catchAll,
    entry: {
      type: policy.type,
      rules: rules.map(({ rule }) => rule),
      catchAll: catchAll?.actions ?? null,
      tests: tests.map(({ test }) => test).toSorted(byName),
    },
  };
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
  check: (entry) => [...checkRules(entry['rules']), ...checkTests(entry)],
  fill: (entry, live) => ({
    ...entry,
    // The server has them by their names.
    tests:
      testsOf(entry)
        ?.map((test) => ({ ...test, facts: test.facts ?? {} }))
        .toSorted(byName) ?? live['tests'],
    rules: saidRules(rulesOf(entry)),
    catchAll: entry['catchAll'] === null ? null : saidActions(entry['catchAll']),
  }),
  mentions: (entry) => [
    ...mentionsOf(rulesOf(entry)),
    ...(testsOf(entry) ?? []).flatMap(({ facts }): Mention[] => [
      ...(facts?.groups ?? []).map((name): Mention => ({ kind: 'group', name })),
      ...(facts?.zones ?? []).map((name): Mention => ({ kind: 'zone', name })),
    ]),
  ],
  update(live, entry) {
    const { id, catchAll, entry: before, rules } = live as LivePolicy;
    const batch = `policy-rule ${id}`;
    const steps = [
      ...testStepsOf(live as LivePolicy, testsOf(entry)),
      ...ruleSteps(() => id, batch, rules, rulesOf(entry)),
    ];
    if (catchAll !== null && entry['catchAll'] !== null && !isSame(before['catchAll'], entry['catchAll']))
      steps.push(catchAllStep(id, batch, catchAll, entry['catchAll']));
    return steps;
  },
};
