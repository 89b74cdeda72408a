import { parseAddress } from '@sallyport/decide/address/parse-address';
import { BREAK_GLASS_SESSION } from '@sallyport/model/break-glass';
import { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Baseline } from '@sallyport/model/session';
import { recordUse } from '../break-glass/record-use.ts';
import { isActiveAt } from '../grants/active-grants.ts';
import { locksOn } from '../locks/store.ts';
import { assertNotMoved } from '../policies/policy-index.ts';
import { newId, newSecret } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { isAdmin } from '../roles/is-admin.ts';
import { mailSignIn } from '../service-accounts/mail-sign-in.ts';
import type { Services } from '../services.ts';
import { continueBaseline } from '../sign-in/sign-in-baseline.ts';
import { signInBySessionToken, spendSessionToken } from '../sign-in/store.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { NewRow, Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { sessionTarget } from './end-sessions.ts';
import { gatherFacts } from './gather-facts.ts';
import { judgeAppPolicy } from './judge-policies.ts';
import { judgeSignOn } from './judge-sign-on.ts';
import { appTarget } from './policy-targets.ts';
import { presentSession } from './present-session.ts';
import { insertSession, renewSession, sessionById } from './store.ts';

/** A request that was on its way with the old token still arrives (design §5.1). */
const PREDECESSOR_GRACE_SECONDS = 10;

/**
 * Takes the row of the grant that lets somebody sign in as a service account, until commit: whoever ends it at the same
 * moment, on whichever node, ends this session, too. False where it ended before.
 */
const holdOpen = async (s: Services, tx: Transaction, grantId: string): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('grants')
    .set({ endedAt: null })
    .where('grants.id', '=', grantId)
    .where(isActiveAt(s.clock.now()))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};

/**
 * `POST /api/v1/sessions` (design §5.1): spends the session token, opens the org session on the sign-in's baseline, and
 * judges the Admin Console's policy on that sign-in's facts; if it allows, the app session hangs on the same `sid`.
 * Errors: E0000004 for a token that is wrong, expired or spent; E0000085 when the network changed or a policy denies.
 */
export const createSession = async (s: Services, principal: Principal, input: { readonly sessionToken: string }) => {
  const now = s.clock.now();
  const signIn = await signInBySessionToken(s.store.read, tokenDigest(input.sessionToken));
  if (
    signIn === undefined ||
    signIn.userId === null ||
    signIn.status !== 'SUCCESS' ||
    signIn.usedAt !== null ||
    now >= (signIn.sessionTokenExpiresAt ?? 0)
  ) {
    throw new ApiError('E0000004', { detail: 'session token' });
  }
  const baseline = continueBaseline(s, JSON.parse(signIn.baseline) as Baseline, principal.request);
  if (baseline === null)
    throw new ApiError('E0000085', {
      causes: [sentenceOf('network-changed-during-sign-in')],
      detail: 'network-changed-during-sign-in',
    });
  const user = await s.store.read.selectFrom('users').selectAll().where('id', '=', signIn.userId).executeTakeFirst();
  const console_ = await s.store.read.selectFrom('apps').selectAll().where('name', '=', 'saasure').executeTakeFirst();
  if (user === undefined || user.status !== 'ACTIVE') throw new ApiError('E0000004', { detail: 'user-inactive' });
  const holdsRole = await isAdmin(s.store.read, user.id);
  const proofs = JSON.parse(signIn.proofs) as FactorProof[];
  const address = parseAddress(baseline.signInAddress);
  if (address === null) throw new ApiError('E0000085', { detail: 'address-unknown' });
  const facts = await gatherFacts(s, principal, user, proofs, holdsRole, s.intel.resolve(address));
  const judgedBy = [await s.policies.forApp('saasure'), ...(await s.policies.globalSession())];
  const admitted = await judgeSignOn(s, principal, user, facts, { isUnderWay: false });
  const isSealed = facts.breakGlass !== undefined;
  const { maintenance } = facts;
  const endsBy = maintenance?.expiresAt ?? Number.POSITIVE_INFINITY;
  const lengths = isSealed ? BREAK_GLASS_SESSION : s.policies.lengthsOf(admitted.matchedRuleId);
  const policy = await s.policies.forApp('saasure');
  const console = judgeAppPolicy(facts, policy, now);
  const opensConsole = holdsRole && console.judged.verdict.kind === 'allow' && console_ !== undefined;
  const matched = policy.rules.find(({ id }) => id === console.judged.matchedRuleId);

  // The same person proves a key again in the same browser: the session goes on with a new token and a new baseline.
  const presented =
    principal.kind === 'session' && principal.userId === user.id
      ? await sessionById(s.store.read, principal.sessionId)
      : undefined;
  // A command-line session is never renewed: it would outlive the browser's session that it hangs on.
  const renewed = presented?.openedBySessionId === null ? presented : undefined;
  const settings = s.settings.get('adminConsole');
  const sid = newSecret(s.random);
  const common = {
    baseline: JSON.stringify(baseline),
    boundKey: null,
    provedAddress: null,
    openProofs: null,
    proofDueAt: null,
    deviceId: null,
    proofs: signIn.proofs,
    createdAt: now,
    lastActivityAt: now,
    endedAt: null,
    endReason: null,
    endDetail: null,
    answeredAt: null,
    answer: null,
    exemptPasses: 0,
    previousTokenHash: null,
    previousValidUntilAt: null,
    userId: user.id,
  } as const;
  const org: NewRow<'sessions'> = {
    ...common,
    id: renewed?.id ?? newId(s.random, 'session'),
    parentId: null,
    appId: null,
    tokenHash: tokenDigest(sid),
    ...(renewed === undefined
      ? {}
      : {
          createdAt: renewed.createdAt,
          exemptPasses: renewed.exemptPasses,
          previousTokenHash: renewed.tokenHash,
          previousValidUntilAt: now + PREDECESSOR_GRACE_SECONDS * 1000,
        }),
    idleTimeoutSeconds: lengths.idleSeconds,
    endsAt: Math.min(now + lengths.lifetimeSeconds * 1000, endsBy),
  };
  const app: NewRow<'sessions'> | null = opensConsole
    ? {
        ...common,
        id: newId(s.random, 'session'),
        parentId: org.id,
        appId: console_.id,
        tokenHash: null,
        idleTimeoutSeconds: isSealed
          ? lengths.idleSeconds
          : Math.min(settings.sessionIdleTimeoutMinutes * 60, matched?.inactivitySeconds ?? Number.POSITIVE_INFINITY),
        endsAt: isSealed ? org.endsAt : Math.min(now + settings.sessionMaxLifetimeMinutes * 60_000, endsBy),
      }
    : null;
  const actor = userAsActor(user);
  await s.store.transaction(async (tx) => {
    if (!(await spendSessionToken(tx, signIn.id, now)))
      throw new ApiError('E0000004', { detail: 'session token spent' });
    // The person's row first, as whoever deactivates or marks them takes it before their grants and sessions.
    await tx.updateTable('users').set({ lastLoginAt: now }).where('id', '=', user.id).execute();
    const owner = await tx
      .selectFrom('users')
      .select(['status', 'serviceAccountAt'])
      .where('id', '=', user.id)
      .executeTakeFirst();
    if (owner?.status !== 'ACTIVE') throw new ApiError('E0000004', { detail: 'user-inactive' });
    const isOpen =
      owner.serviceAccountAt === null
        ? maintenance === undefined
        : maintenance !== undefined && (await holdOpen(s, tx, maintenance.value.grantId));
    if (!isOpen) throw new ApiError('E0000004', { detail: 'service-account' });
    if ((await locksOn(tx, 'user', user.id, now)).length > 0) throw new ApiError('E0000004', { detail: 'locked' });
    // A sealed account is admitted by its seal, whatever becomes of policies.
    if (!isSealed) await assertNotMoved(tx, judgedBy);
    if (renewed === undefined) await insertSession(tx, org);
    else if (!(await renewSession(tx, org, renewed.tokenHash)))
      throw new ApiError('E0000004', { detail: 'the session ended meanwhile' });
    if (app !== null) await insertSession(tx, app);
    const link = { actor, externalSessionId: org.id, rootSessionId: org.id };
    if (holdsRole && console_ !== undefined) {
      await recordEvent(
        s,
        tx,
        principal,
        {
          ...link,
          eventType: 'policy.evaluate_sign_on',
          outcome: console.outcome,
          target: [appTarget(console_), ...console.targets],
        },
        console.evidence,
      );
    }
    await recordEvent(s, tx, principal, {
      ...link,
      eventType: 'user.session.start',
      credentialType: proofs.some((p) => p.kind === 'webauthn') ? 'ASSERTION' : 'PASSWORD',
      target: [sessionTarget(org.id)],
      ...(maintenance === undefined ? {} : { debugData: { maintenanceGrantId: maintenance.value.grantId } }),
    });
    // Who proves the key once more is in already.
    if (maintenance !== undefined && renewed === undefined)
      await mailSignIn(s, tx, principal, user, maintenance.value.grantId);
    if (app !== null && console_ !== undefined)
      await recordEvent(s, tx, principal, {
        ...link,
        eventType: 'user.session.access_admin_app',
        target: [appTarget(console_), sessionTarget(app.id)],
      });
    await recordUse(s, tx, principal, user, { step: 'opened', sessionId: org.id });
  });
  s.sessions.admit(org as Row<'sessions'>, app as Row<'sessions'> | null);
  const layers = app === null ? [org] : [org, app];
  const expiresAt = Math.min(...layers.map((layer) => Math.min(layer.endsAt, now + layer.idleTimeoutSeconds * 1000)));
  return {
    sid,
    session: presentSession(org as Row<'sessions'>, user.login, s.config.publicUrl.origin, expiresAt, sid),
    hasConsole: app !== null,
  };
};
