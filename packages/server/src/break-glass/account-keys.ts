import { SEALED_KEY_SETTINGS } from '@sallyport/model/break-glass';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { factorAsTarget, factorsOf, replacePending } from '../authenticators/factor-rows.ts';
import { findFactor } from '../authenticators/holder.ts';
import { presentFactor } from '../authenticators/present-factor.ts';
import { beginKey, finishKey, type KeyAnswer } from '../authenticators/register-key.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { voidSignIns } from '../sign-in/void-sign-ins.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { assertKeeper } from './assert-keeper.ts';
import { findAccount } from './store.ts';

/**
 * `POST …/keys`: begins to register a hardware key, in the browser of whoever keeps the account: it is nobody's, so that no
 * link to its owner would lead anywhere. E0000001 for a name that another of its keys has.
 */
export const enrolKey = async (s: Services, principal: Principal, id: string, { name }: { readonly name: string }) => {
  const { factor, activation, user } = await s.store.transaction(async (tx) => {
    const by = await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    const found = await findAccount(tx, id);
    const enrolled = await factorsOf(tx, id);
    if (enrolled.some((row) => row.status === 'ACTIVE' && row.name.toLowerCase() === name.toLowerCase()))
      throw invalid('name', 'Another of its keys has this name. Say who keeps it, or where it lies.');
    const begun = beginKey(s, found.user, enrolled, by, name, true, SEALED_KEY_SETTINGS);
    await replacePending(tx, begun.factor);
    return { ...begun, user: found.user };
  });
  return { ...presentFactor(s, factor, user), _embedded: { activation } };
};

/** `POST …/keys/{factorId}/activate`, by whoever began it. Errors: E0000068, E0000228 for a key that is none of hardware. */
export const activateKey = async (
  s: Services,
  principal: Principal,
  id: string,
  factorId: string,
  answer: KeyAnswer,
) => {
  const by = await assertKeeper(s.store.read, principal);
  const { user } = await findAccount(s.store.read, id);
  const factor = await findFactor(s.store.read, id, factorId);
  if (factor.status !== 'PENDING_ACTIVATION')
    throw new ApiError('E0000068', { causes: [sentenceOf('challenge-used')] });
  if (factor.createdBy !== by)
    throw new ApiError('E0000006', { causes: ['Only whoever began this registration finishes it.'] });
  const active = await finishKey(s, {
    user,
    factor,
    answer,
    principal,
    holderNeedsDeviceBound: true,
    settings: SEALED_KEY_SETTINGS,
    recheck: async (tx) => {
      await assertKeeper(tx, principal);
      await assertStillLive(s, tx, principal);
      await findAccount(tx, id);
    },
  });
  return presentFactor(s, active, user);
};

/** `DELETE …/keys/{factorId}`. E0000006 where nobody else could sign in. */
export const removeKey = async (s: Services, principal: Principal, id: string, factorId: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    const { user } = await findAccount(tx, id);
    const factor = await findFactor(tx, id, factorId);
    await keepingAWayIn(s, tx, () => tx.deleteFrom('factors').where('id', '=', factor.id).execute());
    await voidSignIns(s, tx, id, factor.id);
    await recordEvent(s, tx, principal, {
      eventType: 'user.mfa.factor.deactivate',
      target: [userAsActor(user), factorAsTarget(factor)],
    });
  });
};
