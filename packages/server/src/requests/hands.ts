import type { RequestDecider, Seat } from '@sallyport/decide/requests/judge-request-decision';
import { type ApproverFacts, matchApprover, type Related } from '@sallyport/decide/requests/match-approver';
import { areLinked } from '@sallyport/decide/requests/one-hand';
import { wholePermissions } from '@sallyport/decide/roles/authorize';
import type { Account, ApproverRule, Hand } from '@sallyport/model/access-request';
import type { Principal } from '@sallyport/model/principal';
import { ROLES, type RoleType, type StandardRoleType } from '@sallyport/model/roles';
import { accountsOf, linksOf } from '../approvals/accounts-of-human.ts';
import { makersOf } from '../approvals/ties.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import { standingRights } from '../roles/standing-rights.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';

/** An account as the judgement of hands sees it; of one that was deleted the log still knows who made it. */
export const handOf = async (db: Transaction, userId: string, now: number): Promise<Hand> => {
  const user = await db.selectFrom('users').select('profile').where('id', '=', userId).executeTakeFirst();
  return { userId, links: linksOf(userId, user?.profile), makers: await makersOf(db, userId, now) };
};

/**
 * For how long whoever set up the organisation is spared: by then everything that they made in its first 30 days has
 * stopped being a tie. Years later they are an administrator like any other.
 */
const FOUNDING_DAYS = 60;

/** Whoever set up the organisation, while it is new: the first accounts of everybody are of their making. */
export const foundersOf = async (db: Transaction, now: number): Promise<ReadonlySet<string>> => {
  const org = await db.selectFrom('org').select('createdAt').executeTakeFirst();
  if (org === undefined || now >= Number(org.createdAt) + FOUNDING_DAYS * 86_400_000) return new Set();
  const rows = await db.selectFrom('users').select('id').where('createdBy', '=', 'setup').execute();
  return new Set(rows.map(({ id }) => id));
};

/** The managers of these people: `managerId` names an account by id or by login; anything else is nobody. */
export const managersOf = async (db: Transaction, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const users = await db
    .selectFrom('users')
    .select(['id', 'profile'])
    .where('id', 'in', ['', ...userIds])
    .execute();
  const named = users.flatMap(({ id, profile }) => {
    const { managerId } = JSON.parse(profile) as { readonly managerId?: unknown };
    return typeof managerId === 'string' && managerId.trim() !== '' ? [{ id, manager: managerId.trim() }] : [];
  });
  if (named.length === 0) return new Map();
  const found = await db
    .selectFrom('users')
    .select(['id', 'loginFolded'])
    .where((e) =>
      e.or([
        e('id', 'in', [...new Set(named.map(({ manager }) => manager))]),
        e('loginFolded', 'in', [...new Set(named.map(({ manager }) => manager.toLowerCase()))]),
      ]),
    )
    .execute();
  const ids = new Map([
    ...found.map(({ id, loginFolded }) => [loginFolded, id] as const),
    ...found.map(({ id }) => [id, id] as const),
  ]);
  return new Map(
    named.flatMap(({ id, manager }) => {
      const one = ids.get(manager) ?? ids.get(manager.toLowerCase());
      return one === undefined ? [] : [[id, one] as const];
    }),
  );
};

/** What rules ask of somebody, with the standing rights of now. */
export const approverFactsOf = async (db: Transaction, userId: string): Promise<ApproverFacts> => {
  const rights = await standingRights(db, userId);
  const groups = await db.selectFrom('groupMembers').select('groupId').where('userId', '=', userId).execute();
  return {
    userId,
    roles: rights.roles,
    permissions: wholePermissions(rights),
    groupIds: groups.map(({ groupId }) => groupId),
  };
};

const CANDIDATES_MAX = 50;

/** A person's delegations that count at an instant: both people could sign in, and neither is nobody's own. */
const countingDelegations = (db: Transaction, now: number) =>
  db
    .selectFrom('delegations')
    .innerJoin('users', 'users.id', 'delegations.delegatorId')
    .select(['delegations.delegatorId', 'delegations.delegateId', 'delegations.createdBy'])
    .where('delegations.startsAt', '<=', now)
    .where('delegations.endsAt', '>', now)
    .where('users.status', '=', 'ACTIVE')
    .where('users.serviceAccountAt', 'is', null)
    .where('users.id', 'not in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
    .orderBy('delegations.delegatorId')
    .limit(CANDIDATES_MAX);

type HandOf<H extends Account> = (userId: string) => Promise<H>;

/** The votes of others that somebody may give now, each as its holder is now. */
const seatsOf = async <H extends Account>(
  db: Transaction,
  userId: string,
  now: number,
  hand: HandOf<H>,
): Promise<readonly Seat<H>[]> => {
  const rows = await countingDelegations(db, now).where('delegations.delegateId', '=', userId).execute();
  const seats: Seat<H>[] = [];
  for (const { delegatorId, createdBy } of rows) {
    const hands = [await hand(delegatorId)];
    if (createdBy !== delegatorId) hands.push(await hand(createdBy));
    seats.push({ holder: await approverFactsOf(db, delegatorId), hands });
  }
  return seats;
};

const deciderWith = async <H extends Account>(
  db: Transaction,
  userId: string,
  now: number,
  hand: HandOf<H>,
  own?: ApproverFacts,
): Promise<RequestDecider<H>> => ({
  kind: 'session',
  hasConsole: true,
  isBreakGlass: await isBreakGlass(db, userId),
  ...(own ?? (await approverFactsOf(db, userId))),
  hand: await hand(userId),
  seats: await seatsOf(db, userId, now, hand),
});

/** Somebody as a decider, were they signed in to the console, with the standing rights of now: time-bound power approves nothing. */
export const deciderOfUser = (
  db: Transaction,
  userId: string,
  now: number,
  own?: ApproverFacts,
): Promise<RequestDecider> => deciderWith(db, userId, now, (id) => handOf(db, id, now), own);

/** The same without who made whom, as far as it takes to tell what they are asked about. */
export const askedUser = (db: Transaction, userId: string, now: number): Promise<RequestDecider<Account>> =>
  deciderWith(db, userId, now, async (id) => (await accountsOf(db, [id])).get(id) ?? { userId: id, links: [id] });

/** The principal as a decider; null for whoever is no person in a session. */
export const deciderOf = async (db: Transaction, principal: Principal, now: number): Promise<RequestDecider | null> =>
  principal.kind === 'session' && !(await isOfServiceAccount(db, principal))
    ? { ...(await deciderOfUser(db, principal.userId, now)), hasConsole: principal.hasConsole }
    : null;

/** People whose rights are looked at for it. */
const LOOKED_AT_MAX = 500;

/** Roles without which nobody is meant by a rule; a custom one may hold anything. */
const rolesOf = (rule: ApproverRule): readonly RoleType[] => {
  if (rule.by === 'super-admins') return ['SUPER_ADMIN'];
  const types = Object.keys(ROLES) as StandardRoleType[];
  const holds = (type: StandardRoleType): boolean =>
    rule.by !== 'permission' || ROLES[type].permissions.some((permission) => permission === rule.permission);
  return [...types.filter(holds), 'CUSTOM'];
};

const holdersOfRoles = async (db: Transaction, types: readonly RoleType[]): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', (join) => join.onRef('groupMembers.groupId', '=', 'roleAssignments.principalId'))
    .select((e) => e.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'))
    .distinct()
    .where('roleAssignments.principalKind', 'in', ['user', 'group'])
    .where('roleAssignments.type', 'in', types)
    .execute();
  return rows.map(({ userId }) => userId);
};

const membersOf = async (db: Transaction, groupIds: readonly string[]): Promise<readonly string[]> => {
  if (groupIds.length === 0) return [];
  const rows = await db.selectFrom('groupMembers').select('userId').where('groupId', 'in', groupIds).execute();
  return rows.map(({ userId }) => userId);
};

const idsNamed = async (db: Transaction, rule: ApproverRule, ask: Related): Promise<readonly string[]> => {
  switch (rule.by) {
    case 'people':
      return rule.ids;
    case 'group':
      return membersOf(db, [rule.id]);
    case 'manager':
      return ask.managerId === null ? [] : [ask.managerId];
    case 'owner':
      return [...ask.ownerUserIds, ...(await membersOf(db, ask.ownerGroupIds))];
    default:
      return holdersOfRoles(db, rolesOf(rule));
  }
};

const delegatesOf = async (db: Transaction, ids: readonly string[], now: number): Promise<readonly string[]> =>
  (await countingDelegations(db, now).where('delegations.delegatorId', 'in', ids).execute()).map(
    ({ delegateId }) => delegateId,
  );

/**
 * Of these accounts those that rules could mean, and those that decide in the stead of somebody whom they could mean: in a
 * few questions, and without a look at any of them, so that some are not meant.
 */
export const maybeNamed = async (
  db: Transaction,
  rules: readonly ApproverRule[],
  ask: Related,
  among: readonly string[],
  now: number,
): Promise<ReadonlySet<string>> => {
  const named = new Set<string>();
  for (const rule of rules) for (const id of await idsNamed(db, rule, ask)) named.add(id);
  if (named.size === 0) return named;
  const seats = await countingDelegations(db, now).where('delegations.delegateId', 'in', among).clearLimit().execute();
  const delegates = new Set(seats.flatMap((seat) => (named.has(seat.delegatorId) ? [seat.delegateId] : [])));
  return new Set(among.filter((id) => named.has(id) || delegates.has(id)));
};

/** Of these accounts the active people with a key that opens the console, in the order of their ids. */
const peopleWithKeys = (db: Transaction, ids: readonly string[]) =>
  db
    .selectFrom('users')
    .innerJoin('factors', 'factors.userId', 'users.id')
    .select(['users.id', 'users.profile'])
    .distinct()
    .where('users.status', '=', 'ACTIVE')
    .where('users.serviceAccountAt', 'is', null)
    // Nobody's own: it approves nothing, and no request waits for it.
    .where('users.id', 'not in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
    .where('factors.kind', '=', 'webauthn')
    .where('factors.status', '=', 'ACTIVE')
    .where('factors.isBackupEligible', '=', 0)
    .where('users.id', 'in', ids)
    .orderBy('users.id')
    .limit(LOOKED_AT_MAX)
    .execute();

const NOBODY: Related = { managerId: null, ownerUserIds: [], ownerGroupIds: [] };

/**
 * How many different people a rule names whatever is asked for, 50 at most: two accounts of one person are one. A delegate
 * gives the vote of somebody who is counted already.
 */
export const countNamed = async (db: Transaction, rule: ApproverRule): Promise<number> => {
  const ids = await idsNamed(db, rule, NOBODY);
  const people: Pick<Hand, 'userId' | 'links'>[] = [];
  for (const { id, profile } of ids.length === 0 ? [] : await peopleWithKeys(db, ids)) {
    if (people.length >= CANDIDATES_MAX) break;
    const account = { userId: id, links: linksOf(id, profile) };
    if (people.some((one) => areLinked(one, account))) continue;
    if (matchApprover(rule, await approverFactsOf(db, id), NOBODY)) people.push(account);
  }
  return people.length;
};

/**
 * Whom a rule names, and whoever decides in the stead of one of them: active people with a key that opens the console. Of many only the first are looked up further, so
 * that those whom it does not name must not stand before them.
 */
export const candidatesOf = async (
  db: Transaction,
  rule: ApproverRule,
  ask: Related,
  now: number,
): Promise<readonly RequestDecider[]> => {
  const named = await idsNamed(db, rule, ask);
  if (named.length === 0) return [];
  const delegates = new Set(await delegatesOf(db, named, now));
  const people = await peopleWithKeys(db, [...named, ...delegates]);
  const deciders: RequestDecider[] = [];
  // One after the other: a transaction has one connection.
  for (const { id } of people) {
    if (deciders.length >= CANDIDATES_MAX) break;
    const own = await approverFactsOf(db, id);
    // Most that a role of one's own brings here do not hold what the rule asks for: of them no more is read.
    if (!delegates.has(id) && !matchApprover(rule, own, ask)) continue;
    const decider = await deciderOfUser(db, id, now, own);
    if ([decider, ...decider.seats.map(({ holder }) => holder)].some((who) => matchApprover(rule, who, ask)))
      deciders.push(decider);
  }
  return deciders;
};
