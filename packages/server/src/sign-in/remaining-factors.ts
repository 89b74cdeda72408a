import { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { takesCodes } from '../authenticators/takes-codes.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { assertMaySignIn } from './assert-may-sign-in.ts';
import { NOBODY } from './count-password-failure.ts';
import { activeFactorsOf } from './store.ts';

export interface RemainingFactors {
  /** With which the sign-in can go on. */
  readonly usable: readonly Row<'factors'>[];
  /** Nothing more is asked: of somebody without power, or without a key, whom the console then refuses. */
  readonly isComplete: boolean;
}

/**
 * What a sign-in asks for after its first step, by a name alone or with a password, and after an expired password was
 * changed. Errors: E0000085 where the policy denies this person, or one-time codes are off and they have nothing else.
 */
export const remainingFactors = async (
  s: Services,
  principal: Principal,
  user: Row<'users'> | undefined,
  proofs: readonly FactorProof[],
): Promise<RemainingFactors> => {
  // A code is six digits: it is asked for after a password only, or guessing it would be all that it takes.
  const factors = (await activeFactorsOf(s.store.read, user?.id ?? NOBODY)).filter(
    ({ kind }) => kind === 'webauthn' || proofs.length > 0,
  );
  const usable = factors.filter(({ kind }) => kind === 'webauthn' || takesCodes(s));
  // Only to whoever proved something: before, the answer is alike for everybody.
  if (proofs.length === 0 || user === undefined) return { usable, isComplete: false };
  const holdsRole = await isAdmin(s.store.read, user.id);
  const judged = await assertMaySignIn(s, principal, user, proofs, holdsRole);
  // A rule that asks for a further factor is satisfied here, where there is one, and not refused a step later.
  const isFactorAsked = judged.verdict.kind === 'step_up' && factors.length > 0;
  const isComplete = !isFactorAsked && (!holdsRole || factors.length === 0);
  // Codes that were switched off do not make the password enough; whoever proved it is told why it is not.
  if (usable.length === 0 && !isComplete)
    throw new ApiError('E0000085', { causes: [sentenceOf('codes-off')], detail: 'codes-off' });
  return { usable, isComplete };
};
