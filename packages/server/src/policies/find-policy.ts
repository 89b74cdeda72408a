import { notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import { assertMay, assertSuperAdmin } from '../roles/guard-user.ts';
import type { Row } from '../store/tables.ts';

/** Rules as people see them: of the same priority, too, in one order on every engine. */
export const rulesOf = (db: Transaction, policyId: string): Promise<Row<'policyRules'>[]> =>
  db
    .selectFrom('policyRules')
    .selectAll()
    .where('policyId', '=', policyId)
    .orderBy('priority')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();

/** The policies of a type in the order in which they are asked; the default one is last. */
export const policiesOfType = (db: Transaction, type: string): Promise<Row<'policies'>[]> =>
  db
    .selectFrom('policies')
    .selectAll()
    .where('type', '=', type)
    .orderBy('priority')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();

export const appsOf = (db: Transaction, policyId: string): Promise<Row<'apps'>[]> =>
  db.selectFrom('apps').selectAll().where('policyId', '=', policyId).orderBy('createdAt').orderBy('id').execute();

/** The policy of the Admin Console. */
export const consolePolicyId = async (db: Transaction): Promise<string | null> =>
  (await db.selectFrom('apps').select('policyId').where('name', '=', 'saasure').executeTakeFirst())?.policyId ?? null;

/** A policy that the principal may see, or change; E0000007 for one that is not there for them. */
export const findPolicy = async (
  db: Transaction,
  principal: Principal,
  permission: 'okta.policies.read' | 'okta.policies.manage',
  id: string,
): Promise<Row<'policies'>> => {
  const row = await db.selectFrom('policies').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Policy');
  assertMay(principal, permission, { kind: 'policy', id, type: row.type });
  return row;
};

export const findRule = async (db: Transaction, policyId: string, ruleId: string): Promise<Row<'policyRules'>> => {
  const row = await db
    .selectFrom('policyRules')
    .selectAll()
    .where('policyId', '=', policyId)
    .where('id', '=', ruleId)
    .executeTakeFirst();
  if (row === undefined) throw notFound(ruleId, 'PolicyRule');
  return row;
};

/** Does what counts again, where a change is not confirmed, hold or name it: a policy, a zone, a group? */
export const isNamedByBase = async (db: Transaction, id: string): Promise<boolean> => {
  const change = await db
    .selectFrom('provisionalChanges')
    .select('id')
    .where('confirmedAt', 'is', null)
    .where('endedAt', 'is', null)
    // Conditions stand in it as JSON inside JSON.
    .where('base', 'like', `%${id.replace(/[\\%_]/g, '')}%`)
    .executeTakeFirst();
  return change !== undefined;
};

/** Does the policy decide who enters the Admin Console, now, or again where a change is not confirmed? */
export const doesAdmitAdministrators = async (
  db: Transaction,
  { id, type }: Pick<Row<'policies'>, 'id' | 'type'>,
): Promise<boolean> => {
  if (type === 'OKTA_SIGN_ON' || id === (await consolePolicyId(db))) return true;
  return isNamedByBase(db, id);
};

/**
 * A lesser admin who could soften the console's policy, or one that holds for people everywhere, would decide how super admins
 * prove themselves, or lock their passwords.
 */
export const assertMayChange = async (
  tx: Transaction,
  principal: Principal,
  policy: Pick<Row<'policies'>, 'id' | 'type'>,
): Promise<void> => {
  if (policy.type !== 'ACCESS_POLICY' || (await doesAdmitAdministrators(tx, policy))) assertSuperAdmin(principal);
};

/**
 * The same of what they name, a zone or a group: whoever changes what the console's rule names changes the rule. E0000006
 * unless the principal is a super admin, where a rule of such a policy, or who the policy is for, names it.
 */
export const assertMayChangeNamed = async (tx: Transaction, principal: Principal, id: string): Promise<void> => {
  const named = `%"${id.replace(/[\\%_]/g, '')}"%`;
  const naming = await tx
    .selectFrom('policies')
    .leftJoin('policyRules', 'policyRules.policyId', 'policies.id')
    .select('policies.id')
    .where((e) => e.or([e('policyRules.conditions', 'like', named), e('policies.conditions', 'like', named)]))
    .where((e) =>
      e.or([
        e('policies.type', '!=', 'ACCESS_POLICY'),
        e('policies.id', 'in', e.selectFrom('apps').select('policyId').where('name', '=', 'saasure')),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (naming !== undefined || (await isNamedByBase(tx, id))) assertSuperAdmin(principal);
};
