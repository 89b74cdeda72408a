import { createHmac } from 'node:crypto';
import { ID_PREFIX } from '@sallyport/model/ids';

export interface FactorView {
  readonly id: string;
  readonly kind: 'webauthn' | 'totp';
  readonly credentialId: string | null;
  readonly name: string;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * What a name that nobody has gets to see: one or two keys that look like any other, the same on every try, derived
 * from the name with a secret, so that asking tells nothing about who exists (design §5.3).
 */
export const madeUpFactors = (secret: Buffer, login: string): FactorView[] => {
  const draw = (label: string): Buffer =>
    createHmac('sha512', secret).update(`${label}\0${login.toLowerCase()}`).digest();
  const count = 1 + ((draw('count')[0] ?? 0) % 2);
  return Array.from({ length: count }, (_, i) => ({
    id: ID_PREFIX.factor + [...draw(`id${i}`).subarray(0, 17)].map((byte) => ALPHABET[byte % 62]).join(''),
    kind: 'webauthn' as const,
    credentialId: draw(`credential${i}`).subarray(0, 32).toString('base64url'),
    name: 'Security key',
  }));
};
