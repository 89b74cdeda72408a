import { createHmac, timingSafeEqual } from 'node:crypto';
import { toIso } from '@sallyport/model/instant';
import { type ActionName, actionRow, wordsOf } from '@sallyport/model/protected-actions';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import type { ActionTarget } from './target-of.ts';

/** Of a proof that is asked for, and of its answer. */
export const proofUrl = (id: string): string => `/sallyport/v1/proofs/${id}`;

/** The page on which somebody else approves it. */
export const approvalUrl = (s: Services, id: string): string => `${s.config.publicUrl.origin}/approvals/${id}`;

const mac = (s: Services, purpose: string, id: string): Buffer =>
  createHmac('sha256', s.pepper).update(`${purpose}\0${id}`).digest();

/**
 * What a request brings as `Sallyport-Proof`. Derived, not stored: the command line fetches it after the browser proved.
 * It is worth nothing but to the session that asked and for the request that was signed.
 */
export const proofToken = (s: Services, id: string): string =>
  `${id}.${mac(s, 'action proof', id).toString('base64url')}`;

/** The id of a proof token of ours; null for any other text. */
export const readProofToken = (s: Services, text: string): string | null => {
  const [id = '', secret = ''] = text.split('.', 2);
  const [made, given] = [Buffer.from(proofToken(s, id)), Buffer.from(`${id}.${secret}`)];
  return text.length < 200 && made.length === given.length && timingSafeEqual(made, given) ? id : null;
};

/** Consonants and digits that nobody takes for another. */
const CODE_LETTERS = 'BCDFGHJKMNPQRSTVWXZ23456789';

/** The short code that the command line shows and the person types in the browser: `WXYZ-2345`. */
export const handOffCode = (s: Services, id: string): string => {
  const letters = [...mac(s, 'hand-off code', id).subarray(0, 8)].map(
    (byte) => CODE_LETTERS[byte % CODE_LETTERS.length],
  );
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
};

/** Is it the code, however it was typed? */
export const isHandOffCode = (s: Services, id: string, typed: string): boolean => {
  const plain = (text: string): Buffer => Buffer.from(text.toUpperCase().replace(/[^A-Z0-9]/g, ''));
  const [made, given] = [plain(handOffCode(s, id)), plain(typed)];
  return made.length === given.length && timingSafeEqual(made, given);
};

export const targetOfProof = (row: Pick<Row<'actionProofs'>, 'target'>): ActionTarget | null =>
  row.target === null ? null : (JSON.parse(row.target) as ActionTarget);

/** How a proof stands at an instant. */
export type ProofStatus = 'ASKED' | 'PROVED' | 'WAITING' | 'APPROVED' | 'DENIED' | 'CANCELLED' | 'EXPIRED';
export const proofStatus = (row: Row<'actionProofs'>, now: number): ProofStatus => {
  if (row.decision === 'DENIED') return 'DENIED';
  if (row.closedAt !== null && row.closedAt < row.expiresAt) return 'CANCELLED';
  if (now >= row.expiresAt) return 'EXPIRED';
  if (row.needsKey === 1 && row.provedAt === null) return 'ASKED';
  if (row.needsApproval === 0) return 'PROVED';
  return row.decision === 'APPROVED' ? 'APPROVED' : 'WAITING';
};

/** What a proof is about, in words. */
export const wordsOfProof = (row: Pick<Row<'actionProofs'>, 'action' | 'target'>): string => {
  const target = targetOfProof(row);
  return wordsOf(row.action as ActionName, target?.name ?? target?.id ?? null);
};

/** What is about to be done, for people: in the dialog, on the page that the command line opens, in the inbox. */
export const presentAction = (row: Row<'actionProofs'>) => {
  const target = targetOfProof(row);
  const action = row.action as ActionName;
  return {
    action,
    words: wordsOfProof(row),
    why: actionRow(action).why,
    target: target === null ? null : { id: target.id, name: target.name, type: target.type },
    expiresAt: toIso(row.expiresAt),
  };
};

/** What the key is asked (WebAuthn Level 3 §5.5, JSON form). */
export const presentChallenge = (s: Services, row: Row<'actionProofs'>, keys: readonly Row<'factors'>[]) => ({
  challenge: row.challenge,
  rpId: s.config.publicUrl.hostname,
  userVerification: 'required' as const,
  allowCredentials: keys.map((key) => ({ type: 'public-key' as const, id: key.credentialId ?? '' })),
});
