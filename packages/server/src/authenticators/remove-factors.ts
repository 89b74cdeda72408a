import { judgeRemoval } from '@sallyport/decide/authenticators/judge-removal';
import { whyNotQualified } from '@sallyport/decide/authenticators/qualify-factor';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { keepingAWayIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSession, endSessionsOfUser, publishEnded } from '../sessions/end-sessions.ts';
import { liveSessionsOf } from '../sessions/store.ts';
import { provedWith, voidSignIns } from '../sign-in/void-sign-ins.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { factorAsTarget, factorsOf, keyFactsOf } from './factor-rows.ts';
import { findFactor, findManagedHolder, type Holder } from './holder.ts';

const reset = 'okta.users.credentials.resetFactors';

const qualifying = (rows: readonly Row<'factors'>[], settings: KeySettings): number =>
  rows.filter(
    (row) =>
      whyNotQualified({ kind: row.kind, isActive: row.status === 'ACTIVE', key: keyFactsOf(row) }, settings) === null,
  ).length;

/**
 * Takes authenticators away, one event each. Refused (E0000006) when it would take sign-in from the last super admin able
 * to sign in, or one's own last key from an administrator.
 */
const takeAway = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { user, isOwn }: Holder,
  gone: readonly Row<'factors'>[],
): Promise<void> => {
  const before = await factorsOf(tx, user.id);
  const settings = await s.settings.read(tx, 'keys');
  const verdict = judgeRemoval({
    isOwn,
    holderHoldsRole: await isAdmin(tx, user.id),
    qualifyingBefore: qualifying(before, settings),
    qualifyingAfter: qualifying(
      before.filter((row) => !gone.some(({ id }) => id === row.id)),
      settings,
    ),
  });
  if (verdict.kind === 'deny')
    throw new ApiError('E0000006', { causes: verdict.reasons.map(sentenceOf), detail: verdict.reasons.join(' ') });
  await keepingAWayIn(s, tx, async () => {
    for (const { id } of gone) await tx.deleteFrom('factors').where('id', '=', id).execute();
  });
  for (const factor of gone)
    await recordEvent(s, tx, principal, {
      eventType: 'user.mfa.factor.deactivate',
      target: [userAsActor(user), factorAsTarget(factor)],
    });
};

/**
 * `DELETE …/factors/{id}`. Nothing accepts it from then on: sessions that it opened end too, but for the one that asks.
 */
export const removeFactor = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  factorId: string,
): Promise<void> => {
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const holder = await findManagedHolder(tx, principal, idOrLogin, reset);
    const factor = await findFactor(tx, holder.user.id, factorId);
    await takeAway(s, tx, principal, holder, [factor]);
    await voidSignIns(s, tx, holder.user.id, factor.id);
    const own = principal.kind === 'session' ? principal.sessionId : null;
    const opened = (await liveSessionsOf(tx, holder.user.id)).filter(
      ({ id, proofs }) => id !== own && provedWith(proofs, factor.id),
    );
    for (const session of opened)
      await endSession(s, tx, principal, session, 'keys-reset', [userAsActor(holder.user), factorAsTarget(factor)]);
    return opened.map(({ id }) => id);
  });
  publishEnded(s, ended, 'keys-reset');
};

/**
 * `POST …/lifecycle/reset_factors`: all authenticators of a person, their sessions, and every link or sign-in with which
 * a key could still be registered or a session opened. They come back by a new enrolment link.
 */
export const resetFactors = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
): Promise<Record<string, never>> => {
  const userId = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const holder = await findManagedHolder(tx, principal, idOrLogin, reset);
    const { user } = holder;
    const gone = await factorsOf(tx, user.id);
    await takeAway(s, tx, principal, holder, gone);
    await voidSignIns(s, tx, user.id, null);
    await tx
      .deleteFrom('setupCodes')
      .where('userId', '=', user.id)
      .where('purpose', '=', 'enrol')
      .where('usedAt', 'is', null)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'user.mfa.factor.reset_all',
      target: [userAsActor(user)],
      debugData: { removedAuthenticators: String(gone.length) },
    });
    await endSessionsOfUser(s, tx, principal, userAsActor(user), 'keys-reset');
    return user.id;
  });
  s.bus.publish({ kind: 'user', id: userId, reason: 'keys-reset' });
  return {};
};
