import { compileRanges, isInRanges, type RangeSet } from '../address/address-range.ts';
import { type CompiledZone, matchZone, type ZoneSubject } from './match-zone.ts';

/** The blocklists of the organisation, made ready: one look-up tells most addresses that none of them is meant. */
export interface Blocklist {
  readonly isEmpty: boolean;
  readonly zones: readonly CompiledZone[];
  /** What is never blocked: the exempt zone, and the networks of break-glass accounts. */
  readonly spared: readonly RangeSet[];
}

const isNothing = ({ content }: CompiledZone): boolean =>
  content.kind === 'ip' && content.gateways.v4.length + content.gateways.v6.length === 0;

const NOTHING = compileRanges([]);

/** The blocklist of these zones; `breakGlass`: the networks of break-glass accounts, which no list shuts out. */
export const compileBlocklist = (zones: readonly CompiledZone[], breakGlass: readonly string[]): Blocklist => {
  const blocking = zones.filter((zone) => zone.isBlocklist && !isNothing(zone));
  return {
    isEmpty: blocking.length === 0,
    zones: blocking,
    spared: [
      compileRanges(breakGlass),
      ...zones.flatMap(({ isExempt, content }) =>
        isExempt ? [content.kind === 'ip' ? content.gateways : NOTHING] : [],
      ),
    ],
  };
};

/**
 * The zone that blocks a request, or null. It passes only if every hop that a blocklist names is spared, too. A
 * blocklist of which it is unknown whether it names a hop does not block: without a list of VPNs, everybody would be out.
 */
export const judgeBlocklist = (blocklist: Blocklist, hops: readonly ZoneSubject[]): CompiledZone | null => {
  if (blocklist.isEmpty) return null;
  for (const hop of hops) {
    const zone = blocklist.zones.find((one) => matchZone(one, hop).answer === 'in');
    if (zone !== undefined && !blocklist.spared.some((ranges) => isInRanges(ranges, hop.address))) return zone;
  }
  return null;
};
