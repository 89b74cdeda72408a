import { parseRule, type RuleTest } from '@sallyport/decide/group-rules/parse-rule';
import { ApiError, notFound } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

/** A rule ready to be judged. */
export interface ReadRule {
  readonly row: Row<'groupRules'>;
  readonly test: RuleTest;
  readonly groupIds: readonly string[];
  readonly excludedUserIds: readonly string[];
}

export const idsOf = (text: string): readonly string[] => JSON.parse(text) as string[];

export const readRule = (row: Row<'groupRules'>): ReadRule => {
  const parsed = parseRule(row.expression);
  if (!parsed.ok) throw new ApiError('E0000009', { detail: `group rule ${row.id}: ${parsed.message}` });
  return { row, test: parsed.test, groupIds: idsOf(row.groupIds), excludedUserIds: idsOf(row.excludedUserIds) };
};

/** E0000007 otherwise. */
export const findRule = async (db: Transaction, id: string): Promise<Row<'groupRules'>> => {
  const row = await db.selectFrom('groupRules').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'GroupRule');
  return row;
};

export const activeRules = async (db: Transaction): Promise<readonly ReadRule[]> =>
  (await db.selectFrom('groupRules').selectAll().where('status', '=', 'ACTIVE').orderBy('id').execute()).map(readRule);

export const ruleAsTarget = ({ id, name }: Pick<Row<'groupRules'>, 'id' | 'name'>): LogTarget => ({
  id,
  type: 'GroupRule',
  alternateId: 'unknown',
  displayName: name,
  detailEntry: null,
});

/** E0000192 while an active rule fills the group: it must be switched off before the group can hold an admin role, or approve. */
export const assertNoRuleFills = async (db: Transaction, groupId: string): Promise<void> => {
  const rule = (await activeRules(db)).find(({ groupIds }) => groupIds.includes(groupId));
  if (rule !== undefined)
    throw new ApiError('E0000192', {
      causes: [
        `The rule ${rule.row.name} puts people into this group. Deactivate it before the group gets a role, or decides about access.`,
      ],
    });
};

/** Whoever changed is judged again by all rules, soon and also after a crash. */
export const queueForRules = async (tx: Transaction, userIds: readonly string[], now: number): Promise<void> => {
  for (const userId of userIds)
    await tx
      .insertInto('groupRuleQueue')
      .values({ userId, createdAt: now })
      .onConflict((conflict) => conflict.column('userId').doUpdateSet({ createdAt: now }))
      .execute();
};
