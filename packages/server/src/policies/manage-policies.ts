import { ApiError, invalid } from '@sallyport/model/errors';
import { POLICY_TYPES, type PolicyType } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { forgetResource } from '../roles/forget.ts';
import { assertMay, assertSuperAdmin } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { changePolicies } from './change-policies.ts';
import { aaguidGroupsIn } from './enrolment-documents.ts';
import { appsOf, assertMayChange, findPolicy, policiesOfType, rulesOf } from './find-policy.ts';
import { assertNamedExist, LAST_PRIORITY } from './manage-rules.ts';
import { readPolicyDocuments } from './policy-documents.ts';
import { policyDocument, policyTarget, presentPolicy } from './present-policy.ts';

export interface PolicyBody {
  readonly type: string;
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly priority?: number | null | undefined;
  readonly status?: 'ACTIVE' | 'INACTIVE' | undefined;
  readonly conditions?: unknown;
  readonly settings?: unknown;
}

const POLICIES_MAX = 500;
/** App policies have no order: an app has exactly one. */
const SOLE_PRIORITY = 1;
const DENY = { appSignOn: { access: 'DENY' } };

const wantsRules = (expand: string | undefined): boolean => (expand ?? '').split(',').includes('rules');
const isPolicyType = (type: string): type is PolicyType => (POLICY_TYPES as readonly string[]).includes(type);

/** `GET /api/v1/policies?type=`. */
export const listPolicies = async (
  s: Services,
  principal: Principal,
  input: { readonly type: string; readonly expand?: string; readonly status?: string },
) => {
  if (!isPolicyType(input.type)) throw invalid('type', `must be one of ${POLICY_TYPES.join(', ')}`);
  const rows = await s.store.read
    .selectFrom('policies')
    .selectAll()
    .where('type', '=', input.type)
    .where(whereAllowed(principal, 'okta.policies.read', 'policy'))
    .orderBy('priority')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  const shown = rows.filter((row) => input.status === undefined || row.status === input.status);
  return Promise.all(
    shown.map(async (row) =>
      presentPolicy(
        row,
        s.config.publicUrl.origin,
        wantsRules(input.expand) ? await rulesOf(s.store.read, row.id) : null,
      ),
    ),
  );
};

/** A policy, and the tag of its version. */
export const getPolicy = async (s: Services, principal: Principal, id: string, expand: string | undefined) => {
  const row = await findPolicy(s.store.read, principal, 'okta.policies.read', id);
  const rules = wantsRules(expand) ? await rulesOf(s.store.read, id) : null;
  return {
    policy: presentPolicy(row, s.config.publicUrl.origin, rules),
    version: settingsVersion(policyDocument(row)),
  };
};

/** Of the policies of a type each has a name of its own. */
export const assertNameIsFree = async (tx: Transaction, type: string, name: string, exceptId: string | null) => {
  const same = await tx.selectFrom('policies').select('id').where('type', '=', type).where('name', '=', name).execute();
  if (same.some(({ id }) => id !== exceptId)) throw invalid('name', 'Another policy of this type has this name.');
};

/**
 * Gives a policy its place among those of its type; the others follow, and the default one stays last.
 */
export const placePolicy = async (
  tx: Transaction,
  type: string,
  id: string,
  wanted: number | null,
): Promise<number> => {
  if (type === 'ACCESS_POLICY') return SOLE_PRIORITY;
  const all = await policiesOfType(tx, type);
  const others = all.filter((row) => row.id !== id && row.isSystem === 0);
  const at = Math.min(Math.max(wanted ?? others.length + 1, 1), others.length + 1) - 1;
  const order = [
    ...others.slice(0, at).map((row) => row.id),
    id,
    ...others.slice(at).map((row) => row.id),
    ...all.filter((row) => row.isSystem === 1).map((row) => row.id),
  ];
  for (const [i, each] of order.entries())
    await tx
      .updateTable('policies')
      .set({ priority: i + 1 })
      .where('id', '=', each)
      .execute();
  return at + 1;
};

const insertPolicy = async (
  s: Services,
  tx: Transaction,
  row: Omit<Row<'policies'>, 'id' | 'version' | 'isSystem' | 'createdAt' | 'lastUpdatedAt'>,
): Promise<Row<'policies'>> => {
  const now = s.clock.now();
  const count = await tx
    .selectFrom('policies')
    .select((e) => e.fn.countAll<number | string>().as('count'))
    .where('type', '=', row.type)
    .executeTakeFirstOrThrow();
  if (Number(count.count) >= POLICIES_MAX)
    throw invalid('type', `There are at most ${POLICIES_MAX} policies of a type`);
  const made: Row<'policies'> = {
    ...row,
    id: newId<string>(s.random, row.type === 'ACCESS_POLICY' ? 'accessPolicy' : 'policy'),
    priority: SOLE_PRIORITY,
    version: 1,
    isSystem: 0,
    createdAt: now,
    lastUpdatedAt: now,
  };
  await tx.insertInto('policies').values(made).execute();
  return { ...made, priority: await placePolicy(tx, made.type, made.id, row.priority) };
};

/** What a new policy may not do without: nobody is let in by an app policy until a rule says so. */
const insertCatchAll = (s: Services, tx: Transaction, policyId: string, actions: string) => {
  const now = s.clock.now();
  return tx
    .insertInto('policyRules')
    .values({
      id: newId(s.random, 'accessRule'),
      policyId,
      type: 'ACCESS_POLICY',
      name: 'Catch-all Rule',
      priority: LAST_PRIORITY,
      status: 'ACTIVE',
      isSystem: 1,
      conditions: '{}',
      actions,
      createdAt: now,
      lastUpdatedAt: now,
    })
    .execute();
};

/** E0000001 for a group of models that the settings of keys have not: no key could be in it. */
export const assertModelGroupsExist = async (
  s: Services,
  tx: Transaction,
  type: string,
  settings: string,
): Promise<void> => {
  if (type !== 'MFA_ENROLL') return;
  const { aaguidGroups } = await s.settings.read(tx, 'keys');
  const gone = aaguidGroupsIn(settings).find((name) => !aaguidGroups.some((group) => group.name === name));
  if (gone !== undefined) throw invalid('settings.authenticators.constraints.aaguidGroups', `${gone} does not exist`);
};

/** `POST /api/v1/policies`. An app policy begins with a catch-all that denies, the others without a rule. */
export const createPolicy = (s: Services, principal: Principal, body: PolicyBody, isActive: boolean) =>
  changePolicies(s, principal, async (tx) => {
    if (!isPolicyType(body.type)) throw invalid('type', `must be one of ${POLICY_TYPES.join(', ')}`);
    assertMay(principal, 'okta.policies.manage', { kind: 'policy', id: null, type: body.type });
    if (body.type !== 'ACCESS_POLICY') assertSuperAdmin(principal);
    await assertNameIsFree(tx, body.type, body.name, null);
    const documents = readPolicyDocuments(body.type, body.conditions, body.settings);
    await assertNamedExist(tx, documents.conditions);
    await assertModelGroupsExist(s, tx, body.type, JSON.stringify(documents.settings));
    const row = await insertPolicy(s, tx, {
      type: body.type,
      name: body.name,
      description: body.description ?? null,
      priority: body.priority ?? Number.MAX_SAFE_INTEGER,
      status: isActive && body.status !== 'INACTIVE' ? 'ACTIVE' : 'INACTIVE',
      conditions: JSON.stringify(documents.conditions),
      settings: JSON.stringify(documents.settings),
    });
    if (row.type === 'ACCESS_POLICY') await insertCatchAll(s, tx, row.id, JSON.stringify(DENY));
    await recordEvent(s, tx, principal, { eventType: 'policy.lifecycle.create', target: [policyTarget(row)] });
    return presentPolicy(row, s.config.publicUrl.origin, null);
  });

/**
 * `PUT /api/v1/policies/{id}`. A default policy is for everybody and last: of it name, description and settings can be
 * changed. 412 when `ifMatch` is the tag of another version than the one that is saved now.
 */
export const replacePolicy = (s: Services, principal: Principal, id: string, body: PolicyBody, ifMatch?: string) =>
  changePolicies(s, principal, async (tx) => {
    const before = await findPolicy(tx, principal, 'okta.policies.manage', id);
    await assertMayChange(tx, principal, before);
    assertUnchanged(ifMatch, policyDocument(before));
    if (body.type !== before.type) throw invalid('type', `This policy is of the type ${before.type}`);
    await assertNameIsFree(tx, before.type, body.name, id);
    const documents = readPolicyDocuments(before.type as PolicyType, body.conditions, body.settings);
    await assertNamedExist(tx, documents.conditions);
    const isSystem = before.isSystem === 1;
    const settings = body.settings == null ? before.settings : JSON.stringify(documents.settings);
    await assertModelGroupsExist(s, tx, before.type, settings);
    const change = {
      name: body.name,
      description: body.description ?? null,
      conditions: isSystem ? before.conditions : JSON.stringify(documents.conditions),
      settings,
      version: before.version + 1,
      lastUpdatedAt: s.clock.now(),
    };
    await tx.updateTable('policies').set(change).where('id', '=', id).execute();
    const priority = isSystem
      ? before.priority
      : await placePolicy(tx, before.type, id, body.priority ?? before.priority);
    const row = { ...before, ...change, priority };
    await recordEvent(s, tx, principal, { eventType: 'policy.lifecycle.update', target: [policyTarget(row)] });
    return presentPolicy(row, s.config.publicUrl.origin, null);
  });

const assertOwn = (row: Row<'policies'>): void => {
  if (row.isSystem === 1)
    throw new ApiError('E0000111', { causes: ['A default policy cannot be deleted or switched off.'] });
};

/** `POST …/lifecycle/activate` and `…/deactivate`. An app whose policy is switched off lets nobody in. */
export const setPolicyStatus = (s: Services, principal: Principal, id: string, status: 'ACTIVE' | 'INACTIVE') =>
  changePolicies(s, principal, async (tx) => {
    const row = await findPolicy(tx, principal, 'okta.policies.manage', id);
    await assertMayChange(tx, principal, row);
    if (status === 'INACTIVE') assertOwn(row);
    await tx
      .updateTable('policies')
      .set({ status, version: row.version + 1, lastUpdatedAt: s.clock.now() })
      .where('id', '=', id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: status === 'ACTIVE' ? 'policy.lifecycle.activate' : 'policy.lifecycle.deactivate',
      target: [policyTarget(row)],
    });
  });

/** `DELETE /api/v1/policies/{id}`: of one that no app is judged by. */
export const deletePolicy = (s: Services, principal: Principal, id: string, ifMatch?: string) =>
  changePolicies(s, principal, async (tx) => {
    const row = await findPolicy(tx, principal, 'okta.policies.manage', id);
    await assertMayChange(tx, principal, row);
    assertUnchanged(ifMatch, policyDocument(row));
    assertOwn(row);
    const [app] = await appsOf(tx, id);
    if (app !== undefined)
      throw new ApiError('E0000006', {
        causes: [`The app ${app.label} is judged by this policy. Give it another one first.`],
      });
    await tx.deleteFrom('policyRules').where('policyId', '=', id).execute();
    await tx.deleteFrom('policies').where('id', '=', id).execute();
    await forgetResource(tx, { kind: 'policy', by: 'id', id });
    await recordEvent(s, tx, principal, { eventType: 'policy.lifecycle.delete', target: [policyTarget(row)] });
  });

const cloneName = async (tx: Transaction, name: string): Promise<string> => {
  const rows = await policiesOfType(tx, 'ACCESS_POLICY');
  const base = `[cloned] ${name}`.slice(0, 240);
  for (let i = 1; ; i += 1) {
    const wanted = i === 1 ? base : `${base} ${i}`;
    if (!rows.some((row) => row.name === wanted)) return wanted;
  }
};

/** `POST …/clone`: of an app policy, with its rules; no app is judged by the copy yet. */
export const clonePolicy = (s: Services, principal: Principal, id: string) =>
  changePolicies(s, principal, async (tx) => {
    const from = await findPolicy(tx, principal, 'okta.policies.read', id);
    if (from.type !== 'ACCESS_POLICY') throw invalid('type', 'Only app policies (ACCESS_POLICY) are cloned.');
    assertMay(principal, 'okta.policies.manage', { kind: 'policy', id: null, type: from.type });
    const row = await insertPolicy(s, tx, { ...from, name: await cloneName(tx, from.name), settings: '{}' });
    const now = s.clock.now();
    for (const rule of await rulesOf(tx, id))
      await tx
        .insertInto('policyRules')
        .values({
          ...rule,
          id: newId(s.random, 'accessRule'),
          policyId: row.id,
          createdAt: now,
          lastUpdatedAt: now,
        })
        .execute();
    await recordEvent(s, tx, principal, { eventType: 'policy.lifecycle.create', target: [policyTarget(row)] });
    return presentPolicy(row, s.config.publicUrl.origin, null);
  });
