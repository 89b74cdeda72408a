import { compileRanges, isInRanges } from '../packages/decide/src/address/address-range.ts';
import { addressOfBits } from '../packages/decide/src/address/parse-address.ts';
import { compileBlocklist, judgeBlocklist } from '../packages/decide/src/zones/judge-blocklist.ts';
import { compileZone, type ZoneSubject } from '../packages/decide/src/zones/match-zone.ts';
import type { Address } from '../packages/model/src/network.ts';
import { median } from './bench-sessions.ts';
import type { BenchReport } from './session-check.ts';

const RANGES = 5_000;
const ASKED = 10_000;
const ROUNDS = 9;
/** Of a year's worth of odd numbers: the same addresses in every run. */
const STRIDE = 2_654_435_761;

const v4 = (value: number): Address =>
  addressOfBits(Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255));
const v6 = (value: number): Address => {
  const bits = new Uint8Array(16);
  bits.set([0x20, 0x01, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
  return addressOfBits(bits);
};
const FAMILIES = { IPv4: { of: v4, length: 24 }, IPv6: { of: v6, length: 48 } } as const;

/** Nanoseconds of one question, of as many different addresses as make no branch predictable. */
const nanoseconds = (ask: (address: Address) => boolean, addresses: readonly Address[]): number => {
  const rounds: number[] = [];
  let held = 0;
  for (let round = 0; round < ROUNDS + 1; round++) {
    held = 0;
    const start = process.hrtime.bigint();
    for (const address of addresses) if (ask(address)) held++;
    // The first one compiles the code.
    if (round > 0) rounds.push(Number(process.hrtime.bigint() - start) / addresses.length);
  }
  if (held === 0 || held === addresses.length) throw new Error(`${held} of ${addresses.length} were in a range`);
  return median(rounds);
};

const line = (family: keyof typeof FAMILIES): string => {
  const { of, length } = FAMILIES[family];
  const texts = Array.from({ length: RANGES }, (_, i) => `${of((i * STRIDE) >>> 0).text}/${length}`);
  // Every other address is in a range, the rest mostly in none.
  const addresses = Array.from({ length: ASKED }, (_, i) =>
    of(i % 2 === 0 ? (((i % RANGES) * STRIDE) >>> 0) + (family === 'IPv4' ? 1 : 0) : (i * STRIDE + 0x5555_5555) >>> 0),
  );
  const set = compileRanges(texts);
  const one = compileRanges(texts.slice(0, 1));
  const blocklist = compileBlocklist(
    [
      compileZone({
        id: 'z',
        name: 'z',
        isBlocklist: true,
        isExempt: false,
        content: { type: 'IP', gateways: texts.map((value) => ({ type: 'CIDR', value })), proxies: [] },
      }),
    ],
    [],
  );
  const subject = (address: Address): ZoneSubject => ({
    address,
    claims: () => [],
    knowledge: () => {
      throw new Error('an IP zone asks for no data');
    },
  });
  const [many, single, judged] = [
    nanoseconds((address) => isInRanges(set, address), addresses),
    nanoseconds((address) => isInRanges(one, address), addresses),
    nanoseconds((address) => judgeBlocklist(blocklist, [subject(address)]) !== null, addresses),
  ];
  return (
    `${family}: ${RANGES} ranges against one ${(many / single).toFixed(1)} (${many.toFixed(0)} ns and ${single.toFixed(0)} ns); ` +
    `a request judged against a blocklist of them ${judged.toFixed(0)} ns`
  );
};

/** What it costs to find an address among the ranges of a zone. */
export const benchZoneLookup = async (): Promise<BenchReport> => ({
  title: 'Network zones',
  lines: [line('IPv4'), line('IPv6')],
});
