import { isWayIn } from '@sallyport/decide/break-glass/judge-readiness';
import type { BindingVerdict } from '@sallyport/decide/sessions/bind-session';
import { BINDING_PRESETS, type BindingPresetName } from '@sallyport/decide/sessions/binding-presets';
import { judgeSetup, judgeSetupFinish, type SetupTruth } from '@sallyport/decide/setup/judge-setup';
import { ApiError, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { BindingModes } from '@sallyport/model/session';
import { MARKED_SETUP_STEPS, type MarkedSetupStep, type SetupProgress } from '@sallyport/model/setup-progress';
import { adminRows } from '../admins/store.ts';
import { breakGlassFacts } from '../break-glass/present-account.ts';
import { CHECKPOINT_FILE_SINK, createCheckpointFileSink } from '../outbox/checkpoint-file-sink.ts';
import { deliverOutbox } from '../outbox/deliver-outbox.ts';
import { gatherLog } from '../overview/gather-overview.ts';
import { superAdminsAbleToSignIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { judgeBinding } from '../sessions/judge-binding.ts';
import { writeCheckpoint } from '../system-log/checkpoint.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { describeNetwork } from './describe-network.ts';

const person = (principal: Principal): { userId: string; sessionId: string } => {
  if (principal.kind !== 'session')
    throw new ApiError('E0000006', { causes: ['Set-up is walked through by a person in a session.'] });
  return principal;
};

const ownKeys = async (db: Transaction, userId: string): Promise<number> =>
  (
    await db
      .selectFrom('factors')
      .select('id')
      .where('userId', '=', userId)
      .where('kind', '=', 'webauthn')
      .where('status', '=', 'ACTIVE')
      .where('isBackupEligible', '=', 0)
      .execute()
  ).length;

/** What is so, of the org and of whoever is in front. */
const truthOf = async (s: Services, db: Transaction, userId: string): Promise<SetupTruth> => {
  const superAdmins = await adminRows(db, { role: 'SUPER_ADMIN', unusedBefore: 0 });
  const log = await gatherLog(s);
  // Two people, or one and a break-glass account that opens: either way somebody comes in when the first cannot.
  const waysIn = (await breakGlassFacts(s)).filter(({ state }) => isWayIn(state));
  return {
    progress: s.settings.get('setupProgress'),
    ownKeys: await ownKeys(db, userId),
    superAdmins: superAdmins.filter(({ status }) => status !== 'DEPROVISIONED').length,
    superAdminsStanding: superAdmins.filter(({ serviceAccountAt }) => serviceAccountAt === null).length,
    superAdminsAble: (await superAdminsAbleToSignIn(s, db, 'now')).length + waysIn.length,
    hasCheckpointArrived: log.isCheckpointFileConfigured && log.lastOutsideAt !== null,
  };
};

/** Own session against other binding modes: the same judgement as each request passes. Null: it is not in memory. */
const judgeOwn = (s: Services, principal: Principal, modes: BindingModes): BindingVerdict | null => {
  const { sessionId } = person(principal);
  const slot = s.sessions.table.slotOfId(sessionId);
  if (slot === -1) return null;
  const session = s.sessions.table.view(slot);
  const provedAddress = s.sessions.proofs.provedAddress(sessionId);
  return judgeBinding(s, session, principal.request, { modes, provedAddress, canProve: session.hasBoundKey });
};

/** What each preset would set, and whether the person in front would still be in with it, from where they are now. */
const presetsFor = (s: Services, principal: Principal) =>
  Object.entries(BINDING_PRESETS).map(([name, preset]) => {
    const { asnBinding, ipBinding } = preset;
    const verdict = judgeOwn(s, principal, { asnBinding, ipBinding });
    return {
      name: name as BindingPresetName,
      settings: preset,
      wouldHold: verdict !== null && (verdict.kind === 'hold' || verdict.kind === 'observe'),
      reasons: (verdict?.reasons ?? (['session-unknown'] as const)).map(sentenceOf),
    };
  });

/** `GET /sallyport/v1/setup/progress`. */
export const getSetupProgress = async (s: Services, principal: Principal) => {
  const { userId } = person(principal);
  const truth = await truthOf(s, s.store.read, userId);
  const waiting = await adminRows(s.store.read, { role: 'SUPER_ADMIN', show: 'no-key', unusedBefore: 0 });
  const log = await gatherLog(s);
  const { asnBinding, ipBinding } = s.settings.get('sessionBinding');
  const { counts } = s.headers;
  return {
    steps: judgeSetup(truth),
    finishedAt: truth.progress.finishedAt === null ? null : toIso(truth.progress.finishedAt),
    mayFinish: judgeSetupFinish(truth).kind === 'allow',
    ownKeys: truth.ownKeys,
    superAdmins: {
      able: truth.superAdminsAble,
      waiting: waiting.map(({ id, login }) => ({ id, login })),
    },
    network: {
      ...describeNetwork(s, principal),
      header: s.config.clientHeader === 'x-forwarded-for' ? 'X-Forwarded-For' : 'Forwarded',
      untrustedHeaders: counts().untrusted,
    },
    posture: {
      current: { asnBinding, ipBinding, ...s.settings.get('adminConsole') },
      presets: presetsFor(s, principal),
    },
    checkpoint: {
      file: s.config.checkpointFile,
      lastOutsideAt: log.lastOutsideAt === null ? null : toIso(log.lastOutsideAt),
      uncoveredEvents: log.uncoveredEvents,
    },
  };
};

/** The document as this transaction sees it: two steps that are marked at once must not undo each other. */
const storedProgress = async (tx: Transaction): Promise<SetupProgress> => {
  const row = await tx.selectFrom('settings').select('body').where('key', '=', 'setupProgress').executeTakeFirst();
  return row === undefined ? { marks: {}, finishedAt: null } : (JSON.parse(row.body) as SetupProgress);
};

const write = async (
  s: Services,
  principal: Principal,
  change: (progress: SetupProgress, by: string, tx: Transaction) => Promise<SetupProgress> | SetupProgress,
  said: { readonly step: string; readonly state: string; readonly note: string },
): Promise<void> => {
  const { userId } = person(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await s.settings.put(
      tx,
      'setupProgress',
      await change(await storedProgress(tx), userId, tx),
      s.clock.now(),
      userId,
    );
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.setup.step',
      outcome: { result: 'SUCCESS', reason: said.state },
      debugData: said,
    });
  });
  await s.settings.reload();
};

/** Ends the set-up with the last thing that its walker could do, where they could sign in again; `reload` after commit. */
export const endSetupOf = async (s: Services, tx: Transaction, principal: Principal): Promise<void> => {
  const { userId } = person(principal);
  const progress = await storedProgress(tx);
  if (progress.finishedAt !== null || judgeSetupFinish({ ownKeys: await ownKeys(tx, userId) }).kind !== 'allow') return;
  const now = s.clock.now();
  await s.settings.put(tx, 'setupProgress', { ...progress, finishedAt: now }, now, userId);
  await recordEvent(s, tx, principal, {
    eventType: 'sallyport.setup.step',
    outcome: { result: 'SUCCESS', reason: 'done' },
    debugData: { step: 'what-is-left', state: 'done', note: '' },
  });
};

export type SetupMarkInput =
  | { readonly state: 'done'; readonly note?: string | undefined }
  | { readonly state: 'skipped'; readonly note: string }
  | { readonly state: 'open' };

/** `PUT /sallyport/v1/setup/progress/{step}`. */
export const markSetupStep = async (s: Services, principal: Principal, step: string, input: SetupMarkInput) => {
  const marked = MARKED_SETUP_STEPS.find((name) => name === step);
  if (marked === undefined) throw notFound(step, 'SetupStep');
  const note = input.state === 'open' ? '' : (input.note ?? '');
  await write(
    s,
    principal,
    ({ marks, ...rest }, by) => {
      const { [marked satisfies MarkedSetupStep]: _gone, ...others } = marks;
      return {
        ...rest,
        marks:
          input.state === 'open'
            ? others
            : { ...others, [marked]: { state: input.state, note, at: s.clock.now(), by } },
      };
    },
    { step: marked, state: input.state, note },
  );
  return getSetupProgress(s, principal);
};

/** `POST /sallyport/v1/setup/progress/finish`. E0000079 while the person in front could not sign in again. */
export const finishSetupProgress = async (s: Services, principal: Principal) => {
  await write(
    s,
    principal,
    async (progress, by, tx) => {
      const verdict = judgeSetupFinish({ ownKeys: await ownKeys(tx, by) });
      if (verdict.kind !== 'allow') throw new ApiError('E0000079', { causes: verdict.reasons.map(sentenceOf) });
      return { ...progress, finishedAt: s.clock.now() };
    },
    { step: 'what-is-left', state: 'done', note: '' },
  );
  return getSetupProgress(s, principal);
};

/**
 * `POST /sallyport/v1/setup/checkpoint-test`: an event, a checkpoint that covers it, and its delivery, now. It has arrived
 * when the sink took it; that is what the outbox says, not what was hoped for.
 */
export const testCheckpoint = async (s: Services, principal: Principal) => {
  person(principal);
  const { checkpointFile } = s.config;
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.setup.step',
      outcome: { result: 'SUCCESS', reason: 'tested' },
      debugData: { step: 'checkpoint', state: 'tested', note: '' },
    });
  });
  const checkpoint = await writeCheckpoint(s);
  if (checkpointFile === null) return { isConfigured: false, hasArrived: false, file: null, seq: null, error: null };
  await deliverOutbox(s, [createCheckpointFileSink(checkpointFile)]);
  const entry = await s.store.read
    .selectFrom('outbox')
    .select(['deliveredAt', 'lastError'])
    .where('sink', '=', CHECKPOINT_FILE_SINK)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    isConfigured: true,
    hasArrived: entry?.deliveredAt != null,
    file: checkpointFile,
    seq: checkpoint?.seq ?? null,
    error: entry?.lastError ?? null,
  };
};
