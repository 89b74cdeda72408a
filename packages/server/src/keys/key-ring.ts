import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  sign,
  verify,
} from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import { base62, type Random } from '../ports/random.ts';
import type { Store, Transaction } from '../ports/store.ts';

/** What a key is for. A key of one purpose never serves another. */
export type KeyPurpose = 'log' | 'oidc' | 'ssh-ca' | 'sealing';

/** The keys port: every signature and every sealed secret of the server goes through it (design §4.10). */
export interface KeyRing {
  /** Signs with the current key of the purpose (Ed25519). */
  sign(purpose: Exclude<KeyPurpose, 'sealing'>, bytes: Buffer): Promise<{ keyId: string; signature: string }>;
  /** Verifies with the named key, also a retired one. */
  verify(keyId: string, bytes: Buffer, signature: string): Promise<boolean>;
  /** The public key in SPKI PEM, so that others can verify without the server. */
  publicKey(keyId: string): Promise<string | null>;
  /** Encrypts a secret that must be read again (TOTP seeds, webhook credentials). `context` binds it to its row. */
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
  /** A new current key; the old one still verifies. */
  rotate(purpose: Exclude<KeyPurpose, 'sealing'>): Promise<string>;
}

const sealWith = (root: Buffer, random: Random, plain: string, context: string): string => {
  const nonce = random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', root, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
};

const openWith = (root: Buffer, sealed: string, context: string): string => {
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', root, bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
};

/** A key ring on the store; private keys are sealed with the root key of the data folder. */
export const createKeyRing = ({
  store,
  root,
  clock,
  random,
}: {
  store: Store;
  root: Buffer;
  clock: Clock;
  random: Random;
}): KeyRing => {
  const sealing = Buffer.from(hkdfSync('sha256', root, '', 'sallyport sealing v1', 32));
  const create = async (tx: Transaction, purpose: KeyPurpose): Promise<string> => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const id = `key_${base62(random, 17)}`;
    await tx
      .insertInto('keys')
      .values({
        id,
        purpose,
        createdAt: clock.now(),
        retiredAt: null,
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
        secretSealed: sealWith(
          sealing,
          random,
          privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
          `key:${id}`,
        ),
      })
      .execute();
    return id;
  };
  const current = async (purpose: KeyPurpose) => {
    const find = (db: Transaction) =>
      db
        .selectFrom('keys')
        .selectAll()
        .where('purpose', '=', purpose)
        .where('retiredAt', 'is', null)
        .orderBy('createdAt', 'desc')
        .limit(1)
        .executeTakeFirst();
    const known = await find(store.read);
    if (known !== undefined) return known;
    return store.transaction(async (tx) => {
      if ((await find(tx)) === undefined) await create(tx, purpose);
      const made = await find(tx);
      if (made === undefined) throw new Error(`no key for ${purpose}`);
      return made;
    });
  };
  const publicKey = async (keyId: string) =>
    (await store.read.selectFrom('keys').select('publicKey').where('id', '=', keyId).executeTakeFirst())?.publicKey ??
    null;
  return {
    async sign(purpose, bytes) {
      const key = await current(purpose);
      const secret = createPrivateKey(openWith(sealing, key.secretSealed, `key:${key.id}`));
      return { keyId: key.id, signature: sign(null, bytes, secret).toString('base64url') };
    },
    async verify(keyId, bytes, signature) {
      const pem = await publicKey(keyId);
      return pem !== null && verify(null, bytes, createPublicKey(pem), Buffer.from(signature, 'base64url'));
    },
    publicKey,
    seal: (plain, context) => sealWith(sealing, random, plain, context),
    open: (sealed, context) => openWith(sealing, sealed, context),
    rotate: (purpose) =>
      store.transaction(async (tx) => {
        await tx
          .updateTable('keys')
          .set({ retiredAt: clock.now() })
          .where('purpose', '=', purpose)
          .where('retiredAt', 'is', null)
          .execute();
        return create(tx, purpose);
      }),
  };
};
