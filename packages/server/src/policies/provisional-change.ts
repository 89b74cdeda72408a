import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { forgetResource } from '../roles/forget.ts';
import { refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { endSession, publishEnded } from '../sessions/end-sessions.ts';
import { jobContext } from '../setup/announce-setup.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { baseOf, readAdmitting, tagOfAdmitting } from './admitting-policies.ts';
import { openChange } from './policy-index.ts';
import { type PolicyRows, policyRowsOf, tagOfRows } from './policy-rows.ts';
import { keepingVersions, nextVersionOf } from './policy-versions.ts';
import { policyTarget } from './present-policy.ts';
import { sessionsLetIn } from './sessions-let-in.ts';

/** How long a change may count without being confirmed. What is changed on top of it gets no more time. */
export const CONFIRM_MINUTES = 5;

/**
 * Runs a change of policies, of whatever kind. Where it changes what admits administrators and comes from a session, it is
 * provisional from now on, or joins the one that is: what counted before that one began counts again unless the whole is
 * confirmed. Whoever acts without a person present changes for good, and so must wait for one that is under way: E0000006.
 */
export const holdingProvisional = async <T>(
  s: Services,
  tx: Transaction,
  principal: Principal,
  change: () => Promise<T>,
): Promise<T> => {
  const open = await openChange(tx);
  const alsoIds = open === undefined ? [] : baseOf(open).policies.map(({ policy }) => policy.id);
  const before = await readAdmitting(tx, alsoIds);
  const result = await change();
  if (tagOfAdmitting(before) === tagOfAdmitting(await readAdmitting(tx, alsoIds))) return result;
  if (principal.kind !== 'session') {
    if (open !== undefined) throw refuse(['change-waits']);
    return result;
  }
  const now = s.clock.now();
  const latest = { changedAt: now, changedBy: principal.userId };
  if (open !== undefined) await tx.updateTable('provisionalChanges').set(latest).where('id', '=', open.id).execute();
  else
    await tx
      .insertInto('provisionalChanges')
      .values({
        id: newId(s.random, 'provisionalChange'),
        base: JSON.stringify(before),
        startedAt: now,
        startedBy: principal.userId,
        ...latest,
        confirmBy: now + CONFIRM_MINUTES * 60_000,
        confirmedAt: null,
        confirmedBy: null,
        endedAt: null,
        endedBy: null,
        endReason: null,
      })
      .execute();
  return result;
};

type EndReason = NonNullable<Row<'provisionalChanges'>['endReason']>;
const SENTENCES: Readonly<Record<EndReason, string>> = {
  expired: 'It was not confirmed in time.',
  'taken-back': 'It was taken back.',
};

/** Puts a policy back as it was, as a new version. */
const putBack = async (s: Services, tx: Transaction, rows: PolicyRows, isThere: boolean): Promise<Row<'policies'>> => {
  const { id } = rows.policy;
  const policy = { ...rows.policy, version: await nextVersionOf(tx, id), lastUpdatedAt: s.clock.now() };
  if (isThere) await tx.updateTable('policies').set(policy).where('id', '=', id).execute();
  else await tx.insertInto('policies').values(policy).execute();
  await tx.deleteFrom('policyRules').where('policyId', '=', id).execute();
  for (const rule of rows.rules) await tx.insertInto('policyRules').values(rule).execute();
  return policy;
};

/**
 * Writes down that a change has ended: what was before it stands in the tables again, each policy as a new version, with an
 * event, and whoever only the change let in is out. Returns the sessions that ended; reload the index and publish them after
 * the commit.
 */
export const returnToBase = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  change: Row<'provisionalChanges'>,
  endReason: EndReason,
): Promise<readonly string[]> => {
  const base = baseOf(change);
  const ids = base.policies.map(({ policy }) => policy.id);
  const standing = await readAdmitting(tx, ids);
  const outcome = { result: 'SUCCESS', reason: SENTENCES[endReason] } as const;
  const debugData = {
    provisionalChange: change.id,
    startedAt: toIso(change.startedAt),
    confirmBy: toIso(change.confirmBy),
    ended: endReason,
  };
  const tell = (
    eventType: 'policy.lifecycle.update' | 'policy.lifecycle.create' | 'policy.lifecycle.delete',
    row: Row<'policies'>,
  ) => recordEvent(s, tx, principal, { eventType, outcome, target: [policyTarget(row)], debugData });
  await keepingVersions(s, tx, principal, { how: 'return', reason: SENTENCES[endReason] }, async () => {
    for (const { policy } of standing.policies) {
      if (ids.includes(policy.id) || policy.type !== 'OKTA_SIGN_ON') continue;
      await tx.deleteFrom('policyRules').where('policyId', '=', policy.id).execute();
      await tx.deleteFrom('policies').where('id', '=', policy.id).execute();
      await forgetResource(tx, { kind: 'policy', by: 'id', id: policy.id });
      await tell('policy.lifecycle.delete', policy);
    }
    for (const rows of base.policies) {
      const { id, version, priority } = rows.policy;
      const now = await policyRowsOf(tx, id);
      if (now !== undefined && tagOfRows(now) === tagOfRows(rows)) continue;
      // Others were put before it, and nothing else.
      if (now?.policy.version === version) {
        await tx.updateTable('policies').set({ priority }).where('id', '=', id).execute();
        continue;
      }
      const put = await putBack(s, tx, rows, now !== undefined);
      await tell(now === undefined ? 'policy.lifecycle.create' : 'policy.lifecycle.update', put);
    }
    if (base.consolePolicyId !== standing.consolePolicyId) {
      await tx.updateTable('apps').set({ policyId: base.consolePolicyId }).where('name', '=', 'saasure').execute();
      const back = base.policies.find(({ policy }) => policy.id === base.consolePolicyId);
      if (back !== undefined)
        await recordEvent(s, tx, principal, {
          eventType: 'policy.mapping.create',
          outcome,
          target: [policyTarget(back.policy)],
          debugData,
        });
    }
    await tx
      .updateTable('provisionalChanges')
      .set({ endedAt: s.clock.now(), endedBy: authorOf(principal), endReason })
      .where('id', '=', change.id)
      .execute();
  });
  const globalOf = (state: typeof base): string =>
    tagOfAdmitting({
      ...state,
      consolePolicyId: null,
      policies: state.policies.filter(({ policy }) => policy.type === 'OKTA_SIGN_ON'),
    });
  const isGlobalChanged = globalOf(base) !== globalOf(standing);
  const ended: string[] = [];
  for (const session of await sessionsLetIn(tx, change.startedAt, s.clock.now(), base, isGlobalChanged))
    if (await endSession(s, tx, principal, session, 'policy-returned')) ended.push(session.id);
  return ended;
};

/** Where the time of a change is over, writes that down in a transaction that is about to change policies, too. */
export const returnIfDue = async (s: Services, tx: Transaction): Promise<readonly string[]> => {
  const open = await openChange(tx);
  const now = s.clock.now();
  if (open === undefined || now < open.confirmBy) return [];
  const principal = {
    kind: 'job',
    job: 'unconfirmed-changes',
    permissions: new Set<never>(),
    request: jobContext(`unconfirmed-changes-${now}`),
  } as const;
  return returnToBase(s, tx, principal, open, 'expired');
};

/**
 * Writes down what the time has ended. Nothing that judges waits for it: the index reads the clock (design §4.5). It runs as
 * a job, and before each request, so that nobody is shown what counts no more.
 */
export const writeDownReturn = async (s: Services): Promise<void> => {
  if (!s.policies.isReturnDue()) return;
  const ended = await s.store.transaction((tx) => returnIfDue(s, tx));
  await s.policies.reload();
  publishEnded(s, ended, 'policy-returned');
};
