import { authorize, judgeOwnWidening } from '@sallyport/decide/roles/authorize';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Verdict } from '@sallyport/model/verdict';
import { isActiveAt, membersAt } from '../grants/active-grants.ts';
import { idsOf } from '../group-rules/store.ts';
import { pageLimit } from '../http/page-limit.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMayManageGroup, factsOfUsers, givesRole, groupFacts } from '../roles/guard-user.ts';
import { namesOf } from '../roles/name-selectors.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { profileTypes } from '../user-types/store.ts';
import { presentUser } from '../users/present-user.ts';
import { listUserRows } from '../users/store.ts';
import { withVisibleProfiles } from '../users/visible-users.ts';
import { BUILT_IN_STAYS, findGroup } from './manage-groups.ts';

/** Why not, in a sentence; null where nothing speaks against it. */
const refusalOf = (...verdicts: readonly Verdict[]): string | null => {
  const denied = verdicts.find(({ kind }) => kind === 'deny');
  return denied === undefined ? null : denied.reasons.map(sentenceOf).join(' ');
};

const mayReadRules = (principal: Principal): boolean =>
  authorize(principal, 'okta.groups.read', { kind: 'all' }).kind === 'allow';

const readable = async (s: Services, principal: Principal, id: string): Promise<Row<'groups'>> => {
  const row = await findGroup(s.store.read, id);
  await assertMayManageGroup(s.store.read, principal, 'okta.groups.read', id);
  return row;
};

const refusalsOf = async (db: Transaction, principal: Principal, { id, type }: Row<'groups'>) => {
  if (type === 'BUILT_IN') return { change: BUILT_IN_STAYS, members: BUILT_IN_STAYS };
  const facts = await groupFacts(db, id);
  return {
    change: refusalOf(authorize(principal, 'okta.groups.manage', facts)),
    members: refusalOf(authorize(principal, 'okta.groups.members.manage', facts)),
  };
};

/**
 * `GET /sallyport/v1/groups/{id}`: what fills it, whether it gives an admin role, how many of its members the principal
 * may see, and why they may not change it, if so. `rules` is null for whoever may not read rules.
 */
export const getGroupDetail = async (s: Services, principal: Principal, id: string) => {
  const db = s.store.read;
  const row = await readable(s, principal, id);
  const { description } = JSON.parse(row.profile) as { description: string | null };
  const { found } = await db
    .selectFrom('users')
    .select((e) => e.fn.countAll<number | string>().as('found'))
    .where('users.id', 'in', membersAt(db, id, s.clock.now()))
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .executeTakeFirstOrThrow();
  const rules = mayReadRules(principal)
    ? (await db.selectFrom('groupRules').selectAll().orderBy('id').execute()).filter(({ groupIds }) =>
        idsOf(groupIds).includes(id),
      )
    : null;
  return {
    id,
    type: row.type,
    name: row.name,
    description,
    createdAt: toIso(row.createdAt),
    lastUpdatedAt: toIso(row.lastUpdatedAt),
    lastMembershipUpdatedAt: toIso(row.lastMembershipUpdatedAt),
    members: Number(found),
    givesRole: await givesRole(db, id),
    rules: rules?.map(({ id: ruleId, name, status, expression }) => ({ id: ruleId, name, status, expression })) ?? null,
    refusals: await refusalsOf(db, principal, row),
  };
};

/** Who or what added people, by the ids that stand beside memberships; a name only where the principal may see it. */
const authorsOf = async (s: Services, principal: Principal, ids: readonly string[]) => {
  const db = s.store.read;
  const known = [...new Set(ids), ''];
  const rules = await db.selectFrom('groupRules').select(['id', 'name', 'status']).where('id', 'in', known).execute();
  const people = await db
    .selectFrom('users')
    .select(['id', 'login'])
    .where('id', 'in', known)
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .execute();
  const apps = await namesOf(db, 'app', known);
  const seen = await db
    .selectFrom('apps')
    .select('id')
    .where('id', 'in', known)
    .where(whereAllowed(principal, 'okta.apps.read', 'app'))
    .execute();
  const seenApps = new Set(seen.map(({ id }) => id));
  const seesRules = mayReadRules(principal);
  return (id: string) => {
    const rule = rules.find((one) => one.id === id);
    if (rule !== undefined)
      return { kind: 'rule' as const, name: seesRules ? rule.name : null, isOn: rule.status === 'ACTIVE' };
    const name = people.find((one) => one.id === id)?.login ?? (seenApps.has(id) ? apps.get(id) : null) ?? null;
    return { kind: apps.has(id) ? ('app' as const) : ('person' as const), name, isOn: false };
  };
};

/**
 * `GET /sallyport/v1/groups/{id}/members`: those whom the principal may see, the deactivated among them; `q` begins a
 * login, an address or a name. `refusal` says why the principal cannot take somebody out.
 */
export const listGroupMembers = async (
  s: Services,
  principal: Principal,
  groupId: string,
  input: { readonly q?: string; readonly limit?: string; readonly after?: string },
) => {
  const db = s.store.read;
  const now = s.clock.now();
  const group = await readable(s, principal, groupId);
  const { q, after } = input;
  const types = await profileTypes(db);
  const limit = pageLimit(input.limit, 50, 200);
  const page = await listUserRows(
    db,
    s.store.engine,
    principal,
    types,
    { q, after, members: membersAt(db, groupId, now), now },
    limit,
  );
  const ids = page.shown.map(({ id }) => id);
  const memberships = await db
    .selectFrom('groupMembers')
    .select(['userId', 'addedAt', 'addedBy'])
    .where('groupId', '=', groupId)
    .where('userId', 'in', [...ids, ''])
    .execute();
  const forAWhile = await db
    .selectFrom('grants')
    .select(['userId', 'startsAt as addedAt', 'createdBy as addedBy', 'expiresAt'])
    .where('kind', '=', 'group')
    .where('entitlementId', '=', groupId)
    .where('userId', 'in', [...ids, ''])
    .where(isActiveAt(now))
    .execute();
  const authorOf = await authorsOf(
    s,
    principal,
    [...memberships, ...forAWhile].map(({ addedBy }) => addedBy),
  );
  const facts = await factsOfUsers(db, ids);
  const { members: refused } = await refusalsOf(db, principal, group);
  const refusalFor = (id: string): string | null => {
    const user = facts.get(id);
    if (refused !== null || user === undefined) return refused;
    const others = user.groupIds.filter((one) => one !== groupId);
    return refusalOf(
      authorize(principal, 'okta.users.groupMembership.manage', user),
      judgeOwnWidening(principal, user, others),
    );
  };
  const shown = await withVisibleProfiles(db, principal, page.shown);
  const standing = memberships.map((row) => ({ ...row, expiresAt: null }));
  const byUser = new Map([...forAWhile, ...standing].map((row) => [row.userId, row]));
  return {
    members: shown.flatMap((row) => {
      const membership = byUser.get(row.id);
      // Taken out since the page was read.
      if (membership === undefined) return [];
      return {
        id: row.id,
        login: row.login,
        name: displayNameOf(JSON.parse(row.profile) as object, row.login),
        status: presentUser(row, s.config.publicUrl.origin, now).status,
        since: toIso(membership.addedAt),
        /** Of somebody who is in it for a while. */
        until: membership.expiresAt === null ? null : toIso(membership.expiresAt),
        by: authorOf(membership.addedBy),
        refusal: membership.expiresAt === null ? refusalFor(row.id) : sentenceOf('member-for-a-while'),
      };
    }),
    after: page.after,
  };
};
