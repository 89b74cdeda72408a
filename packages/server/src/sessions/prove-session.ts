import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import type { OpenProof } from './address-proofs.ts';
import { isSignedBy, proofText } from './bound-key.ts';
import { recordProvedAddress } from './end-roaming-session.ts';
import { type ProofAsked, proofRequired } from './proof-required.ts';
import { sessionById } from './store.ts';

/**
 * `POST /sallyport/v1/me/sessions/current/proof` (design §5.2). A right signature makes the challenged address the
 * session's proved address, beside a baseline that stays what it is; a wrong one is a mismatch, and ends the session as
 * roaming does. A challenge that is settled proves nothing again.
 * `asked` is what the address of this request owes; null where it owes nothing.
 */
export const proveSession = async (
  s: Services,
  principal: Principal,
  asked: ProofAsked | null,
  answer: { readonly challenge: string; readonly signature: string },
) => {
  const id = principal.kind === 'session' ? principal.sessionId : asked?.sessionId;
  if (id === undefined) throw new ApiError('E0000011');
  const notOpen = (): ApiError =>
    asked === null
      ? new ApiError('E0000068', { causes: [sentenceOf('challenge-used')], detail: 'challenge-used' })
      : proofRequired(asked);
  const proof = s.sessions.proofs.find(id, answer.challenge);
  if (proof === undefined) throw notOpen();
  const isFirst = await s.sessions.proofs.claim(proof, () => settle(s, id, proof, answer.signature));
  if (!isFirst) throw notOpen();
  return { provedAddress: proof.address };
};

const settle = async (s: Services, id: string, proof: OpenProof, signature: string): Promise<void> => {
  const boundKey = (await sessionById(s.store.read, id))?.boundKey ?? null;
  const isInTime = s.clock.now() < proof.expiresAt;
  if (
    boundKey === null ||
    !isInTime ||
    !isSignedBy(boundKey, proofText(id, proof.challenge, proof.address), signature)
  ) {
    await s.sessions.endUnproved(id, proof, isInTime ? 'wrong' : 'unanswered');
    throw new ApiError('E0000011', { detail: isInTime ? 'proof of session is wrong' : 'proof of session is late' });
  }
  await recordProvedAddress(s, id, proof);
};
