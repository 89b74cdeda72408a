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

/** How an id stands in a text: in a list of ids, or in an expression. */
const asId = (id: string): string => `%${id.replace(/[\\%_]/g, '')}%`;
/** How an expression names a group: between quotes, and these as JSON, or JSON inside JSON, writes them. */
const asName = (name: string): readonly string[] => {
  const like = name.replace(/["'\\%_]+/g, '%');
  return [`%'${like}'%`, `%_"${like}_"%`, `%_"${like}___"%`];
};

const isInBase = async (db: Transaction, patterns: readonly string[]): Promise<boolean> => {
  const change = await db
    .selectFrom('provisionalChanges')
    .select('id')
    .where('confirmedAt', 'is', null)
    .where('endedAt', 'is', null)
    .where((e) => e.or(patterns.map((pattern) => e('base', 'like', pattern))))
    .executeTakeFirst();
  return change !== undefined;
};

/** Does what counts again, where a change is not confirmed, hold or name it: a policy, a zone, a group? */
export const isNamedByBase = (db: Transaction, id: string): Promise<boolean> => isInBase(db, [asId(id)]);

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
 * The same of what they name, a zone or a group: whoever changes what the console's rule names, or who is in it, changes the
 * rule. E0000006 unless the principal is a super admin, where a rule of such a policy, its expression, or who the policy is
 * for names it. `groupNames`: expressions name groups by these, too.
 */
export const assertMayChangeNamed = async (
  tx: Transaction,
  principal: Principal,
  id: string,
  groupNames: readonly string[] = [],
): Promise<void> => {
  const patterns = [asId(id), ...groupNames.flatMap(asName)];
  const naming = await tx
    .selectFrom('policies')
    .leftJoin('policyRules', 'policyRules.policyId', 'policies.id')
    .select('policies.id')
    .where((e) =>
      e.or(
        patterns.flatMap((named) => [
          e('policyRules.conditions', 'like', named),
          e('policies.conditions', 'like', named),
        ]),
      ),
    )
    .where((e) =>
      e.or([
        e('policies.type', '!=', 'ACCESS_POLICY'),
        e('policies.id', 'in', e.selectFrom('apps').select('policyId').where('name', '=', 'saasure')),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (naming !== undefined || (await isInBase(tx, patterns))) assertSuperAdmin(principal);
};
