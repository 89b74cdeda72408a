/** Child of the benchmark: nanoseconds of one check without HTTP, and bytes a session, for `count` live sessions. */
import { fastIpv4 } from '../packages/server/src/http/fast-ipv4.ts';
import { CHECK, codeOf } from '../packages/server/src/sessions/check-result.ts';
import { readSessionCookie } from '../packages/server/src/sessions/read-session-cookie.ts';
import { tokenHash } from '../packages/server/src/sessions/token-hash.ts';
import { benchAddress, benchTable, benchToken, median } from './bench-sessions.ts';

const count = Number(process.argv[2]);
const ROUNDS = 7;
const PER_ROUND = 200_000;
const now = Date.now();

const heap = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
benchTable(1000, now); // compiles the code before the heap is read
const before = heap();
const table = benchTable(count, now);
const bytesPerSession = (heap() - before) / count;

// Random sessions of all, each a header as it comes off the wire; drawn up before the clock starts.
const headers: string[] = [];
const addresses: string[] = [];
let seed = 1;
for (let i = 0; i < PER_ROUND; i++) {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  const session = seed % count;
  headers.push(`theme=dark; __Host-sid=${benchToken(session)}; lang=en`);
  addresses.push(benchAddress(session));
}
const rounds: number[] = [];
for (let round = 0; round < ROUNDS + 1; round++) {
  let held = 0;
  const start = process.hrtime.bigint();
  for (let i = 0; i < PER_ROUND; i++) {
    const token = readSessionCookie(headers[i] as string, '__Host-sid') as string;
    const result = table.check(tokenHash(token), fastIpv4(addresses[i] as string), Date.now(), false, true);
    if (codeOf(result) === CHECK.HOLD) held++;
  }
  if (round > 0) rounds.push(Number(process.hrtime.bigint() - start) / PER_ROUND);
  if (held !== PER_ROUND) throw new Error(`${PER_ROUND - held} checks did not hold`);
}
process.send?.({ nanoseconds: median(rounds), bytesPerSession });
process.disconnect?.();
