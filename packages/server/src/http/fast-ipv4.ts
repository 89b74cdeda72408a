/**
 * A dotted IPv4 address as an unsigned 32-bit number, -1 for anything else: the hot path's reader, which must agree
 * with `parseAddress` on every text it accepts. Decimal, four parts, no leading zeros (some readers take those for
 * octal, so that two programs would see two addresses), nothing around it.
 */
export const fastIpv4 = (text: string): number => {
  const length = text.length;
  if (length < 7 || length > 15) return -1;
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (digits === 0 || dots === 3) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      dots++;
    } else {
      if (code < 0x30 || code > 0x39 || (digits > 0 && part === 0)) return -1;
      part = part * 10 + code - 0x30;
      if (part > 255) return -1;
      digits++;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + part : -1;
};

/** The text of a packed address. */
export const ipv4Text = (packed: number): string =>
  `${packed >>> 24}.${(packed >>> 16) & 255}.${(packed >>> 8) & 255}.${packed & 255}`;
