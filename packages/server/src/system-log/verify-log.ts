import { createPublicKey, verify } from 'node:crypto';
import type { LogEvent } from '@sallyport/model/log-event';
import { CHECKPOINT_FILE_SINK } from '../outbox/checkpoint-file-sink.ts';
import { type ProofReport, verifyProofs } from '../protected-actions/verify-proofs.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { chainHash, GENESIS } from './chain-hash.ts';
import { type Checkpoint, checkpointBytes } from './checkpoint.ts';
import { brokenCommitment, type Commitments, withCommitments } from './commit-personal.ts';
import { type VerdictReport, verifyVerdicts } from './verify-verdicts.ts';

export interface NodeReport {
  readonly node: string;
  readonly events: number;
  readonly firstBad: { readonly seq: number; readonly what: string } | null;
  readonly lastCheckpointSeq: number | null;
  /** The events that no checkpoint outside of this host covers yet. */
  readonly uncoveredFrom: number | null;
  readonly uncoveredTo: number | null;
}
export interface LogReport {
  readonly ok: boolean;
  readonly nodes: readonly NodeReport[];
  /** Where it was asked for: the signatures of protected actions. */
  readonly proofs?: ProofReport;
  /** Where it was asked for: the judgements, made again. */
  readonly verdicts?: VerdictReport;
}
type Bad = { readonly seq: number; readonly what: string };
export type SignedCheckpoint = Checkpoint & {
  readonly keyId: string;
  readonly signature: string;
  readonly publicKey?: string | null;
};

const PAGE = 500;

/** Columns are copies for queries; an edited copy would hide an event from a filter. */
const differingColumn = (row: Row<'events'>, event: LogEvent): string | null => {
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    uuid: [row.uuid, event.uuid],
    published: [row.publishedAt, Date.parse(event.published)],
    eventType: [row.eventType, event.eventType],
    severity: [row.severity, event.severity],
    actor: [row.actorId, event.actor.id],
    outcome: [row.outcomeResult, event.outcome.result],
    session: [row.externalSessionId, event.authenticationContext.externalSessionId],
    transaction: [row.transactionId, event.transaction.id],
    address: [row.clientIp, event.client.ipAddress],
  };
  return Object.entries(pairs).find(([, [column, field]]) => column !== field)?.[0] ?? null;
};

/** What is wrong with an event of a chain, given the hash it has to follow; null when it holds. */
export const faultOf = (row: Row<'events'>, expectedSeq: number, previousHash: string): string | null => {
  if (row.seq !== expectedSeq) return `event ${expectedSeq} is missing`;
  if (row.previousHash !== previousHash) return 'it does not follow the event before it';
  try {
    const event = JSON.parse(row.body) as LogEvent;
    const commitments = JSON.parse(row.personal) as Commitments;
    if (chainHash(previousHash, row.node, row.seq, withCommitments(event, commitments)) !== row.hash)
      return 'its content was changed';
    const broken = brokenCommitment(event, commitments);
    if (broken !== null) return `its personal field ${broken} was changed`;
    const column = differingColumn(row, event);
    return column === null ? null : `its column ${column} was changed`;
  } catch {
    return 'it cannot be read';
  }
};

const walkChain = async (
  s: Services,
  node: string,
  hashes: Map<number, string | null>,
): Promise<{ events: number; bad: Bad | null }> => {
  let seq = 0;
  let hash = GENESIS;
  for (;;) {
    const rows = await s.store.read
      .selectFrom('events')
      .selectAll()
      .where('node', '=', node)
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      const what = faultOf(row, seq + 1, hash);
      if (what !== null) return { events: seq, bad: { seq: seq + 1, what } };
      seq = row.seq;
      hash = row.hash;
      if (hashes.has(seq)) hashes.set(seq, hash);
    }
    if (rows.length < PAGE) break;
  }
  const head = await s.store.read.selectFrom('chainHeads').selectAll().where('node', '=', node).executeTakeFirst();
  if (head !== undefined && (head.seq > seq || (head.seq === seq && head.hash !== hash)))
    return { events: seq, bad: { seq: seq + 1, what: `the log ends at ${seq}, but ${head.seq} events were written` } };
  return { events: seq, bad: null };
};

/** Is the checkpoint signed by a key of this server's log, or by the key it names itself? */
export const isSigned = async (s: Services, checkpoint: SignedCheckpoint): Promise<boolean> => {
  if (checkpoint.publicKey == null)
    return s.keys.verify(checkpoint.keyId, checkpointBytes(checkpoint), checkpoint.signature);
  try {
    return verify(
      null,
      checkpointBytes(checkpoint),
      createPublicKey(checkpoint.publicKey),
      Buffer.from(checkpoint.signature, 'base64url'),
    );
  } catch {
    return false;
  }
};

const parseLines = (text: string): SignedCheckpoint[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as SignedCheckpoint);

/** How far checkpoints have left the host. */
export const deliveredSeq = async (s: Services, node: string): Promise<number> => {
  const rows = await s.store.read
    .selectFrom('outbox')
    .select('payload')
    .where('sink', '=', CHECKPOINT_FILE_SINK)
    .where('deliveredAt', 'is not', null)
    .orderBy('createdAt', 'desc')
    .limit(PAGE)
    .execute();
  return Math.max(
    0,
    ...rows
      .map((row) => JSON.parse(row.payload) as Checkpoint)
      .filter((checkpoint) => checkpoint.node === node)
      .map((checkpoint) => checkpoint.seq),
  );
};

const verifyNode = async (
  s: Services,
  node: string,
  outside: readonly SignedCheckpoint[] | null,
): Promise<NodeReport> => {
  const inside = await s.store.read
    .selectFrom('checkpoints')
    .selectAll()
    .where('node', '=', node)
    .orderBy('seq')
    .execute();
  const mine = (outside ?? []).filter((checkpoint) => checkpoint.node === node);
  const all: readonly SignedCheckpoint[] = [...inside, ...mine];
  const hashes = new Map<number, string | null>(all.map((checkpoint) => [checkpoint.seq, null]));
  const { events, bad } = await walkChain(s, node, hashes);
  let firstBad = bad;
  for (const checkpoint of all.toSorted((a, b) => a.seq - b.seq)) {
    if (firstBad !== null && firstBad.seq <= checkpoint.seq) break;
    if (!(await isSigned(s, checkpoint)))
      firstBad = { seq: checkpoint.seq, what: 'a checkpoint has a wrong signature' };
    else if (hashes.get(checkpoint.seq) !== checkpoint.hash)
      firstBad = {
        seq: checkpoint.seq,
        what: 'it is not what the signed checkpoint says: the chain was written anew or cut off',
      };
  }
  const covered =
    outside === null ? await deliveredSeq(s, node) : Math.max(0, ...mine.map((checkpoint) => checkpoint.seq));
  return {
    node,
    events,
    firstBad,
    lastCheckpointSeq: inside.at(-1)?.seq ?? null,
    uncoveredFrom: covered < events ? covered + 1 : null,
    uncoveredTo: covered < events ? events : null,
  };
};

/**
 * Walks each node's chain from its first event: hashes, personal commitments, columns, and the signed checkpoints, those
 * of the store and, when given, those that were kept outside (JSON lines). An insider who rewrites the whole chain is
 * found only by the latter; the report tells which events they do not cover yet. `proofs` also checks each protected
 * action against the key that signed it, and `verdicts` each judgement against its facts.
 */
export const verifyLog = async (
  s: Services,
  {
    checkpoints,
    proofs = false,
    verdicts = false,
  }: { readonly checkpoints?: string | undefined; readonly proofs?: boolean; readonly verdicts?: boolean } = {},
): Promise<LogReport> => {
  const outside = checkpoints === undefined ? null : parseLines(checkpoints);
  const [heads, nodes] = await Promise.all([
    s.store.read.selectFrom('chainHeads').select('node').execute(),
    s.store.read.selectFrom('events').select('node').distinct().execute(),
  ]);
  const names = [...new Set([...heads, ...nodes, ...(outside ?? [])].map((row) => row.node))].sort();
  const reports: NodeReport[] = [];
  for (const node of names) reports.push(await verifyNode(s, node, outside));
  const holds = reports.every((report) => report.firstBad === null);
  const proofReport = proofs ? await verifyProofs(s) : null;
  const verdictReport = verdicts ? await verifyVerdicts(s) : null;
  return {
    ok: holds && [proofReport, verdictReport].every((report) => report === null || report.bad.length === 0),
    nodes: reports,
    ...(proofReport !== null && { proofs: proofReport }),
    ...(verdictReport !== null && { verdicts: verdictReport }),
  };
};
