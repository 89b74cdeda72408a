import { hash, timingSafeEqual } from 'node:crypto';
import { judgeCliCode } from '@sallyport/decide/cli-sessions/judge-cli-code';
import { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import { type Network, networkKey } from '@sallyport/model/network';
import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { locksOn } from '../locks/store.ts';
import type { Transaction } from '../ports/store.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import { endSession, publishEnded, sessionTarget } from '../sessions/end-sessions.ts';
import { gatherFacts } from '../sessions/gather-facts.ts';
import { type JudgedPolicies, judgeAppPolicy, judgeGlobalPolicies } from '../sessions/judge-policies.ts';
import { appTarget } from '../sessions/policy-targets.ts';
import { presentSession } from '../sessions/present-session.ts';
import { appSessionsOf, insertSession, sessionById } from '../sessions/store.ts';
import { newBaseline } from '../sign-in/sign-in-baseline.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { cliSessionRows } from './cli-session-rows.ts';
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

/** The judgement of a code, with what is true inside the transaction. */
const refusalOf = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  code: Row<'cliCodes'>,
  input: Input,
): Promise<Reason | null> => {
  const now = s.clock.now();
  const { network } = principal.request;
  const browser = await sessionById(tx, code.sessionId);
  const owner = await tx.selectFrom('users').select('status').where('id', '=', code.userId).executeTakeFirst();
  const locks = await Promise.all([locksOn(tx, 'user', code.userId, now), locksOn(tx, 'session', code.sessionId, now)]);
  return judgeCliCode({
    code,
    presented: {
      redirectUri: input.redirectUri,
      isVerifierRight: isVerifier(input.codeVerifier, code.codeChallenge),
      network: network === null ? null : networkKey(network),
    },
    isBrowserSessionLive: browser?.endedAt === null && now < browser.endsAt && s.sessions.isLive(browser.id),
    isOwnerActive: owner?.status === 'ACTIVE',
    isLocked: locks.flat().length > 0,
    now,
  });
};

/** To the honest command line behind another way out than the browser: the one reason that can be mended. */
const asError = (reason: Reason): ApiError =>
  reason === 'cli-network-changed'
    ? new ApiError('E0000085', { causes: [sentenceOf(reason)], detail: reason })
    : new ApiError('E0000004', { detail: reason });

/** Everything about the browser's session that the new one takes over, read once. */
const readOpener = async (s: Services, code: Row<'cliCodes'>) => {
  const db = s.store.read;
  const [browser, user, console_, holdsRole] = await Promise.all([
    sessionById(db, code.sessionId),
    db.selectFrom('users').selectAll().where('id', '=', code.userId).executeTakeFirst(),
    db.selectFrom('apps').selectAll().where('name', '=', 'saasure').executeTakeFirst(),
    isAdmin(db, code.userId),
  ]);
  if (browser === undefined || user === undefined) throw asError('browser-session-ended');
  const consoleSession = (await appSessionsOf(db, browser.id)).find(
    (app) => app.endedAt === null && app.appId === console_?.id,
  );
  return { browser, user, holdsRole, console_, consoleSession: holdsRole ? (consoleSession ?? null) : null };
};

/** `policy.evaluate_sign_on`, with the verdict kept beside it. */
const recordVerdict = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  link: { readonly actor: ReturnType<typeof userAsActor>; readonly externalSessionId: string },
  verdict: JudgedPolicies,
  app: Row<'apps'> | null,
): Promise<string> =>
  recordEvent(
    s,
    tx,
    principal,
    {
      ...link,
      eventType: 'policy.evaluate_sign_on',
      outcome: verdict.outcome,
      target: [...(app === null ? [] : [appTarget(app)]), ...verdict.targets],
    },
    verdict.evidence,
  );

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
  const { browser, user, holdsRole, console_, consoleSession } = await readOpener(s, code);
  // Throws where the address, and with it the network, is unknown.
  const baseline = newBaseline(principal.request, s.clock.now());
  const proofs = JSON.parse(browser.proofs) as FactorProof[];
  const facts = await gatherFacts(s, principal, user, proofs, holdsRole, principal.request.network as Network);
  const now = s.clock.now();
  const policies = {
    global: await judgeGlobalPolicies(s, facts, now),
    console: judgeAppPolicy(facts, await s.policies.forApp('saasure'), now),
  };
  const opensConsole = policies.console.judged.verdict.kind === 'allow';
  const token = newCliToken(s.random);
  const { org, app } = cliSessionRows(s, token, baseline, browser, opensConsole ? consoleSession : null);
  const actor = userAsActor(user);

  const outcome = await s.store.transaction(async (tx) => {
    // A refusal is no throw: the code stays spent, and the event stays written.
    const fail = (reason: Reason): Promise<string> =>
      recordEvent(s, tx, principal, {
        eventType: 'user.session.start',
        actor,
        outcome: { result: 'FAILURE', reason: sentenceOf(reason) },
        target: [sessionTarget(browser.id)],
        externalSessionId: browser.id,
        debugData: { sessionKind: 'command-line', reason },
      });
    if (!(await takeCliCode(tx, codeHash, s.clock.now()))) {
      await fail('cli-code-used');
      const openedId = (await cliCodeByHash(tx, codeHash))?.openedSessionId ?? null;
      const isEnded =
        openedId !== null &&
        (await endSession(s, tx, principal, { id: openedId, userId: user.id }, 'token-reused', [actor]));
      return { kind: 'refused', error: asError('cli-code-used'), endedIds: isEnded ? [openedId] : [] } as const;
    }
    const refusal = await refusalOf(s, tx, principal, code, input);
    if (refusal !== null) {
      await fail(refusal);
      return { kind: 'refused', error: asError(refusal), endedIds: [] } as const;
    }
    const link = { actor, externalSessionId: org.id, rootSessionId: browser.id };
    if (policies.global.judged.verdict.kind !== 'allow') {
      await recordVerdict(s, tx, principal, link, policies.global, null);
      const error = new ApiError('E0000085', {
        causes: [policies.global.outcome.reason],
        detail: 'global session policy',
      });
      return { kind: 'refused', error, endedIds: [] } as const;
    }
    await insertSession(tx, org);
    if (app !== null) await insertSession(tx, app);
    await noteOpened(tx, codeHash, org.id);
    if (consoleSession !== null && console_ !== undefined)
      await recordVerdict(s, tx, principal, link, policies.console, console_);
    await recordEvent(s, tx, principal, {
      ...link,
      eventType: 'user.session.start',
      target: [sessionTarget(org.id)],
      debugData: {
        sessionKind: 'command-line',
        openedBySessionId: browser.id,
        ...(facts.maintenance === undefined ? {} : { maintenanceGrantId: facts.maintenance.value.grantId }),
      },
    });
    if (app !== null && console_ !== undefined)
      await recordEvent(s, tx, principal, {
        ...link,
        eventType: 'user.session.access_admin_app',
        target: [appTarget(console_), sessionTarget(app.id)],
      });
    return { kind: 'opened' } as const;
  });
  if (outcome.kind === 'refused') {
    publishEnded(s, outcome.endedIds, 'token-reused');
    throw outcome.error;
  }
  s.sessions.admit(org as Row<'sessions'>, app as Row<'sessions'> | null);
  const { endsAt, idleEndsAt } = s.sessions.deadlinesOf(org.id) ?? { endsAt: org.endsAt, idleEndsAt: org.endsAt };
  const expiresAt = Math.min(endsAt, idleEndsAt);
  return {
    token,
    session: presentSession(org as Row<'sessions'>, user.login, s.config.publicUrl.origin, expiresAt),
    hasConsole: app !== null,
  };
};
