import type { Transaction } from '../ports/store.ts';
import { settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { rulesOf } from './find-policy.ts';
import { policyDocument, ruleDocument } from './present-policy.ts';

/** A policy whole, as it is stored: its row and those of its rules, in the order in which they are asked. */
export interface PolicyRows {
  readonly policy: Row<'policies'>;
  readonly rules: readonly Row<'policyRules'>[];
}

/** The policy as it stands; undefined where there is none. */
export const policyRowsOf = async (db: Transaction, id: string): Promise<PolicyRows | undefined> => {
  const policy = await db.selectFrom('policies').selectAll().where('id', '=', id).executeTakeFirst();
  return policy === undefined ? undefined : { policy, rules: await rulesOf(db, id) };
};

/** A tag of what it says; equal for two that say the same, whenever and by whatever number. */
export const tagOfRows = ({ policy, rules }: PolicyRows): string =>
  settingsVersion({
    id: policy.id,
    ...policyDocument(policy),
    rules: rules.map((rule) => ({ id: rule.id, ...ruleDocument(rule) })),
  });
