import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Person, Reply } from './person.ts';

const KEY = '/sallyport/v1/me/sessions/current/key';
const PROOF = '/sallyport/v1/me/sessions/current/proof';

/** What a refused request says that it must be answered with. */
export interface Asked {
  readonly kind: string;
  readonly challenge: string;
  readonly address: string;
  readonly proofUrl: string;
  readonly expiresAt: string;
}

export const askedOf = (reply: Reply): Asked | undefined => reply.body['sallyport'] as Asked | undefined;

/** The key that a page makes and holds; here it can be handed around, as no page's can. */
export interface PageKey {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  /** Set by the registration. */
  sessionId: string;
}

export const makePageKey = (): PageKey => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    privateKey,
    sessionId: '',
  };
};

/** Registers a page's key with a person's session; the reply, good or bad. */
export const register = async (person: Person, key: PageKey): Promise<Reply> => {
  const reply = await person.call('POST', KEY, { publicKey: key.publicKey });
  if (reply.status === 201) key.sessionId = String(reply.body['sessionId']);
  return reply;
};

/** The signature of a challenge, as the page makes it (ECDSA on P-256, r and s). */
export const signatureOf = (key: PageKey, { challenge, address }: Pick<Asked, 'challenge' | 'address'>): string =>
  sign('sha256', Buffer.from(['sallyport session proof v1', key.sessionId, challenge, address].join('\n')), {
    key: key.privateKey,
    dsaEncoding: 'ieee-p1363',
  }).toString('base64url');

/** Answers a challenge from where the person is now. */
export const answer = (person: Person, key: PageKey, asked: Asked): Promise<Reply> =>
  person.call('POST', PROOF, { challenge: asked.challenge, signature: signatureOf(key, asked) });

/** A signature of the right length that nobody made. */
export const forgedSignature = (seed: string): string => createHash('sha512').update(seed).digest('base64url');
