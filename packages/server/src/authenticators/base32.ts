const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 without padding (RFC 4648 §6), as authenticator apps take it. */
export const encodeBase32 = (bytes: Buffer): string => {
  let text = '';
  let bits = 0;
  let width = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    width += 8;
    while (width >= 5) {
      width -= 5;
      text += ALPHABET[(bits >> width) & 31];
    }
  }
  return width === 0 ? text : text + ALPHABET[(bits << (5 - width)) & 31];
};

/** The bytes of base32 (RFC 4648 §6), without regard to case, spaces and padding; null for anything else. */
export const decodeBase32 = (text: string): Buffer | null => {
  const letters = text.replace(/[\s=]/g, '').toUpperCase();
  const bytes: number[] = [];
  let bits = 0;
  let width = 0;
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    bits = ((bits << 5) | value) & 0xfff;
    width += 5;
    if (width >= 8) {
      width -= 8;
      bytes.push((bits >> width) & 0xff);
    }
  }
  return Buffer.from(bytes);
};
