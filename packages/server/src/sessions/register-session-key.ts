import { isSameAddress } from '@sallyport/decide/sessions/bind-session';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { Baseline } from '@sallyport/model/session';
import type { Services } from '../services.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { assertStillLive } from './assert-still-live.ts';
import { readBoundKey } from './bound-key.ts';
import { sessionTarget } from './end-sessions.ts';
import { sessionById } from './store.ts';

/** The page registers its key with the request after the sign-in. Who comes later is somebody else, or too slow. */
const REGISTER_SECONDS = 120;

const refused = (reason: Reason): ApiError =>
  new ApiError('E0000038', {
    causes: [sentenceOf(reason)],
    detail: reason,
    extra: { sallyport: { kind: 'denied', reason } },
  });

/**
 * `POST /sallyport/v1/me/sessions/current/key` (design §5.2): the public half of the key that the page made, once a
 * session and baseline, right after the proof that set the baseline, from the very address of it. A thief who comes
 * later, or from elsewhere, can neither put a key of his own in place nor replace one.
 */
export const registerSessionKey = async (s: Services, principal: Principal, input: { readonly publicKey: string }) => {
  if (principal.kind !== 'session') throw new ApiError('E0000011');
  const boundKey = readBoundKey(input.publicKey);
  if (boundKey === null) throw invalid('publicKey', 'must be an ECDSA key on P-256 (SPKI, base64url)');
  const { client } = principal.request;
  const now = s.clock.now();
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await sessionById(tx, principal.sessionId);
    // A command line has no page that could hold a key.
    if (row === undefined || row.openedBySessionId !== null) throw new ApiError('E0000011');
    if (row.boundKey !== null) throw refused('page-key-registered');
    const proofs = JSON.parse(row.proofs) as FactorProof[];
    const provedAt = Math.max(...proofs.map((proof) => proof.provedAt));
    if (!(now < provedAt + REGISTER_SECONDS * 1000)) throw refused('page-key-late');
    const baseline = JSON.parse(row.baseline) as Baseline;
    const recorded = client.kind === 'known' ? baseline[client.address.family] : null;
    if (client.kind !== 'known' || recorded === null || !isSameAddress(recorded, client.address))
      throw refused('page-key-elsewhere');
    await tx.updateTable('sessions').set({ boundKey }).where('id', '=', row.id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.session.key.register',
      target: [sessionTarget(row.id)],
    });
  });
  s.sessions.table.setBoundKey(principal.sessionId);
  return { sessionId: principal.sessionId, registeredAt: toIso(now) };
};
