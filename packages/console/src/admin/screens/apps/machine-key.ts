/** A key pair made in this browser; the private half is shown once and never sent anywhere. */
export interface MadeKey {
  readonly publicJwk: JsonWebKey & { readonly kid: string };
  /** JSON text, as clients read it. */
  readonly privateText: string;
}

/** RSA of 3072 bits: the proofs (DPoP) of the clients in use are RS256. */
export const makeKey = async (): Promise<MadeKey> => {
  const pair = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 3072,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  );
  const kid = crypto.randomUUID();
  const { kty, n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const secret = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const common = { kid, alg: 'RS256', use: 'sig' };
  return {
    publicJwk: { kty: kty ?? 'RSA', n: n ?? '', e: e ?? '', ...common },
    privateText: JSON.stringify(
      {
        kty: secret.kty,
        n: secret.n,
        e: secret.e,
        d: secret.d,
        p: secret.p,
        q: secret.q,
        dp: secret.dp,
        dq: secret.dq,
        qi: secret.qi,
        ...common,
      },
      null,
      2,
    ),
  };
};

/** Keys as somebody pasted them: one JSON Web Key, or a set. A text says what is wrong. */
export const readPastedKeys = (text: string): readonly JsonWebKey[] | string => {
  try {
    const value = JSON.parse(text) as JsonWebKey & { readonly keys?: readonly JsonWebKey[] };
    if (typeof value !== 'object' || value === null) return 'This is no JSON Web Key.';
    const keys = value.keys ?? [value];
    if (keys.some((key) => 'd' in key || 'k' in key))
      return 'This holds a private key. Keep it on the machine, and paste the public key alone.';
    return keys.length === 0 ? 'There is no key in it.' : keys;
  } catch {
    return 'This is no JSON.';
  }
};
