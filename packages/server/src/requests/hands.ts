import type { RequestDecider, Seat } from '@sallyport/decide/requests/judge-request-decision';
import { type ApproverFacts, matchApprover } from '@sallyport/decide/requests/match-approver';
import { areLinked } from '@sallyport/decide/requests/one-hand';
import { wholePermissions } from '@sallyport/decide/roles/authorize';
import type { ApproverRule, Hand, RequestFacts } from '@sallyport/model/access-request';
import type { Principal } from '@sallyport/model/principal';
import { ROLES, type RoleType, type StandardRoleType } from '@sallyport/model/roles';
import { makersOf } from '../approvals/ties.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import { standingRights } from '../roles/standing-rights.ts';

interface Profile {
  readonly email?: unknown;
  readonly employeeNumber?: unknown;
  readonly managerId?: unknown;
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '');

/** Everything by which an account could be another one's human: an employee with two accounts has one number and one mailbox. */
const linksOf = (userId: string, { email, employeeNumber }: Profile): readonly string[] => [
  userId,
  ...(textOf(email) === '' ? [] : [`mail:${textOf(email)}`]),
  ...(textOf(employeeNumber) === '' ? [] : [`employee:${textOf(employeeNumber)}`]),
];

/** An account as the judgement of hands sees it; of one that was deleted the log still knows who made it. */
export const handOf = async (db: Transaction, userId: string, now: number): Promise<Hand> => {
  const user = await db.selectFrom('users').select('profile').where('id', '=', userId).executeTakeFirst();
  const profile = user === undefined ? {} : (JSON.parse(user.profile) as Profile);
  return { userId, links: linksOf(userId, profile), makers: await makersOf(db, userId, now) };
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

/** `managerId` names an account by id or by login; anything else is nobody. */
export const managerOf = async (db: Transaction, userId: string): Promise<string | null> => {
  const user = await db.selectFrom('users').select('profile').where('id', '=', userId).executeTakeFirst();
  const named = user === undefined ? '' : textOf((JSON.parse(user.profile) as Profile).managerId);
  if (named === '') return null;
  const { managerId } = JSON.parse(user?.profile ?? '{}') as { managerId: string };
  const found = await db
    .selectFrom('users')
    .select('id')
    .where((e) => e.or([e('id', '=', managerId.trim()), e('loginFolded', '=', named)]))
    .executeTakeFirst();
  return found?.id ?? null;
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

/** The votes of others that somebody may give now, each as its holder is now. */
const seatsOf = async (db: Transaction, userId: string, now: number): Promise<readonly Seat[]> => {
  const rows = await countingDelegations(db, now).where('delegations.delegateId', '=', userId).execute();
  const seats: Seat[] = [];
  for (const { delegatorId, createdBy } of rows) {
    const hands = [await handOf(db, delegatorId, now)];
    if (createdBy !== delegatorId) hands.push(await handOf(db, createdBy, now));
    seats.push({ holder: await approverFactsOf(db, delegatorId), hands });
  }
  return seats;
};

/** Somebody as a decider, were they signed in to the console, with the standing rights of now: time-bound power approves nothing. */
export const deciderOfUser = async (db: Transaction, userId: string, now: number): Promise<RequestDecider> => ({
  kind: 'session',
  hasConsole: true,
  isBreakGlass: await isBreakGlass(db, userId),
  ...(await approverFactsOf(db, userId)),
  hand: await handOf(db, userId, now),
  seats: await seatsOf(db, userId, now),
});

/** The principal as a decider; null for whoever is no person in a session. */
export const deciderOf = async (db: Transaction, principal: Principal, now: number): Promise<RequestDecider | null> =>
  principal.kind === 'session'
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

const idsNamed = async (
  db: Transaction,
  rule: ApproverRule,
  ask: Pick<RequestFacts, 'managerId' | 'ownerUserIds' | 'ownerGroupIds'>,
): Promise<readonly string[]> => {
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

const NOBODY = { managerId: null, ownerUserIds: [], ownerGroupIds: [] };

/**
 * How many different people a rule names whatever is asked for, 50 at most: two accounts of one person are one. A delegate
 * gives the vote of somebody who is counted already.
 */
export const countNamed = async (db: Transaction, rule: ApproverRule): Promise<number> => {
  const ids = await idsNamed(db, rule, NOBODY);
  const people: Pick<Hand, 'userId' | 'links'>[] = [];
  for (const { id, profile } of ids.length === 0 ? [] : await peopleWithKeys(db, ids)) {
    if (people.length >= CANDIDATES_MAX) break;
    const account = { userId: id, links: linksOf(id, JSON.parse(profile) as Profile) };
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
  ask: Pick<RequestFacts, 'managerId' | 'ownerUserIds' | 'ownerGroupIds'>,
  now: number,
): Promise<readonly RequestDecider[]> => {
  const named = await idsNamed(db, rule, ask);
  if (named.length === 0) return [];
  const ids = [...named, ...(await delegatesOf(db, named, now))];
  const people = await peopleWithKeys(db, ids);
  const deciders: RequestDecider[] = [];
  // One after the other: a transaction has one connection.
  for (const { id } of people) {
    if (deciders.length >= CANDIDATES_MAX) break;
    const decider = await deciderOfUser(db, id, now);
    if ([decider, ...decider.seats.map(({ holder }) => holder)].some((who) => matchApprover(rule, who, ask)))
      deciders.push(decider);
  }
  return deciders;
};
