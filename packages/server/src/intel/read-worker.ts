import { parentPort, workerData } from 'node:worker_threads';
import { type DropInData, readDropIn } from './drop-in-table.ts';
import type { ReadAnswer, ReadRequest } from './read-elsewhere.ts';
import { type FeedData, feedOf, readFeed } from './read-feed.ts';

const buffersOf = (data: FeedData | DropInData): ArrayBuffer[] => {
  const arrays =
    'kind' in data
      ? data.kind === 'mmdb'
        ? [data.bytes]
        : [data.ranges.v4, data.ranges.v6, data.asns]
      : [data.v4, data.v6]
          .flatMap(({ from, to, asn, name }) => [from, to, asn, name])
          .concat([data.names, data.nameEnds]);
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
};

const { kind, file } = workerData as ReadRequest;
const answer = (): ReadAnswer => {
  try {
    if (kind === 'table') return { data: readDropIn(file) };
    const data = readFeed(file);
    feedOf(data);
    return { data };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};
const read = answer();
parentPort?.postMessage(read, 'data' in read ? buffersOf(read.data) : []);
