import type { Instant } from '@sallyport/model/instant';
import { type AddressRange, compileRanges, isInRanges, parseRange } from './address-range.ts';
import { addressOfBits, parseAddress } from './parse-address.ts';
import { isLocalAddress } from './resolve-network.ts';

/** A request that carried, on purpose, an address that is not its own. */
export interface HeaderProbe {
  readonly at: Instant;
  /** What the header claimed. */
  readonly claimed: string;
  /** Who the server took the request's client for; null when for nobody. */
  readonly takenFor: string | null;
  /** What had brought it to the server. */
  readonly peer: string;
}

export interface ClientAddressFacts {
  /** The trusted proxies as configured. */
  readonly trusted: readonly string[];
  readonly headerName: string;
  /** Is the public address of the server on this very host? */
  readonly isPublicUrlLocal: boolean;
  /** Forwarding headers of somebody who is no trusted proxy, since the start. */
  readonly untrustedHeaders: number;
  readonly probe: HeaderProbe | null;
}

export interface ClientAddressFinding {
  readonly code:
    | 'everybody-trusted'
    | 'header-believed'
    | 'loopback-trusted'
    | 'range-trusted'
    | 'proxy-missing'
    | 'header-safe'
    | 'not-shown';
  readonly state: 'ok' | 'warning' | 'fault';
  readonly sentence: string;
  /** What mends it. */
  readonly mend: string | null;
}

/** Can somebody choose the address that the server takes them for? `not-shown`: nothing says so, and nothing disproves it. */
export interface ClientAddressJudgement {
  readonly canBeSpoofed: 'yes' | 'no' | 'not-shown';
  readonly findings: readonly ClientAddressFinding[];
}

/** More than one /8 of IPv4, or more than one /16 of IPv6: no network of proxies is so wide. */
const isEverybody = ({ family, from, to }: AddressRange): boolean =>
  family === 'v4' ? from[0] !== to[0] : from[0] !== to[0] || from[1] !== to[1];
const isLoopback = ({ family, from, to }: AddressRange): boolean => {
  const [first, last] = [addressOfBits(from), addressOfBits(to)];
  if (family === 'v4') return (from[0] as number) <= 127 && (to[0] as number) >= 127;
  return first.text === '::1' || last.text === '::1' || isEverybody({ family, from, to });
};
const isOne = ({ from, to }: AddressRange): boolean => from.every((byte, i) => byte === to[i]);

const ONLY_PROXIES = 'SALLYPORT_TRUSTED_PROXIES=<the addresses of your proxies, and nothing else>';

const rangeFindings = (trusted: readonly string[]): ClientAddressFinding[] => {
  const ranges = trusted.flatMap((text) => {
    const range = parseRange(text);
    return range === null ? [] : [{ text, range }];
  });
  const named = (these: typeof ranges): string => these.map(({ text }) => text).join(', ');
  const everybody = ranges.filter(({ range }) => isEverybody(range));
  if (everybody.length > 0)
    return [
      {
        code: 'everybody-trusted',
        state: 'fault',
        sentence: `${named(everybody)} is trusted: anybody may choose the address that sessions are held to.`,
        mend: ONLY_PROXIES,
      },
    ];
  const loopback = ranges.filter(({ range }) => isLoopback(range));
  const wide = ranges.filter(
    ({ range }) => !isLoopback(range) && !isOne(range) && isLocalAddress(addressOfBits(range.from)),
  );
  return [
    ...(loopback.length === 0
      ? []
      : [
          {
            code: 'loopback-trusted',
            state: 'warning',
            sentence: 'Loopback is trusted: any process on this host may choose its client address.',
            mend: 'SALLYPORT_TRUSTED_PROXIES=<the address of the proxy>, or keep other users off this host',
          } as const,
        ]),
    ...(wide.length === 0
      ? []
      : [
          {
            code: 'range-trusted',
            state: 'warning',
            sentence: `Every computer in ${named(wide)} may choose its client address, not only your proxies.`,
            mend: ONLY_PROXIES,
          } as const,
        ]),
  ];
};

/** Did the request that tried come through a proxy whose header is read, and was it taken for somebody? */
const showsSomething = ({ peer, takenFor }: HeaderProbe, trusted: readonly string[]): boolean => {
  if (takenFor === null) return false;
  const nearest = parseAddress(peer);
  return trusted.length === 0 || (nearest !== null && isInRanges(compileRanges(trusted), nearest));
};

const probeFinding = (probe: HeaderProbe, headerName: string, trusted: readonly string[]): ClientAddressFinding =>
  !showsSomething(probe, trusted)
    ? {
        code: 'not-shown',
        state: 'warning',
        sentence:
          probe.takenFor === null
            ? `The request that tried was taken for nobody: what stood in ${headerName} could not be read.`
            : `The request that tried came from ${probe.peer}, past the proxies: it does not show what they do with ${headerName}.`,
        mend: 'try it where people come from, through the proxies',
      }
    : probe.takenFor === probe.claimed
      ? {
          code: 'header-believed',
          state: 'fault',
          sentence: `A request that claimed in ${headerName} to come from ${probe.claimed} was believed; ${probe.peer} had brought it. Either that proxy passes on what clients write, or whoever tried it sits at a trusted address.`,
          mend: 'let the proxy set the header itself: in nginx, proxy_set_header X-Forwarded-For $remote_addr',
        }
      : {
          code: 'header-safe',
          state: 'ok',
          sentence: `A request that claimed in ${headerName} to come from ${probe.claimed} was taken for ${probe.takenFor}: what clients write is not believed.`,
          mend: null,
        };

/**
 * Does this deployment let anybody choose their own address? A proof is a request that tried; without trusted proxies no
 * header is read, and nothing needs to be tried. An address that can be chosen binds nobody.
 */
export const judgeClientAddress = (facts: ClientAddressFacts): ClientAddressJudgement => {
  const { trusted, headerName, isPublicUrlLocal, untrustedHeaders, probe } = facts;
  const findings: ClientAddressFinding[] = rangeFindings(trusted);
  if (trusted.length === 0 && (untrustedHeaders > 0 || !isPublicUrlLocal))
    findings.push({
      code: 'proxy-missing',
      state: 'warning',
      sentence:
        untrustedHeaders > 0
          ? `${headerName} was sent ${untrustedHeaders} times by somebody who is no trusted proxy: if that is your proxy, everybody has its address.`
          : 'The public URL is not on this host, yet no proxy is trusted: behind one, everybody would come from its address.',
      mend: 'SALLYPORT_TRUSTED_PROXIES=<the addresses of your proxies>',
    });
  if (probe !== null) findings.push(probeFinding(probe, headerName, trusted));
  else if (trusted.length === 0)
    findings.push({
      code: 'header-safe',
      state: 'ok',
      sentence: 'No proxy is trusted: no forwarding header is read, and nobody can choose an address by one.',
      mend: null,
    });
  else
    findings.push({
      code: 'not-shown',
      state: 'warning',
      sentence: `It was not tried whether ${headerName} can be spoofed through the proxies.`,
      mend: 'sallyport zone spoof-test',
    });
  const isFaulty = findings.some(({ state }) => state === 'fault');
  const isShown = findings.some(({ code }) => code === 'header-safe');
  return { canBeSpoofed: isFaulty ? 'yes' : isShown ? 'no' : 'not-shown', findings };
};
