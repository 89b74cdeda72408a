import { toIso } from '@sallyport/model/instant';
import { CHECKPOINT_FILE_SINK } from '../outbox/checkpoint-file-sink.ts';
import { enqueue } from '../outbox/enqueue.ts';
import type { Services } from '../services.ts';
import { chainHead } from './append-events.ts';

/** What a checkpoint says, and what is signed: the end of a node's chain at an instant. */
export interface Checkpoint {
  readonly node: string;
  readonly seq: number;
  readonly hash: string;
  readonly createdAt: number;
}

/** The signed bytes. */
export const checkpointBytes = ({ node, seq, hash, createdAt }: Checkpoint): Buffer =>
  Buffer.from(`sallyport checkpoint v1\n${node}\n${seq}\n${hash}\n${createdAt}`);

/** Signs the end of this node's chain, when it has grown, and sends it out of the host where a sink is configured. */
export const writeCheckpoint = async (s: Services): Promise<Checkpoint | null> => {
  const head = await chainHead(s.store.read, s.node);
  const last = await s.store.read
    .selectFrom('checkpoints')
    .select('seq')
    .where('node', '=', s.node)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (head.seq === 0 || head.seq <= (last?.seq ?? 0)) return null;
  const checkpoint: Checkpoint = { node: s.node, seq: head.seq, hash: head.hash, createdAt: s.clock.now() };
  const { keyId, signature } = await s.keys.sign('log', checkpointBytes(checkpoint));
  const publicKey = await s.keys.publicKey(keyId);
  await s.store.transaction(async (tx) => {
    await tx
      .insertInto('checkpoints')
      .values({ ...checkpoint, keyId, signature })
      .onConflict((c) => c.doNothing())
      .execute();
    if (s.config.checkpointFile !== null)
      await enqueue(s, tx, CHECKPOINT_FILE_SINK, {
        ...checkpoint,
        createdAtText: toIso(checkpoint.createdAt),
        keyId,
        publicKey,
        signature,
      });
  });
  return checkpoint;
};
