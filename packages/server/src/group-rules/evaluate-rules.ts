import { matchRule } from '@sallyport/decide/group-rules/match-rule';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { breakGlassIds } from '../break-glass/store.ts';
import { groupAsTarget } from '../groups/manage-groups.ts';
import { shutsEverybodyOut, superAdminHolders } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { groupsOfAllPower } from '../requests/super-admin-askers.ts';
import { groupsWithRole } from '../roles/groups-with-role.ts';
import type { Services } from '../services.ts';
import { jobContext } from '../setup/announce-setup.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { activeRules, type ReadRule, ruleAsTarget } from './store.ts';

/** People in one transaction: others write between two of them. */
const BATCH = 200;

const jobPrincipal = (s: Services): Principal => ({
  kind: 'job',
  job: 'group-rules',
  permissions: new Set<never>(),
  request: jobContext(`group-rules-${s.random.bytes(9).toString('base64url')}`),
});

/** Rules that may no longer do what they say: a group of theirs is gone, or holds an admin role or may ask for all power by now. */
const invalidate = async (s: Services, tx: Transaction, by: Principal, rules: readonly ReadRule[]) => {
  const all = [...new Set(rules.flatMap(({ groupIds }) => groupIds))];
  const withRole = await groupsWithRole(tx, all);
  const askers = await groupsOfAllPower(tx);
  const rows = all.length === 0 ? [] : await tx.selectFrom('groups').selectAll().where('id', 'in', all).execute();
  const groups = new Map(rows.map((row) => [row.id, row]));
  const isGood = ({ groupIds }: ReadRule): boolean =>
    groupIds.every((id) => groups.has(id) && !withRole.has(id) && !askers.has(id));
  for (const { row } of rules.filter((rule) => !isGood(rule))) {
    await tx
      .updateTable('groupRules')
      .set({ status: 'INVALID', scanCursor: null, lastUpdatedAt: s.clock.now() })
      .where('id', '=', row.id)
      .execute();
    await recordEvent(s, tx, by, {
      eventType: 'group.user_membership.rule.invalidate',
      target: [ruleAsTarget(row)],
    });
  }
  return { rules: rules.filter(isGood), groups };
};

/** Writes what rules want of a person. What would shut the last super admin out is undone, and told as a fault of its rules. */
const applyTo = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  user: Row<'users'>,
  rules: readonly ReadRule[],
  ruleIds: ReadonlySet<string>,
  groups: ReadonlyMap<string, Row<'groups'>>,
  superAdminIds: ReadonlySet<string>,
): Promise<boolean> => {
  const memberships = await tx.selectFrom('groupMembers').selectAll().where('userId', '=', user.id).execute();
  const given = memberships.filter(({ addedBy }) => !ruleIds.has(addedBy)).map(({ groupId }) => groupId);
  const facts = { profile: JSON.parse(user.profile) as Record<string, unknown>, groupIds: given };
  const wanted = new Map<string, ReadRule>();
  for (const rule of rules)
    if (!rule.excludedUserIds.includes(user.id) && matchRule(rule.test, facts))
      for (const groupId of rule.groupIds) wanted.set(groupId, rule);
  const now = s.clock.now();
  const changes: { readonly verb: 'add' | 'remove'; readonly groupId: string; readonly rule: ReadRule }[] = [];
  for (const { groupId, addedBy } of memberships) {
    const rule = rules.find(({ row }) => row.id === addedBy);
    if (rule === undefined) continue;
    const next = wanted.get(groupId);
    if (next === undefined) {
      await tx.deleteFrom('groupMembers').where('groupId', '=', groupId).where('userId', '=', user.id).execute();
      changes.push({ verb: 'remove', groupId, rule });
    } else if (next !== rule)
      await tx
        .updateTable('groupMembers')
        .set({ addedBy: next.row.id })
        .where('groupId', '=', groupId)
        .where('userId', '=', user.id)
        .execute();
  }
  const member = new Set(memberships.map(({ groupId }) => groupId));
  for (const [groupId, rule] of wanted) {
    if (member.has(groupId)) continue;
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('groupMembers')
      .values({ groupId, userId: user.id, addedAt: now, addedBy: rule.row.id })
      .onConflict((conflict) => conflict.columns(['groupId', 'userId']).doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) changes.push({ verb: 'add', groupId, rule });
  }
  const isUndone = changes.length > 0 && superAdminIds.has(user.id) && (await shutsEverybodyOut(s, tx));
  if (isUndone) {
    await tx.deleteFrom('groupMembers').where('userId', '=', user.id).execute();
    for (const membership of memberships) await tx.insertInto('groupMembers').values(membership).execute();
  }
  for (const { verb, groupId, rule } of changes) {
    const group = groups.get(groupId);
    await recordEvent(s, tx, by, {
      eventType: isUndone ? 'group.user_membership.rule.error' : `group.user_membership.${verb}`,
      target: [userAsActor(user), ...(group === undefined ? [] : [groupAsTarget(group)]), ruleAsTarget(rule.row)],
      ...(isUndone ? { outcome: { result: 'FAILURE', reason: sentenceOf('last-super-admin') } } : {}),
    });
  }
  if (isUndone) return false;
  for (const { groupId } of changes)
    await tx.updateTable('groups').set({ lastMembershipUpdatedAt: now }).where('id', '=', groupId).execute();
  return changes.length > 0;
};

/** Judges a batch: whoever waits in the queue first, then whom a freshly activated rule has not met yet. */
const evaluateBatch = async (s: Services): Promise<{ readonly changed: readonly string[]; readonly isMore: boolean }> =>
  s.store.transaction(async (tx) => {
    const queued = await tx.selectFrom('groupRuleQueue').select('userId').orderBy('createdAt').limit(BATCH).execute();
    const ids = queued.map(({ userId }) => userId);
    // First: whoever writes one of these people meanwhile waits for us, or we for them, and then see what they wrote.
    if (ids.length > 0) await tx.deleteFrom('groupRuleQueue').where('userId', 'in', ids).execute();
    const active = await activeRules(tx);
    const scanning = active.find(({ row }) => row.scanCursor !== null);
    if (queued.length === 0 && scanning === undefined) return { changed: [], isMore: false };
    const by = jobPrincipal(s);
    const { rules, groups } = await invalidate(s, tx, by, active);
    let users = tx.selectFrom('users').selectAll().where('status', '!=', 'DEPROVISIONED').orderBy('id').limit(BATCH);
    users = ids.length > 0 ? users.where('id', 'in', ids) : users.where('id', '>', scanning?.row.scanCursor ?? '');
    const rows = await users.execute();
    const known = await tx.selectFrom('groupRules').select('id').execute();
    const ruleIds = new Set(known.map(({ id }) => id));
    const changed: string[] = [];
    const holders = await superAdminHolders(tx).execute();
    const superAdminIds = new Set(holders.map(({ userId }) => userId));
    // No rule takes a break-glass account anywhere: nobody's profile shall decide what it is in.
    const sealed = await breakGlassIds(tx);
    for (const user of rows.filter(({ id }) => !sealed.has(id)))
      if (await applyTo(s, tx, by, user, rules, ruleIds, groups, superAdminIds)) changed.push(user.id);
    if (ids.length === 0 && scanning !== undefined)
      await tx
        .updateTable('groupRules')
        .set({ scanCursor: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) })
        .where('id', '=', scanning.row.id)
        .execute();
    return { changed, isMore: true };
  });

/** The job: goes on until nobody waits. What it was in the middle of when the server ended it does again. */
export const evaluateRules = async (s: Services): Promise<void> => {
  for (;;) {
    const { changed, isMore } = await evaluateBatch(s);
    for (const id of changed) s.bus.publish({ kind: 'user', id, reason: 'rights-changed' });
    if (!isMore) return;
  }
};
