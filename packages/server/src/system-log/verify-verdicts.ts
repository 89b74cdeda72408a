import type { Services } from '../services.ts';
import { commitmentIn, faultOfVerdict, type StoredVerdict } from './keep-verdict.ts';

export interface VerdictReport {
  /** Judged again, and compared with what the log says. */
  readonly checked: number;
  /** Of these, from before the chain held verdicts to their facts: whoever changed both is not found. */
  readonly withoutCommitment: number;
  readonly bad: readonly { readonly uuid: string; readonly what: string }[];
}

const PAGE = 500;
const BAD_MAX = 100;

const storedIn = (row: { readonly [K in keyof StoredVerdict]: StoredVerdict[K] | null }): StoredVerdict | null => {
  const { judgement, input, verdict, salt } = row;
  return judgement === null || input === null || verdict === null ? null : { judgement, input, verdict, salt };
};

/**
 * `log verify --verdicts`: every judgement that the log tells of is made again from the facts that were kept with it, and
 * must come out as it did (design §2). The facts themselves are held by the chain: their event commits to them.
 */
export const verifyVerdicts = async (s: Services): Promise<VerdictReport> => {
  const bad: { uuid: string; what: string }[] = [];
  let checked = 0;
  let withoutCommitment = 0;
  /** The nodes that have begun to commit: a verdict without a commitment can only be older than that. */
  const committing = new Set<string>();
  let after = { node: '', seq: 0 };
  for (;;) {
    const rows = await s.store.read
      .selectFrom('events')
      .leftJoin('verdicts', 'verdicts.eventUuid', 'events.uuid')
      .select(['events.node', 'events.seq', 'events.uuid', 'events.body'])
      .select(['verdicts.judgement', 'verdicts.input', 'verdicts.verdict', 'verdicts.salt'])
      .where((e) => e(e.refTuple('events.node', 'events.seq'), '>', e.tuple(after.node, after.seq)))
      .orderBy('events.node')
      .orderBy('events.seq')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      const commitment = commitmentIn(row.body);
      const stored = storedIn(row);
      if (stored === null && commitment === undefined) continue;
      checked += 1;
      if (commitment === undefined) withoutCommitment += 1;
      else committing.add(row.node);
      const isAdded = commitment === undefined && committing.has(row.node);
      const what = isAdded ? 'its event tells of no judgement' : faultOfVerdict(stored, commitment);
      if (what !== null && bad.length < BAD_MAX) bad.push({ uuid: row.uuid, what });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return { checked, withoutCommitment, bad };
    after = { node: last.node, seq: last.seq };
  }
};
