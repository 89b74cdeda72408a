import type { AssumedFacts } from '@sallyport/api/what-if';
import { evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { Facts } from '@sallyport/model/facts';
import { toIso } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { assertMayChange, findPolicy } from '../policies/find-policy.ts';
import { readPolicy } from '../policies/policy-index.ts';
import { policyTarget } from '../policies/present-policy.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { assumeFacts } from '../what-if/assume-facts.ts';
import { policyWithDraft } from './policy-with-draft.ts';

type Test = Row<'policyTests'>;
export interface TestBody {
  readonly name: string;
  readonly facts: AssumedFacts;
  readonly expected: Test['expected'];
}
const TESTS_MAX = 100;
export const VERDICT_WORDS = { allow: 'let in', step_up: 'asked for more', deny: 'denied' } as const;

const present = (row: Test) => ({
  id: row.id,
  policyId: row.policyId,
  name: row.name,
  facts: JSON.parse(row.facts) as AssumedFacts,
  expected: row.expected,
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
});

const testsOf = (db: Transaction, policyId: string): Promise<Test[]> =>
  db.selectFrom('policyTests').selectAll().where('policyId', '=', policyId).orderBy('name').orderBy('id').execute();

export const listTests = async (s: Services, principal: Principal, policyId: string) => {
  await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  return (await testsOf(s.store.read, policyId)).map(present);
};

const record = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  policy: Row<'policies'>,
  test: Test,
  what: string,
) =>
  recordEvent(s, tx, principal, {
    eventType: 'policy.lifecycle.update',
    displayMessage: `Test of a policy ${what}; what counts is unchanged`,
    target: [
      policyTarget(policy),
      { id: test.id, type: 'PolicyTest', alternateId: test.name, displayName: test.name, detailEntry: null },
    ],
    debugData: { policyTest: test.id, testWas: what, expected: test.expected },
  });

/** Facts that cannot be looked up, or not by this principal, are no test: E0000001, E0000007. */
const assertReadable = async (
  s: Services,
  principal: Principal,
  policy: Policy,
  { facts }: TestBody,
): Promise<void> => {
  await assumeFacts(s, principal, facts, {}, [policy], s.clock.now());
};

const assertNameIsFree = async (tx: Transaction, policyId: string, name: string, exceptId: string | null) => {
  const same = (await testsOf(tx, policyId)).find((test) => test.name === name);
  if (same !== undefined && same.id !== exceptId) throw invalid('name', 'Another test of this policy has this name.');
};

const findTest = async (db: Transaction, policyId: string, id: string): Promise<Test> => {
  const row = (await testsOf(db, policyId)).find((test) => test.id === id);
  if (row === undefined) throw notFound(id, 'PolicyTest');
  return row;
};

/** A test of what admits administrators keeps super admins from changing it: so they alone write it. */
const policyToTest = async (s: Services, principal: Principal, policyId: string): Promise<Row<'policies'>> => {
  const policy = await findPolicy(s.store.read, principal, 'okta.policies.manage', policyId);
  await assertMayChange(s.store.read, principal, policy);
  return policy;
};

export const createTest = async (s: Services, principal: Principal, policyId: string, body: TestBody) => {
  const policy = await policyToTest(s, principal, policyId);
  await assertReadable(s, principal, await readPolicy(s.store.read, policyId), body);
  const now = s.clock.now();
  const row: Test = {
    id: newId(s.random, 'policyTest'),
    policyId,
    name: body.name,
    facts: JSON.stringify(body.facts),
    expected: body.expected,
    createdAt: now,
    createdBy: authorOf(principal),
    lastUpdatedAt: now,
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    if ((await testsOf(tx, policyId)).length >= TESTS_MAX)
      throw invalid('policyId', `has ${TESTS_MAX} tests already; delete one first`);
    await assertNameIsFree(tx, policyId, body.name, null);
    await tx.insertInto('policyTests').values(row).execute();
    await record(s, tx, principal, policy, row, 'created');
  });
  return present(row);
};

export const replaceTest = async (s: Services, principal: Principal, policyId: string, id: string, body: TestBody) => {
  const policy = await policyToTest(s, principal, policyId);
  await assertReadable(s, principal, await readPolicy(s.store.read, policyId), body);
  return s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findTest(tx, policyId, id);
    await assertNameIsFree(tx, policyId, body.name, id);
    const row: Test = {
      ...before,
      name: body.name,
      facts: JSON.stringify(body.facts),
      expected: body.expected,
      lastUpdatedAt: s.clock.now(),
    };
    await tx.updateTable('policyTests').set(row).where('id', '=', id).execute();
    await record(s, tx, principal, policy, row, 'changed');
    return present(row);
  });
};

export const deleteTest = async (s: Services, principal: Principal, policyId: string, id: string): Promise<void> => {
  const policy = await policyToTest(s, principal, policyId);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findTest(tx, policyId, id);
    await tx.deleteFrom('policyTests').where('id', '=', id).execute();
    await record(s, tx, principal, policy, row, 'deleted');
  });
};

/** What of a person the policy asks for, and this principal may not know; null where that is nothing. */
const hiddenFrom = (facts: Facts, given: AssumedFacts, { rules }: Policy): string | null => {
  if (given.user === undefined) return null;
  if (facts.groupIds === undefined) return 'The policy asks for groups that you may not see.';
  const { attributes } = askedOfPeople(rules.flatMap(({ conditions }) => conditions.expression ?? []));
  return attributes.length > 0 && facts.profile === undefined
    ? 'The policy asks for parts of profiles that your role hides.'
    : null;
};

/**
 * One test, judged by the policy with the rights of whoever runs it: of a person or a group that they may not see it would
 * tell, one draft after the other, who is in which group. Whom it is about may be gone: it fails, too, and says both.
 */
const runTest = async (s: Services, principal: Principal, policy: Policy, test: Test) => {
  const given = JSON.parse(test.facts) as AssumedFacts;
  const now = given.at === undefined ? s.clock.now() : Date.parse(given.at);
  const base = { id: test.id, name: test.name, expected: test.expected };
  const unjudged = (why: string) => {
    const sentence = `It cannot be judged: ${why}`;
    return { ...base, isPassed: false, verdict: null, rule: null, sentence };
  };
  try {
    const facts = await assumeFacts(s, principal, given, {}, [policy], now);
    const hidden = hiddenFrom(facts, given, policy);
    if (hidden !== null) return unjudged(hidden);
    const { verdict, matchedRuleId } = evaluatePolicy(facts, policy, now);
    const rule = policy.rules.find(({ id }) => id === matchedRuleId);
    return {
      ...base,
      isPassed: verdict.kind === test.expected,
      verdict: verdict.kind,
      rule: rule === undefined ? null : { id: rule.id, name: rule.name },
      sentence: `It is ${VERDICT_WORDS[verdict.kind]}${rule === undefined ? '' : ` by “${rule.name}”`}. ${verdict.reasons.map(sentenceOf).join(' ')}`,
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return unjudged(
      error.code === 'E0000007'
        ? 'whom it is about is gone, or nobody whom you may see.'
        : (error.options.causes?.[0] ?? error.message),
    );
  }
};

/** `POST …/tests/run`: every test, of what is published or of a draft. It changes nothing. */
export const runTests = async (
  s: Services,
  principal: Principal,
  policyId: string,
  input: { readonly draft?: string | undefined },
) => {
  await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  const published = await readPolicy(s.store.read, policyId);
  const policy = input.draft === undefined ? published : await policyWithDraft(s, published, input.draft);
  const results = [];
  for (const test of await testsOf(s.store.read, policyId)) results.push(await runTest(s, principal, policy, test));
  return { isPassed: results.every(({ isPassed }) => isPassed), results };
};

/** E0000001 naming the tests that fail of the policy as it would stand, or that whoever publishes may not judge. */
export const assertTestsPass = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  policyId: string,
): Promise<void> => {
  const policy = await readPolicy(tx, policyId);
  const failing = [];
  for (const test of await testsOf(tx, policyId)) {
    const result = await runTest(s, principal, policy, test);
    if (!result.isPassed) failing.push(result);
  }
  if (failing.length === 0) return;
  throw new ApiError('E0000001', {
    args: ['policyTests'],
    causes: failing.map(({ name, expected, verdict, sentence }) =>
      verdict === null
        ? `The test “${name}”: ${sentence} Change the test, or let somebody publish who may see all that it asks for.`
        : `The test “${name}” fails: it expects ${VERDICT_WORDS[expected]}. ${sentence} Change the draft, or the test.`,
    ),
  });
};
