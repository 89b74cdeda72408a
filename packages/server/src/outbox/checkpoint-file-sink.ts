import { appendFile } from 'node:fs/promises';
import type { Sink } from './sink.ts';

export const CHECKPOINT_FILE_SINK = 'checkpoint-file';

/** Appends signed checkpoints to a file on another host or on write-once storage, one JSON line each. */
export const createCheckpointFileSink = (file: string): Sink => ({
  name: CHECKPOINT_FILE_SINK,
  deliver: (payload) => appendFile(file, `${JSON.stringify(payload)}\n`, { flush: true }),
});
