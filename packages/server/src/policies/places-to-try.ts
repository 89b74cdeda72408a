import { parseAddress } from '@sallyport/decide/address/parse-address';
import { rangeEdges } from '@sallyport/decide/address/range-edges';
import { compileBlocklist, judgeBlocklist } from '@sallyport/decide/zones/judge-blocklist';
import { matchZone } from '@sallyport/decide/zones/match-zone';
import type { Fact, Facts } from '@sallyport/model/facts';
import type { Address } from '@sallyport/model/network';
import { ALL_ZONES, type Policy } from '@sallyport/model/policy';
import { sparedNetworks } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { compiledZone } from '../zones/zone-index.ts';
import { clientSubject, knownClient } from '../zones/zone-subject.ts';

/** As many of the addresses from which they signed in last are tried first: nearly always, one is enough. */
const RECENT_MAX = 20;
/** In no list, and before all that could be in one. */
const USUAL = ['192.0.2.1', '2001:db8::1', '127.0.0.1', '0.0.0.1', '::2'];

/** What was found is kept for whoever asks next: each place is looked at once. */
const remembering = <T>(source: Iterator<T>): Iterable<T> => {
  const found: T[] = [];
  return {
    *[Symbol.iterator]() {
      for (let i = 0; ; i += 1) {
        if (i === found.length) {
          const next = source.next();
          if (next.done === true) return;
          found.push(next.value);
        }
        yield found[i] as T;
      }
    },
  };
};

/**
 * Places from which a request would not be refused before it is judged, each with the zones it is in: one address of every
 * combination of IP zones that rules or blocklists name, real addresses of the networks, countries and regions that dynamic ones
 * name, and where these people came from last.
 */
export const placesToTry = async (
  s: Services,
  db: Transaction,
  policies: readonly Policy[],
  userIds: readonly string[],
  now: number,
): Promise<Iterable<Facts>> => {
  const fact = <T>(value: T): Fact<T> => ({ value, source: 'what if', observedAt: now, expiresAt: null });
  const rows = await db.selectFrom('zones').selectAll().where('status', '=', 'ACTIVE').orderBy('id').execute();
  const zones = rows.map(compiledZone);
  const blocklist = compileBlocklist(zones, await sparedNetworks(db));
  const named = new Set(
    policies.flatMap(({ rules }) =>
      rules.flatMap(({ conditions }) => [...(conditions.zones?.include ?? []), ...(conditions.zones?.exclude ?? [])]),
    ),
  );
  const asked = zones.filter(({ id }) => named.has(ALL_ZONES) || named.has(id));
  const relevant = [...new Set([...asked, ...zones.filter((zone) => zone.isBlocklist || zone.isExempt)])];
  const recent = await db
    .selectFrom('sessions')
    .select('signInAddress')
    .where('userId', 'in', userIds)
    .where('signInAddress', 'is not', null)
    .groupBy('signInAddress')
    .orderBy((e) => e.fn.max('createdAt'), 'desc')
    .limit(RECENT_MAX)
    .execute();
  const addresses = function* (): Generator<Address> {
    for (const text of [...recent.map(({ signInAddress }) => signInAddress ?? ''), ...USUAL]) {
      const address = parseAddress(text);
      if (address !== null) yield address;
    }
    for (const { content } of relevant) if (content.kind === 'ip') yield* rangeEdges(content.gateways);
    const dynamic = relevant.flatMap(({ content }) => (content.kind === 'dynamic' ? [content] : []));
    if (dynamic.length > 0)
      yield* s.intel.examplesOf({
        asns: dynamic.flatMap(({ asns }) => asns.include),
        places: dynamic.flatMap(({ locations }) => locations.include.map(({ country, region }) => region ?? country)),
      });
  };
  const places = function* (): Generator<Facts> {
    const seen = new Set<string>();
    for (const address of addresses()) {
      const subject = clientSubject(s.intel, knownClient(address));
      if (subject === null || judgeBlocklist(blocklist, [subject]) !== null) continue;
      const answers = asked.map((zone) => matchZone(zone, subject).answer);
      const signature = answers.join();
      if (seen.has(signature)) continue;
      seen.add(signature);
      const idsOf = (wanted: string): string[] => asked.flatMap(({ id }, i) => (answers[i] === wanted ? [id] : []));
      yield { address: fact(address.text), zoneIds: fact(idsOf('in')), unknownZoneIds: fact(idsOf('unknown')) };
    }
  };
  return remembering(places());
};
