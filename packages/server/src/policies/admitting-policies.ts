import type { ConsolePolicies } from '@sallyport/decide/policies/find-way-in';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { consolePolicyId, policiesOfType, rulesOf } from './find-policy.ts';
import { NO_POLICY, toPolicy } from './policy-index.ts';
import { type PolicyRows, policyRowsOf, tagOfRows } from './policy-rows.ts';

/**
 * What admits administrators, whole: the policies of all sessions, in their order, the one of the Admin Console, and which
 * that is. Of a provisional change it is kept as it was before, so that it can count again.
 */
export interface AdmittingState {
  readonly consolePolicyId: string | null;
  readonly policies: readonly PolicyRows[];
}

/** As it stands. `alsoIds` are further policies that belong to it: those of a provisional change's base. */
export const readAdmitting = async (db: Transaction, alsoIds: readonly string[] = []): Promise<AdmittingState> => {
  const consoleId = await consolePolicyId(db);
  const global = await policiesOfType(db, 'OKTA_SIGN_ON');
  const others = new Set([...(consoleId === null ? [] : [consoleId]), ...alsoIds]);
  for (const { id } of global) others.delete(id);
  const policies: PolicyRows[] = [];
  for (const policy of global) policies.push({ policy, rules: await rulesOf(db, policy.id) });
  for (const id of [...others].toSorted()) {
    const rows = await policyRowsOf(db, id);
    if (rows !== undefined) policies.push(rows);
  }
  return { consolePolicyId: consoleId, policies };
};

/** Equal for two that admit by the same words. */
export const tagOfAdmitting = ({ consolePolicyId: id, policies }: AdmittingState): string =>
  JSON.stringify([id, ...policies.map(tagOfRows)]);

/** As judgements read it; a console without a policy denies. */
export const toAdmittingPolicies = ({ consolePolicyId: id, policies }: AdmittingState): ConsolePolicies => {
  const of = ({ policy, rules }: PolicyRows) => toPolicy(policy, rules, true);
  const console_ = policies.find(({ policy }) => policy.id === id);
  return {
    global: policies.filter(({ policy }) => policy.type === 'OKTA_SIGN_ON').map(of),
    console: console_ === undefined ? NO_POLICY : of(console_),
  };
};

/** Of a provisional change: what counts again when it is not confirmed. */
export const baseOf = (row: Pick<Row<'provisionalChanges'>, 'base'>): AdmittingState =>
  JSON.parse(row.base) as AdmittingState;
