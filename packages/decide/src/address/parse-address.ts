import type { Address } from '@sallyport/model/network';

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
/** RFC 6874 zone ids name a local interface: not part of the address. */
const ZONE_ID = /^[A-Za-z0-9._~-]{1,64}$/;
/** The longest form: eight groups, or six and an embedded IPv4, with a zone id. */
const TEXT_LENGTH_MAX = 45 + 1 + 64;

/** Four decimal octets; no leading zeros, which some readers take for octal. */
const readV4 = (text: string): Uint8Array | null => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part) && Number(part) <= 255)) return null;
  return Uint8Array.from(parts, Number);
};

/** The groups of one side of `::`, an embedded IPv4 at the end as two of them; null when one is no group. */
const readGroups = (text: string, mayEndInV4: boolean): number[] | null => {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const v4 = mayEndInV4 && i === parts.length - 1 ? readV4(part) : null;
      if (v4 === null) return null;
      groups.push(((v4[0] as number) << 8) | (v4[1] as number), ((v4[2] as number) << 8) | (v4[3] as number));
    }
  }
  return groups;
};

const readV6 = (text: string): number[] | null => {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  if (sides.length === 1) {
    const groups = readGroups(text, true);
    return groups?.length === 8 ? groups : null;
  }
  const left = readGroups(sides[0] as string, false);
  const right = readGroups(sides[1] as string, true);
  // `::` stands for at least one group (RFC 4291 §2.2).
  if (left === null || right === null || left.length + right.length > 7) return null;
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
};

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two and more zero groups as `::`. */
const textOfV6 = (groups: readonly number[]): string => {
  let bestStart = 0;
  let bestLength = 1;
  let start = 0;
  for (let i = 0; i <= 8; i++) {
    if (groups[i] === 0) continue;
    if (i - start > bestLength) {
      bestStart = start;
      bestLength = i - start;
    }
    start = i + 1;
  }
  const hex = groups.map((group) => group.toString(16));
  if (bestLength < 2) return hex.join(':');
  return `${hex.slice(0, bestStart).join(':')}::${hex.slice(bestStart + bestLength).join(':')}`;
};

const v4Address = (bits: Uint8Array): Address => ({ text: bits.join('.'), family: 'v4', bits });

/** The address of its bytes, 4 or 16. An IPv4-mapped one is the IPv4 address. */
export const addressOfBits = (bits: Uint8Array): Address => {
  if (bits.length === 4) return v4Address(bits);
  const groups = Array.from({ length: 8 }, (_, i) => ((bits[i * 2] as number) << 8) | (bits[i * 2 + 1] as number));
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) return v4Address(bits.slice(12));
  return { text: textOfV6(groups), family: 'v6', bits };
};

/**
 * Reads an IPv4 or IPv6 address; null for anything else. Strict, because two programs that read one text differently
 * see two clients. `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2) is 192.0.2.1, and a zone id is dropped: equal addresses have
 * equal `text`.
 */
export const parseAddress = (text: string): Address | null => {
  if (text.length > TEXT_LENGTH_MAX) return null;
  const v4 = readV4(text);
  if (v4 !== null) return v4Address(v4);
  const at = text.indexOf('%');
  if (at !== -1 && !ZONE_ID.test(text.slice(at + 1))) return null;
  const groups = readV6(at === -1 ? text : text.slice(0, at));
  return groups === null ? null : addressOfBits(Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255])));
};

const PORT = /^\d{1,5}$/;

/** An address as proxies write it into a header: bare, `192.0.2.1:443`, `[2001:db8::1]` or `[2001:db8::1]:443`. */
export const parseAddressWithPort = (text: string): Address | null => {
  const bare = parseAddress(text);
  if (bare !== null) return bare;
  const [, inner, port] = /^\[([^\]]*)\](?::(.*))?$/.exec(text) ?? [];
  if (inner !== undefined) {
    if (port !== undefined && !PORT.test(port)) return null;
    return inner.includes(':') ? parseAddress(inner) : null;
  }
  const colon = text.lastIndexOf(':');
  if (colon === -1 || !PORT.test(text.slice(colon + 1))) return null;
  const address = parseAddress(text.slice(0, colon));
  // `2001:db8::1:443` is ambiguous and was read above as an address; a v6 address with a port needs brackets.
  return address !== null && text.indexOf(':') === colon ? address : null;
};
