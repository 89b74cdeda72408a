import { explainApprovers } from '@sallyport/decide/requests/explain-approvers';
import { findWeaknesses } from '@sallyport/decide/requests/find-weaknesses';
import type { RequestDecider } from '@sallyport/decide/requests/judge-request-decision';
import type { Related } from '@sallyport/decide/requests/match-approver';
import { escalatesAt, hasPassedOn, rulesOfStep } from '@sallyport/decide/requests/request-progress';
import type { ApproverRule, RequestFacts } from '@sallyport/model/access-request';
import type { Entitlement } from '@sallyport/model/grant';
import { toIso } from '@sallyport/model/instant';
import { factOf } from '@sallyport/model/permissions';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { Transaction } from '../ports/store.ts';
import { givesRole } from '../roles/guard-user.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { candidatesOf, foundersOf } from './hands.ts';
import type { RequestRow } from './store.ts';

export const personNamed = async (db: Transaction, id: string) => {
  const user = await db.selectFrom('users').select(['login', 'profile']).where('id', '=', id).executeTakeFirst();
  return user === undefined
    ? { id, login: null, name: 'somebody who was deleted' }
    : { id, login: user.login, name: displayNameOf(JSON.parse(user.profile) as object, user.login) };
};

/** Whom a rule names, in words. */
export const ruleInWords = async (db: Transaction, rule: ApproverRule): Promise<string> => {
  switch (rule.by) {
    case 'people': {
      const names: string[] = [];
      for (const id of rule.ids.slice(0, 5)) names.push((await personNamed(db, id)).name);
      return `${names.join(', ')}${rule.ids.length > 5 ? ' and others' : ''}`;
    }
    case 'group': {
      const group = await db.selectFrom('groups').select('name').where('id', '=', rule.id).executeTakeFirst();
      return group === undefined ? 'members of a group that was deleted' : `members of ${group.name}`;
    }
    case 'manager':
      return 'the manager of whom it is for';
    case 'owner':
      return 'owners of what is asked for';
    case 'super-admins':
      return 'super admins';
    case 'permission':
      return `whoever may: ${factOf(rule.permission).words}`;
    default:
      return 'administrators';
  }
};

/** Is what is asked for an admin role, a group that holds one, or an account that nobody is to be in? */
export const givesPower = async (db: Transaction, { kind, id }: Entitlement): Promise<boolean> =>
  kind === 'group' ? givesRole(db, id) : kind !== 'app';

const SHOWN_MAX = 10;

/** Why somebody cannot, said to others; what is not here reads the same to everybody. */
export const OF_OTHERS: Partial<Record<Reason, string>> = {
  'request-own': 'They asked for it. Nobody approves what they asked for themselves.',
  'request-for-you': 'It is for them. Nobody approves what they get themselves.',
  'request-decided-by-you': 'They decided on it already. One person counts once.',
  'approver-same-person': 'Another account of theirs decided on it already. One person counts once.',
  'request-decided-for-you': 'Somebody decided in their stead already. One vote counts once.',
  'delegator-own-request': 'They would decide in the stead of somebody who asked for it, or whom it is for.',
  'delegator-decided':
    'Whoever they would decide for, or who chose them for it, had their part in it already. One vote counts once.',
  'approver-tied':
    'In the last 30 days they and whoever asked made one another’s accounts, roles or keys, or one person made both.',
  'approver-tied-to-other':
    'In the last 30 days they and somebody who decided before made one another’s accounts, roles or keys, or one person made both.',
};

/** Where whoever explains a step reads people from. */
export interface Look {
  /** Of these people, those who could come in to say yes. */
  comingIn(userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** `candidatesOf` now. */
  candidates(rule: ApproverRule, ask: Related): Promise<readonly RequestDecider[]>;
}

/** Policies are not asked: they may let somebody in tomorrow who is kept out now. */
const lookAt = (db: Transaction, now: number): Look => ({
  comingIn: async (userIds) => new Set(userIds),
  candidates: (rule, ask) => candidatesOf(db, rule, ask, now),
});

/** Who may say yes to each step and who may not, all of them. */
export const outlooksOf = async (db: Transaction, facts: RequestFacts, now: number, look: Look = lookAt(db, now)) => {
  const named: RequestDecider[][] = [];
  const keptOut: { userId: string; reason: Reason }[][] = [];
  for (const index of facts.steps.keys()) {
    const people = new Map<string, RequestDecider>();
    const given = { by: 'people', ids: facts.reassigned[index]?.to ?? [] } as const;
    for (const rule of [...rulesOfStep(facts, index, now), given])
      for (const one of await look.candidates(rule, facts)) people.set(one.userId, one);
    const coming = await look.comingIn([...people.keys()]);
    named.push([...people.values()].filter(({ userId }) => coming.has(userId)));
    keptOut.push([...people.keys()].filter((id) => !coming.has(id)).map((userId) => ({ userId, reason: 'no-way-in' })));
  }
  const outlooks = explainApprovers(facts, named, await foundersOf(db, now), now);
  return outlooks.map((one, index) => ({ ...one, unable: [...one.unable, ...(keptOut[index] ?? [])] }));
};

/** Whom a step was given to, by whom and when. */
const reassignmentInWords = async (db: Transaction, { reassigned }: RequestFacts, index: number) => {
  const given = reassigned[index] ?? null;
  if (given === null) return null;
  const to = [];
  for (const id of given.to) to.push(await personNamed(db, id));
  return { to, by: await personNamed(db, given.by.userId), at: toIso(given.at) };
};

/** Whose yes it takes, step by step, the first who can give it and who cannot, and what is weak about that. */
export const explainSteps = async (
  db: Transaction,
  row: Pick<RequestRow, 'kind' | 'entitlementId'>,
  facts: RequestFacts,
  now: number,
  look?: Look,
) => {
  const outlooks = await outlooksOf(db, facts, now, look);
  const steps = [];
  for (const [index, { count, given, able, unable }] of outlooks.entries()) {
    const people = [];
    const ownFirst = able.toSorted((a, b) => Number(a.insteadOf !== null) - Number(b.insteadOf !== null));
    for (const { userId, insteadOf } of ownFirst.slice(0, SHOWN_MAX))
      people.push({
        ...(await personNamed(db, userId)),
        insteadOf: insteadOf === null ? null : await personNamed(db, insteadOf),
      });
    const others: ({ sentence: string; reason: Reason } & Awaited<ReturnType<typeof personNamed>>)[] = [];
    // Whom the rule does not name at all is nobody's news, nor that a step given to some is not with all others.
    const isNews = ({ reason }: { readonly reason: Reason }): boolean =>
      reason !== 'approver-not-named' && reason !== 'request-reassigned';
    for (const { userId, reason } of unable.filter(isNews).slice(0, SHOWN_MAX))
      others.push({ ...(await personNamed(db, userId)), reason, sentence: OF_OTHERS[reason] ?? sentenceOf(reason) });
    const { approvers: rule, escalateTo } = facts.steps[index] ?? {};
    const at = escalatesAt(facts, index);
    steps.push({
      count,
      given,
      who: rule === undefined ? '' : await ruleInWords(db, rule),
      // Whom it passes on to as well, and when; the instant is known once the step waits.
      escalation:
        escalateTo === undefined
          ? null
          : {
              who: await ruleInWords(db, escalateTo),
              at: at === null ? null : toIso(at),
              isNow: hasPassedOn(facts, index, now),
            },
      reassignment: await reassignmentInWords(db, facts, index),
      able: people,
      ableCount: able.length,
      unable: others,
    });
  }
  return {
    steps,
    weaknesses: findWeaknesses(outlooks, await givesPower(db, { kind: row.kind, id: row.entitlementId })),
  };
};
