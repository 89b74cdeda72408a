const END = '-----END CERTIFICATE-----';

/** Certificates, one after the other: PEM, or base64 with an empty line between. */
export const rootsIn = (text: string): readonly { readonly x5c: string }[] =>
  text
    .replaceAll(END, `${END}\n\n`)
    .split(/\n\s*\n/)
    .map((x5c) => x5c.trim())
    .filter((x5c) => x5c !== '')
    .map((x5c) => ({ x5c }));
