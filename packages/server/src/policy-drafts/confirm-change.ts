import { doesChangeCount, judgeConfirmation } from '@sallyport/decide/policies/judge-confirmation';
import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { type AdmittingState, baseOf, readAdmitting, toAdmittingPolicies } from '../policies/admitting-policies.ts';
import { keepingConsoleGuarded } from '../policies/keep-console-guarded.ts';
import { openChange } from '../policies/policy-index.ts';
import { policyTarget } from '../policies/present-policy.ts';
import { returnToBase } from '../policies/provisional-change.ts';
import { newestSignIn } from '../policies/sessions-let-in.ts';
import type { Transaction } from '../ports/store.ts';
import { assertHolds, assertSuperAdmin, refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { publishEnded } from '../sessions/end-sessions.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { authorNames } from './author-names.ts';
import { presentChanges } from './policy-history.ts';

/** The one that is under way, also where the clock was set back since one that ended; else the newest, whatever became of it. */
const newestChange = async (db: Transaction): Promise<Row<'provisionalChanges'> | undefined> =>
  (await openChange(db)) ??
  db
    .selectFrom('provisionalChanges')
    .selectAll()
    .orderBy('startedAt', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();

const standingBeside = (db: Transaction, base: AdmittingState): Promise<AdmittingState> =>
  readAdmitting(
    db,
    base.policies.map(({ policy }) => policy.id),
  );

/** May the principal confirm it now? The judgement, and what it was made from. */
const judge = async (
  s: Services,
  db: Transaction,
  principal: Principal,
  change: Row<'provisionalChanges'> | undefined,
) => {
  const standing = await readAdmitting(db);
  const isSession = principal.kind === 'session';
  const input = {
    change:
      change === undefined
        ? null
        : {
            changedAt: change.changedAt,
            confirmBy: change.confirmBy,
            confirmedAt: change.confirmedAt,
            endedAt: change.endedAt,
          },
    by: isSession ? 'session' : 'machine',
    signIn: isSession && change !== undefined ? await newestSignIn(db, principal.sessionId, change.startedAt) : null,
    policies: toAdmittingPolicies(standing),
    now: s.clock.now(),
  } as const;
  return { input, verdict: judgeConfirmation(input), standing };
};

/** What changed of each policy between what counts again and what stands, and which come and go. */
const changedPolicies = async (s: Services, principal: Principal, base: AdmittingState, standing: AdmittingState) => {
  const ids = [...new Set([...base.policies, ...standing.policies].map(({ policy }) => policy.id))];
  const changed = [];
  for (const id of ids) {
    const [was, is] = [base, standing].map(({ policies }) => policies.find(({ policy }) => policy.id === id));
    const policy = (is ?? was)?.policy;
    // What others were put before has its version still.
    if (policy === undefined || was?.policy.version === is?.policy.version) continue;
    const sentences =
      was === undefined
        ? ['The policy is new.']
        : is === undefined
          ? ['The policy is gone.']
          : (await presentChanges(s, principal, was, is)).map(({ sentence }) => sentence);
    changed.push({ id, name: policy.name, version: policy.version, sentences });
  }
  const console_ = standing.policies.find(({ policy }) => policy.id === standing.consolePolicyId)?.policy;
  if (base.consolePolicyId !== standing.consolePolicyId && console_ !== undefined)
    changed.push({
      id: console_.id,
      name: console_.name,
      version: console_.version,
      sentences: ['The Admin Console is judged by this policy, no longer by another one.'],
    });
  return changed;
};

/**
 * `GET /sallyport/v1/policies/confirmation`: the newest change that a session made of what admits administrators, whether it
 * waits to be confirmed, and why whoever asks cannot do that; null where there never was one.
 */
export const getConfirmation = async (s: Services, principal: Principal) => {
  assertHolds(principal, 'okta.policies.read');
  const db = s.store.read;
  const change = await newestChange(db);
  if (change === undefined) return { change: null };
  const now = s.clock.now();
  const waits = change.confirmedAt === null && doesChangeCount(change, now);
  const names = await authorNames(db, [change.startedBy, change.changedBy, change.confirmedBy]);
  const base = baseOf(change);
  const { verdict } = await judge(s, db, principal, change);
  const mayConfirm: readonly Reason[] = isSuperAdmin(principal) ? [] : ['permission-missing'];
  const reasons = verdict.kind === 'allow' ? mayConfirm : verdict.reasons;
  const by = (id: string | null) => (id === null ? null : { id, name: names.get(id) ?? null });
  return {
    change: {
      id: change.id,
      state: waits ? 'WAITS' : change.confirmedAt === null ? 'ENDED' : 'CONFIRMED',
      started: toIso(change.startedAt),
      startedBy: by(change.startedBy),
      lastChanged: toIso(change.changedAt),
      lastChangedBy: by(change.changedBy),
      confirmBy: toIso(change.confirmBy),
      secondsLeft: waits ? Math.ceil((change.confirmBy - now) / 1000) : 0,
      confirmed: change.confirmedAt === null ? null : toIso(change.confirmedAt),
      confirmedBy: by(change.confirmedBy),
      /** Of what waits: what counts now and would no longer. */
      policies: waits ? await changedPolicies(s, principal, base, await standingBeside(db, base)) : [],
      /** Why this caller cannot confirm it; null where they can. */
      refusal: reasons.length === 0 ? null : reasons.map(sentenceOf).join(' '),
    },
  };
};

/** `POST …/confirmation`: what waits counts for good. By a super admin who signed in after it, and whom it let in. */
export const confirmChange = async (s: Services, principal: Principal) => {
  assertSuperAdmin(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const change = await newestChange(tx);
    const { input, verdict, standing } = await judge(s, tx, principal, change);
    if (verdict.kind === 'deny' || change === undefined) throw refuse(verdict.reasons);
    await tx
      .updateTable('provisionalChanges')
      .set({ confirmedAt: input.now, confirmedBy: authorOf(principal) })
      .where('id', '=', change.id)
      .execute();
    const base = baseOf(change);
    const changed = await changedPolicies(s, principal, base, await standingBeside(tx, base));
    const targets = changed.flatMap(({ id }) => {
      const policy = [...standing.policies, ...base.policies].find((rows) => rows.policy.id === id)?.policy;
      return policy === undefined ? [] : [policyTarget(policy)];
    });
    await recordEvent(
      s,
      tx,
      principal,
      {
        eventType: 'policy.lifecycle.update',
        displayMessage: 'Change of what admits administrators confirmed',
        target: targets,
        debugData: { provisionalChange: change.id, startedAt: toIso(change.startedAt), confirmed: 'true' },
      },
      { judgement: 'judge-confirmation', input, verdict },
    );
  });
  await s.policies.reload();
  return getConfirmation(s, principal);
};

/** `DELETE …/confirmation`: what waits is taken back at once, and what was before counts again. */
export const takeBackChange = async (s: Services, principal: Principal): Promise<void> => {
  assertSuperAdmin(principal);
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const change = await newestChange(tx);
    if (change === undefined || change.confirmedAt !== null) throw refuse(['change-none']);
    if (!doesChangeCount(change, s.clock.now())) throw refuse(['change-returned']);
    return keepingConsoleGuarded(s, tx, () => returnToBase(s, tx, principal, change, 'taken-back'));
  });
  await s.policies.reload();
  publishEnded(s, ended, 'policy-returned');
};
