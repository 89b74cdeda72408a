import { hash, timingSafeEqual } from 'node:crypto';
import { evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import { networkKey } from '@sallyport/model/network';
import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { locksOn } from '../locks/store.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { standingRights } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import { endSession, publishEnded, sessionTarget } from '../sessions/end-sessions.ts';
import { gatherFacts } from '../sessions/gather-facts.ts';
import { appTarget, policyTarget } from '../sessions/policy-targets.ts';
import { presentSession } from '../sessions/present-session.ts';
import { appSessionsOf, insertSession, sessionById } from '../sessions/store.ts';
import { newBaseline } from '../sign-in/sign-in-baseline.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { NewRow, Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { newCliToken } from './cli-token.ts';
import { cliCodeByHash, noteOpened, takeCliCode } from './store.ts';

interface Input {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** RFC 7636 §4.6. */
const isVerifier = (verifier: string, challenge: string): boolean => {
  const made = Buffer.from(hash('sha256', verifier, 'base64url'));
  const asked = Buffer.from(challenge);
  return made.length === asked.length && timingSafeEqual(made, asked);
};

/** Why a code, taken for the first time, opens nothing; null when it does. Looked at inside the transaction. */
const refusalOf = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  code: Row<'cliCodes'>,
  input: Input,
): Promise<Reason | null> => {
  const now = s.clock.now();
  if (now >= code.expiresAt) return 'cli-code-expired';
  if (code.redirectUri !== input.redirectUri || !isVerifier(input.codeVerifier, code.codeChallenge))
    return 'cli-verifier-wrong';
  const { network } = principal.request;
  if (network === null || networkKey(network) !== code.network) return 'cli-network-changed';
  const browser = await sessionById(tx, code.sessionId);
  if (browser === undefined || browser.endedAt !== null || now >= browser.endsAt || !s.sessions.isLive(browser.id))
    return 'browser-session-ended';
  const owner = await tx.selectFrom('users').select('status').where('id', '=', code.userId).executeTakeFirst();
  if (owner?.status !== 'ACTIVE') return 'user-inactive';
  const locks = await Promise.all([locksOn(tx, 'user', code.userId, now), locksOn(tx, 'session', browser.id, now)]);
  return locks.flat().length > 0 ? 'session-locked' : null;
};

/** To the honest command line behind another way out than the browser: the one reason that can be mended. */
const asError = (reason: Reason): ApiError =>
  reason === 'cli-network-changed'
    ? new ApiError('E0000085', { causes: [sentenceOf(reason)], detail: reason })
    : new ApiError('E0000004', { detail: reason });

/** Everything about the browser's session that the new one takes over, read once. */
const readOpener = async (s: Services, code: Row<'cliCodes'>) => {
  const db = s.store.read;
  const [browser, user, console_] = await Promise.all([
    sessionById(db, code.sessionId),
    db.selectFrom('users').selectAll().where('id', '=', code.userId).executeTakeFirst(),
    db.selectFrom('apps').selectAll().where('name', '=', 'saasure').executeTakeFirst(),
  ]);
  if (browser === undefined || user === undefined) throw asError('browser-session-ended');
  const consoleSession = (await appSessionsOf(db, browser.id)).find(
    (app) => app.endedAt === null && app.appId === console_?.id,
  );
  return { browser, user, console_, consoleSession };
};

/**
 * `POST /sallyport/v1/cli/sessions`: a code opens one session of its own, once. It is bound to where the command line
 * is, has the proofs of the browser's session with their instants, and ends no later than that one; the policies are
 * judged anew, for the address is another. A code that comes twice is in two hands, so what it opened ends
 * (RFC 6749 §4.1.2). Errors: E0000004; E0000085 when the network differs or the policy denies.
 */
export const openCliSession = async (s: Services, principal: Principal, input: Input) => {
  const codeHash = tokenDigest(input.code);
  const code = await cliCodeByHash(s.store.read, codeHash);
  if (code === undefined) throw new ApiError('E0000004', { detail: 'cli code unknown' });
  const { browser, user, console_, consoleSession } = await readOpener(s, code);
  const now = s.clock.now();
  const baseline = newBaseline(principal.request, now);
  const proofs = JSON.parse(browser.proofs) as FactorProof[];
  const rights = await standingRights(s.store.read, user.id);
  const network = principal.request.network as NonNullable<typeof principal.request.network>;
  const facts = await gatherFacts(s, principal, user, proofs, rights.roles.length > 0, network);
  const global = await s.policies.globalSession();
  const admitted = evaluatePolicy(facts, global, now);
  const policy = await s.policies.forApp('saasure');
  const judged = evaluatePolicy(facts, policy, now);

  const token = newCliToken(s.random);
  const common = {
    userId: user.id,
    openedBySessionId: browser.id,
    baseline: JSON.stringify(baseline),
    boundKey: null,
    deviceId: null,
    proofs: browser.proofs,
    createdAt: now,
    lastActivityAt: now,
    previousTokenHash: null,
    previousValidUntilAt: null,
    endedAt: null,
    endReason: null,
    endDetail: null,
    answeredAt: null,
    answer: null,
    exemptPasses: 0,
  } as const;
  const org: NewRow<'sessions'> = {
    ...common,
    id: newId(s.random, 'session'),
    parentId: null,
    appId: null,
    tokenHash: tokenDigest(token),
    idleTimeoutSeconds: browser.idleTimeoutSeconds,
    endsAt: browser.endsAt,
  };
  const app: NewRow<'sessions'> | null =
    consoleSession === undefined || rights.roles.length === 0 || judged.verdict.kind !== 'allow'
      ? null
      : {
          ...common,
          // The app session hangs on the new org session, and ends through it.
          openedBySessionId: null,
          id: newId(s.random, 'session'),
          parentId: org.id,
          appId: consoleSession.appId,
          tokenHash: null,
          idleTimeoutSeconds: consoleSession.idleTimeoutSeconds,
          endsAt: consoleSession.endsAt,
        };

  const actor = userAsActor(user);
  const outcome = await s.store.transaction(async (tx) => {
    const fail = async (reason: Reason): Promise<void> => {
      await recordEvent(s, tx, principal, {
        eventType: 'user.session.start',
        actor,
        outcome: { result: 'FAILURE', reason: sentenceOf(reason) },
        target: [sessionTarget(browser.id)],
        externalSessionId: browser.id,
        debugData: { sessionKind: 'command-line', reason },
      });
    };
    if (!(await takeCliCode(tx, codeHash, now))) {
      await fail('cli-code-used');
      const { openedSessionId } = (await cliCodeByHash(tx, codeHash)) ?? { openedSessionId: null };
      const isEnded =
        openedSessionId !== null &&
        (await endSession(s, tx, principal, { id: openedSessionId, userId: user.id }, 'token-reused', [actor]));
      return { kind: 'replayed', endedId: isEnded ? openedSessionId : null } as const;
    }
    const refusal = await refusalOf(s, tx, principal, code, input);
    if (refusal !== null) {
      // The code is spent all the same: one guess at the verifier is all there is.
      await fail(refusal);
      return { kind: 'refused', error: asError(refusal) } as const;
    }
    const link = { actor, externalSessionId: org.id, rootSessionId: browser.id };
    if (admitted.verdict.kind !== 'allow') {
      const reason = admitted.verdict.reasons.map(sentenceOf).join(' ');
      await recordEvent(
        s,
        tx,
        principal,
        {
          ...link,
          eventType: 'policy.evaluate_sign_on',
          outcome: { result: admitted.verdict.kind === 'deny' ? 'DENY' : 'CHALLENGE', reason },
          target: [policyTarget(global, admitted.matchedRuleId)],
        },
        { judgement: 'evaluate-policy', input: { facts, policy: global, now }, verdict: admitted },
      );
      return { kind: 'refused', error: new ApiError('E0000085', { causes: [reason] }) } as const;
    }
    await insertSession(tx, org);
    if (app !== null) await insertSession(tx, app);
    await noteOpened(tx, codeHash, org.id);
    if (consoleSession !== undefined && console_ !== undefined)
      await recordEvent(
        s,
        tx,
        principal,
        {
          ...link,
          eventType: 'policy.evaluate_sign_on',
          outcome: {
            result: judged.verdict.kind === 'allow' ? 'ALLOW' : judged.verdict.kind === 'deny' ? 'DENY' : 'CHALLENGE',
            reason: judged.verdict.reasons.map(sentenceOf).join(' '),
          },
          target: [appTarget(console_), policyTarget(policy, judged.matchedRuleId)],
        },
        { judgement: 'evaluate-policy', input: { facts, policy, now }, verdict: judged },
      );
    await recordEvent(s, tx, principal, {
      ...link,
      eventType: 'user.session.start',
      target: [sessionTarget(org.id)],
      debugData: { sessionKind: 'command-line', openedBySessionId: browser.id },
    });
    if (app !== null && console_ !== undefined)
      await recordEvent(s, tx, principal, {
        ...link,
        eventType: 'user.session.access_admin_app',
        target: [appTarget(console_), sessionTarget(app.id)],
      });
    return { kind: 'opened' } as const;
  });
  if (outcome.kind === 'replayed') {
    if (outcome.endedId !== null) publishEnded(s, [outcome.endedId], 'token-reused');
    throw asError('cli-code-used');
  }
  if (outcome.kind === 'refused') throw outcome.error;
  s.sessions.admit(org as Row<'sessions'>, app as Row<'sessions'> | null);
  const { endsAt, idleEndsAt } = s.sessions.deadlinesOf(org.id) ?? { endsAt: org.endsAt, idleEndsAt: org.endsAt };
  return {
    token,
    session: presentSession(
      org as Row<'sessions'>,
      user.login,
      s.config.publicUrl.origin,
      Math.min(endsAt, idleEndsAt),
    ),
    hasConsole: app !== null,
  };
};
