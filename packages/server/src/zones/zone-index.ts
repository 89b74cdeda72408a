import { isInRanges } from '@sallyport/decide/address/address-range';
import { type Blocklist, compileBlocklist, judgeBlocklist } from '@sallyport/decide/zones/judge-blocklist';
import { type CompiledZone, compileZone, matchZone, type ZoneMatch } from '@sallyport/decide/zones/match-zone';
import type { Address, ClientAddress } from '@sallyport/model/network';
import { sparedNetworks } from '../break-glass/store.ts';
import type { NetworkIntel } from '../ports/network-intel.ts';
import type { Store, Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { contentOf } from './zone-content.ts';
import { clientSubject, hopSubjects } from './zone-subject.ts';

/** What a zone says of a client. */
export interface JudgedZone {
  readonly zone: CompiledZone;
  readonly match: ZoneMatch;
}

/** The active zones, compiled; in memory for the hot path. */
export interface ZoneIndex {
  reload(): Promise<void>;
  /** Every active zone, and whether the client is in it. Empty for an unknown client. */
  judge(client: ClientAddress): readonly JudgedZone[];
  /** The zones that the client is in, and those of which it is not known. */
  idsOf(client: ClientAddress): { readonly in: readonly string[]; readonly unknown: readonly string[] };
  /** The name of the first zone that the client is in. */
  nameOf(client: ClientAddress): string | null;
  /** Is the current address a gateway of the exempt zone? An empty zone exempts nobody. */
  isExempt(address: Address): boolean;
  /** The zone that blocks a request, or null: `judgeBlocklist` over every hop that was read. */
  blockingZone(client: ClientAddress): { readonly id: string; readonly name: string } | null;
  /** Is there anything that could be blocked? Without it the hot path need not walk the chain. */
  hasBlocklist(): boolean;
  /** Is the client in that zone? Of a zone that is not there, or of an unknown client, it is unknown. */
  answerOf(zoneId: string, client: ClientAddress): ZoneMatch['answer'];
}

export const compiledZone = (row: Row<'zones'>): CompiledZone =>
  compileZone({
    id: row.id,
    name: row.name,
    isBlocklist: row.usage === 'BLOCKLIST',
    isExempt: row.isExempt === 1,
    content: contentOf(row),
  });

/** The blocklist as it would be with a zone as it is about to be saved. */
export const blocklistWith = async (tx: Transaction, changed: Row<'zones'>): Promise<Blocklist> => {
  const others = await tx.selectFrom('zones').selectAll().where('id', '!=', changed.id).execute();
  return compileBlocklist(
    [...others, changed].filter(({ status }) => status === 'ACTIVE').map(compiledZone),
    await sparedNetworks(tx),
  );
};

export const createZoneIndex = (store: Store, intel: NetworkIntel): ZoneIndex => {
  let zones: readonly CompiledZone[] = [];
  let blocklist = compileBlocklist([], []);
  let asked = 0;
  let answered = 0;
  const judge = (client: ClientAddress): readonly JudgedZone[] => {
    const subject = clientSubject(intel, client);
    return subject === null ? [] : zones.map((zone) => ({ zone, match: matchZone(zone, subject) }));
  };
  return {
    async reload() {
      const turn = ++asked;
      const [rows, spared] = await Promise.all([
        store.read.selectFrom('zones').selectAll().where('status', '=', 'ACTIVE').execute(),
        sparedNetworks(store.read),
      ]);
      // An answer that was overtaken is older than what stands here.
      if (turn < answered) return;
      answered = turn;
      zones = rows.map(compiledZone);
      blocklist = compileBlocklist(zones, spared);
    },
    judge,
    idsOf(client) {
      const judged = judge(client);
      const ids = (wanted: ZoneMatch['answer']): string[] =>
        judged.filter(({ match }) => match.answer === wanted).map(({ zone }) => zone.id);
      return { in: ids('in'), unknown: ids('unknown') };
    },
    nameOf(client) {
      const subject = clientSubject(intel, client);
      if (subject === null) return null;
      return zones.find((zone) => matchZone(zone, subject).answer === 'in')?.name ?? null;
    },
    isExempt: (address) =>
      zones.some(({ isExempt, content }) => isExempt && content.kind === 'ip' && isInRanges(content.gateways, address)),
    blockingZone: (client) => judgeBlocklist(blocklist, hopSubjects(intel, client)),
    hasBlocklist: () => !blocklist.isEmpty,
    answerOf(zoneId, client) {
      const subject = clientSubject(intel, client);
      const zone = zones.find(({ id }) => id === zoneId);
      return subject === null || zone === undefined ? 'unknown' : matchZone(zone, subject).answer;
    },
  };
};
