import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { GENESIS } from './chain-hash.ts';
import { deliveredSeq, faultOf, isSigned } from './verify-log.ts';

interface Step {
  readonly what: string;
  readonly isGood: boolean;
  readonly sentence: string;
}
const WALK_MAX = 5_000;
const PAGE = 500;

const eventAt = (s: Services, node: string, seq: number) =>
  s.store.read.selectFrom('events').selectAll().where('node', '=', node).where('seq', '=', seq).executeTakeFirst();

/** The chain from one event on up to another; the fault that was found, or the hash at the end. */
const walk = async (
  s: Services,
  from: Row<'events'>,
  toSeq: number,
): Promise<{ readonly hash: string } | { readonly fault: string }> => {
  let { seq, hash } = from;
  while (seq < toSeq) {
    const rows = await s.store.read
      .selectFrom('events')
      .selectAll()
      .where('node', '=', from.node)
      .where('seq', '>', seq)
      .where('seq', '<=', toSeq)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    if (rows.length === 0) return { fault: `event ${seq + 1} is missing` };
    for (const row of rows) {
      const fault = faultOf(row, seq + 1, hash);
      if (fault !== null) return { fault: `event ${seq + 1}: ${fault}` };
      ({ seq, hash } = row);
    }
  }
  return { hash };
};

const checkpointStep = async (
  s: Services,
  row: Row<'events'>,
): Promise<{ readonly step: Step; readonly checkpoint: Row<'checkpoints'> | null }> => {
  const checkpoint = await s.store.read
    .selectFrom('checkpoints')
    .selectAll()
    .where('node', '=', row.node)
    .where('seq', '>=', row.seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  const what = 'checkpoint';
  if (checkpoint === undefined)
    return {
      checkpoint: null,
      step: { what, isGood: true, sentence: 'No checkpoint covers it yet; one is signed every minute.' },
    };
  const bad = (sentence: string) => ({ checkpoint, step: { what, isGood: false, sentence } });
  if (!(await isSigned(s, checkpoint))) return bad('The checkpoint over it has a wrong signature.');
  const between = checkpoint.seq - row.seq;
  if (between > WALK_MAX)
    return {
      checkpoint,
      step: {
        what,
        isGood: true,
        sentence: `A signed checkpoint is ${between} events later; \`sallyport log verify\` walks that far.`,
      },
    };
  const end = await walk(s, row, checkpoint.seq);
  if ('fault' in end) return bad(`The chain does not reach its checkpoint: ${end.fault}.`);
  if (end.hash !== checkpoint.hash)
    return bad('The signed checkpoint over it says something else: the chain was written anew.');
  const delivered = await deliveredSeq(s, row.node);
  const where = delivered >= checkpoint.seq ? 'and has left this host' : 'and is kept on this host only';
  return {
    checkpoint,
    step: {
      what,
      isGood: true,
      sentence: `The checkpoint of ${toIso(checkpoint.createdAt)} covers it, is signed ${where}.`,
    },
  };
};

/**
 * `GET /sallyport/v1/logs/{uuid}/verify`: does this one event stand in its chain as it was written? Its own hash is
 * computed again, both neighbours must name it, and the next signed checkpoint must be reached from it.
 * E0000007 for an event that is not there.
 */
export const verifyEvent = async (s: Services, uuid: string) => {
  const row = await s.store.read.selectFrom('events').selectAll().where('uuid', '=', uuid).executeTakeFirst();
  if (row === undefined) throw notFound(uuid, 'LogEvent');
  const before = row.seq === 1 ? undefined : await eventAt(s, row.node, row.seq - 1);
  const after = await eventAt(s, row.node, row.seq + 1);
  const head = await s.store.read.selectFrom('chainHeads').selectAll().where('node', '=', row.node).executeTakeFirst();
  const fault = faultOf(row, row.seq, row.previousHash);
  const previousHash = row.seq === 1 ? GENESIS : before?.hash;
  const follows = row.previousHash === previousHash;
  const isFollowed =
    after === undefined ? head?.seq === row.seq && head.hash === row.hash : after.previousHash === row.hash;
  const { step, checkpoint } = await checkpointStep(s, row);
  const steps: Step[] = [
    {
      what: 'hash',
      isGood: fault === null,
      sentence:
        fault === null
          ? 'Its hash, computed again from what is stored, is the one in the chain.'
          : `It does not hold: ${fault}.`,
    },
    {
      what: 'before',
      isGood: follows,
      sentence: follows
        ? row.seq === 1
          ? 'It is the first event of its node.'
          : `It follows event ${row.seq - 1} of node ${row.node}.`
        : `It does not follow event ${row.seq - 1} of node ${row.node}.`,
    },
    {
      what: 'after',
      isGood: isFollowed,
      sentence: isFollowed
        ? after === undefined
          ? 'It is the newest event of its node.'
          : `Event ${row.seq + 1} names its hash.`
        : `What comes after it does not name its hash.`,
    },
    step,
  ];
  return {
    uuid,
    node: row.node,
    seq: row.seq,
    hash: row.hash,
    ok: steps.every(({ isGood }) => isGood),
    steps,
    checkpoint:
      checkpoint === null
        ? null
        : {
            seq: checkpoint.seq,
            hash: checkpoint.hash,
            createdAt: toIso(checkpoint.createdAt),
            keyId: checkpoint.keyId,
          },
  };
};
