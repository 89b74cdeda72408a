import { invalid } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { isDoorType, type PolicyType } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { assertModelGroupsExist, assertNameIsFree, placePolicy } from '../policies/manage-policies.ts';
import { assertMayAsk, assertNamedExist, RULES_MAX } from '../policies/manage-rules.ts';
import { readPolicyDocuments } from '../policies/policy-documents.ts';
import type { PolicyRows } from '../policies/policy-rows.ts';
import { policyTarget, ruleDocument, ruleTarget } from '../policies/present-policy.ts';
import { readDocuments } from '../policies/rule-documents.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';

/** What stands in an old version or a draft was checked when it was written; what it names may be gone meanwhile. */
const assertStillRight = async (s: Services, tx: Transaction, principal: Principal, { policy, rules }: PolicyRows) => {
  const type = policy.type as PolicyType;
  // Of a door they say nothing but where it came from.
  const settings = isDoorType(type) ? {} : (JSON.parse(policy.settings) as unknown);
  const { conditions } = readPolicyDocuments(type, JSON.parse(policy.conditions), settings);
  await assertNamedExist(tx, conditions);
  await assertModelGroupsExist(s, tx, type, policy.settings);
  if (rules.filter(({ isSystem }) => isSystem === 0).length > RULES_MAX)
    throw invalid('rules', `A policy has at most ${RULES_MAX} rules`);
  for (const rule of rules) {
    const documents = readDocuments(type, JSON.parse(rule.conditions), JSON.parse(rule.actions));
    await assertNamedExist(tx, documents.conditions);
    assertMayAsk(principal, documents.conditions);
  }
};

/** The events of single rules are those that a change of one has: whoever watches for these sees a publication, too. */
const recordRules = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  before: PolicyRows,
  after: PolicyRows,
) => {
  const record = (eventType: EventType, rule: Row<'policyRules'>): Promise<string> =>
    recordEvent(s, tx, principal, { eventType, target: [policyTarget(after.policy), ruleTarget(rule)] });
  const said = (rule: Row<'policyRules'>): string => JSON.stringify({ ...ruleDocument(rule), status: null });
  for (const rule of after.rules) {
    const was = before.rules.find(({ id }) => id === rule.id);
    if (was === undefined) {
      await record('policy.rule.add', rule);
      continue;
    }
    if (said(was) !== said(rule)) await record('policy.rule.update', rule);
    if (was.status !== rule.status)
      await record(rule.status === 'ACTIVE' ? 'policy.rule.activate' : 'policy.rule.deactivate', rule);
  }
  for (const rule of before.rules)
    if (!after.rules.some(({ id }) => id === rule.id)) await record('policy.rule.delete', rule);
};

/**
 * Puts a policy whole in the place of what stands there, all rules at once, with the events of each. The catch-all and what
 * is fixed of a default policy stay; E0000001 where what it names is gone. Inside `changePolicies`. Returns the policy as it
 * stands then.
 */
export const publishRows = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  before: PolicyRows,
  wanted: PolicyRows,
  debugData: Readonly<Record<string, string>>,
): Promise<PolicyRows> => {
  await assertStillRight(s, tx, principal, wanted);
  const now = s.clock.now();
  const isSystem = before.policy.isSystem === 1;
  await assertNameIsFree(tx, before.policy.type, wanted.policy.name, before.policy.id);
  const own = isSystem ? {} : { conditions: wanted.policy.conditions, status: wanted.policy.status };
  const policy: Row<'policies'> = {
    ...before.policy,
    ...own,
    name: wanted.policy.name,
    description: wanted.policy.description,
    settings: wanted.policy.settings,
    version: before.policy.version + 1,
    lastUpdatedAt: now,
  };
  await tx.updateTable('policies').set(policy).where('id', '=', policy.id).execute();
  const priority =
    isSystem || wanted.policy.priority === before.policy.priority
      ? policy.priority
      : await placePolicy(tx, policy.type, policy.id, wanted.policy.priority);
  const rules: Row<'policyRules'>[] = [];
  await tx.deleteFrom('policyRules').where('policyId', '=', policy.id).execute();
  for (const rule of wanted.rules) {
    const was = before.rules.find(({ id }) => id === rule.id);
    const isOther = was === undefined || JSON.stringify(ruleDocument(was)) !== JSON.stringify(ruleDocument(rule));
    const row = { ...rule, createdAt: was?.createdAt ?? now, lastUpdatedAt: isOther ? now : was.lastUpdatedAt };
    await tx.insertInto('policyRules').values(row).execute();
    rules.push(row);
  }
  const after = { policy: { ...policy, priority }, rules };
  await recordRules(s, tx, principal, before, after);
  await recordEvent(s, tx, principal, {
    eventType: 'policy.lifecycle.update',
    target: [policyTarget(after.policy)],
    debugData,
  });
  return after;
};
