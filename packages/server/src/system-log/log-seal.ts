import { toIso } from '@sallyport/model/instant';
import type { Services } from '../services.ts';
import { deliveredSeq, isSigned } from './verify-log.ts';

/**
 * `GET /sallyport/v1/logs/seal`: for each node, the newest signed checkpoint, whether its signature is good and the
 * chain has there what it says. Cheap enough for a badge; the whole way is `GET …/logs/verify`.
 */
export const logSeal = async (s: Services) => {
  const heads = await s.store.read.selectFrom('chainHeads').select(['node', 'seq']).orderBy('node').execute();
  const nodes = await Promise.all(
    heads.map(async ({ node, seq }) => {
      const checkpoint = await s.store.read
        .selectFrom('checkpoints')
        .selectAll()
        .where('node', '=', node)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (checkpoint === undefined) return { node, events: seq, isGood: true, checkpoint: null, hasLeftHost: false };
      const event = await s.store.read
        .selectFrom('events')
        .select('hash')
        .where('node', '=', node)
        .where('seq', '=', checkpoint.seq)
        .executeTakeFirst();
      return {
        node,
        events: seq,
        isGood: event?.hash === checkpoint.hash && (await isSigned(s, checkpoint)),
        hasLeftHost: (await deliveredSeq(s, node)) >= checkpoint.seq,
        checkpoint: {
          seq: checkpoint.seq,
          hash: checkpoint.hash,
          createdAt: toIso(checkpoint.createdAt),
          keyId: checkpoint.keyId,
          signature: checkpoint.signature,
        },
      };
    }),
  );
  const times = nodes.flatMap(({ checkpoint }) => (checkpoint === null ? [] : [checkpoint.createdAt]));
  return {
    ok: nodes.every(({ isGood }) => isGood),
    /** Up to here every node has signed; null while one has signed nothing. */
    sealedTo: times.length < nodes.length || times.length === 0 ? null : (times.toSorted()[0] ?? null),
    nodes,
  };
};
