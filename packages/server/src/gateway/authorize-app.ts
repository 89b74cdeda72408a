import { meetsAssurance, withAges } from '@sallyport/decide/policies/meets-assurance';
import type { FactorProof } from '@sallyport/model/facts';
import { networkKey } from '@sallyport/model/network';
import type { Policy } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { missingEnrolments } from '../authenticators/enrolment-of-person.ts';
import { assertNotMoved } from '../policies/policy-index.ts';
import { newSecret } from '../ports/random.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { gatherFacts } from '../sessions/gather-facts.ts';
import { judgeAppPolicy } from '../sessions/judge-policies.ts';
import { appTarget } from '../sessions/policy-targets.ts';
import { sessionById } from '../sessions/store.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { safeReturnTarget } from './return-target.ts';
import { insertCode } from './store.ts';

/** A redirect is followed within a second; a code that lives longer is for whoever finds it. */
export const CODE_SECONDS = 30;
/** What a rule that asks for a proof "every time" takes for this time: long enough to come back from the sign-in page. */
const EVERY_TIME_SECONDS = 120;

export interface AuthorizeInput {
  readonly appId: string;
  /** Digest of the nonce that the browser keeps under the app's host. */
  readonly nonceHash: string;
  readonly returnTarget: string;
}
export type Authorized =
  | { readonly kind: 'go'; readonly location: string }
  /** The person may, but not by a sign-in this old. */
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'denied'; readonly reasons: readonly Reason[]; readonly reference: string };

const madeForApps = new WeakMap<Policy, Policy>();
/**
 * A policy as the gateway judges it: the sign-in behind an app may be hours old, so that "in this very sign-in" (an age of
 * zero) would say nothing.
 */
export const forApps = (policy: Policy): Policy => {
  const known = madeForApps.get(policy);
  if (known !== undefined) return known;
  const age = (seconds: number | null): number | null => (seconds === 0 ? EVERY_TIME_SECONDS : seconds);
  const rules = policy.rules.map((rule) => ({ ...rule, assurance: withAges(rule.assurance, age) }));
  const made = { ...policy, rules };
  madeForApps.set(policy, made);
  return made;
};

/**
 * `GET /gateway/authorize`: judges an app's own policy on the facts of the sign-in, writes the verdict down, and where it
 * allows makes the one-time code that carries the sign-in to the app's host (decision 9). E0000085 where the policy was changed
 * meanwhile.
 */
export const authorizeApp = async (
  s: Services,
  principal: Extract<Principal, { kind: 'session' }>,
  input: AuthorizeInput,
): Promise<Authorized> => {
  const now = s.clock.now();
  const denied = (reason: Reason): Authorized => ({
    kind: 'denied',
    reasons: [reason],
    reference: principal.request.requestId,
  });
  const door = s.appSessions.doorOfApp(input.appId);
  if (door === undefined) return denied('app-unknown');
  const { app } = door;
  if (!app.isActive) return denied('app-inactive');
  const { client, network } = principal.request;
  const session = await sessionById(s.store.read, principal.sessionId);
  const user = await s.store.read.selectFrom('users').selectAll().where('id', '=', principal.userId).executeTakeFirst();
  // A command line has no browser to bring to the app.
  if (
    session === undefined ||
    session.openedBySessionId !== null ||
    user === undefined ||
    client.kind !== 'known' ||
    network === null
  )
    return denied('session-unknown');
  // What their policy of enrolment asks of them is due: they set it up first, on their own pages.
  const missing = await missingEnrolments(s, principal, user);
  if (missing.some(({ dueAt }) => dueAt === null || now >= dueAt)) {
    const reference = await s.store.transaction(async (tx) => {
      await assertStillLive(s, tx, principal);
      return recordEvent(s, tx, principal, {
        eventType: 'policy.evaluate_sign_on',
        outcome: { result: 'DENY', reason: sentenceOf('enrolment-due') },
        target: [appTarget(app)],
      });
    });
    return { kind: 'denied', reasons: ['enrolment-due'], reference };
  }
  const holdsRole = await isAdmin(s.store.read, user.id);
  const proofs = JSON.parse(session.proofs) as FactorProof[];
  const facts = await gatherFacts(s, principal, user, proofs, holdsRole, network);
  const policy = forApps(await s.policies.forApp(app.id));
  const { judged, outcome, targets, evidence } = judgeAppPolicy(facts, policy, now);
  const { verdict } = judged;
  const matched = policy.rules.find(({ id }) => id === judged.matchedRuleId);
  const isOnlyTooOld =
    verdict.kind === 'step_up' &&
    meetsAssurance(
      proofs,
      withAges(verdict.need, () => null),
      now,
    );
  const code = newSecret(s.random);
  const reference = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    if (verdict.kind === 'allow') {
      await assertNotMoved(tx, [policy]);
      await insertCode(tx, {
        codeHash: tokenDigest(code),
        appId: app.id,
        sessionId: session.id,
        nonceHash: input.nonceHash,
        address: client.address.text,
        network: networkKey(network),
        returnTarget: safeReturnTarget(input.returnTarget, app.origin),
        createdAt: now,
        expiresAt: now + CODE_SECONDS * 1000,
        inactivitySeconds: matched?.inactivitySeconds ?? null,
        usedAt: null,
      });
    }
    const reasons = isOnlyTooOld ? [...verdict.reasons, 'app-proof-too-old' as const] : verdict.reasons;
    return recordEvent(
      s,
      tx,
      principal,
      {
        eventType: 'policy.evaluate_sign_on',
        outcome: {
          result: outcome.result,
          reason: reasons.map(sentenceOf).join(' '),
        },
        target: [appTarget(app), ...targets],
      },
      evidence,
    );
  });
  if (verdict.kind === 'allow') return { kind: 'go', location: `${app.origin}/.sallyport/callback?code=${code}` };
  return isOnlyTooOld ? { kind: 'sign-in' } : { kind: 'denied', reasons: verdict.reasons, reference };
};
