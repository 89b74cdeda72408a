import { Worker } from 'node:worker_threads';
import type { DropInData } from './drop-in-table.ts';
import type { FeedData } from './read-feed.ts';

/** What is asked of the thread. */
export interface ReadRequest {
  readonly kind: 'feed' | 'table';
  readonly file: string;
}
export type ReadAnswer = { readonly data: FeedData | DropInData } | { readonly problem: string };

/** A file of 64 MiB becomes a million objects on the way to arrays. */
const HEAP_MEGABYTES_MAX = 2048;

/**
 * Reads a file in a thread of its own: a session check waits for nothing of it, and what comes back are arrays that change
 * hands uncopied. Rejects with what is wrong with the file.
 */
const readElsewhere = (request: ReadRequest): Promise<FeedData | DropInData> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
      workerData: request,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX },
    });
    worker.once('message', (answer: ReadAnswer) => {
      if ('data' in answer) resolve(answer.data);
      else reject(new Error(answer.problem));
    });
    worker.once('error', (error) => reject(error instanceof Error ? error : new Error(String(error))));
    // After an answer it says nothing new.
    worker.once('exit', () => reject(new Error('the thread that read it ended before it was read')));
  });

export const readFeedElsewhere = (file: string) => readElsewhere({ kind: 'feed', file }) as Promise<FeedData>;
export const readTableElsewhere = (file: string) => readElsewhere({ kind: 'table', file }) as Promise<DropInData>;
