import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobContext } from '../packages/server/src/setup/announce-setup.ts';
import { openSqlite } from '../packages/server/src/store/sqlite/open-sqlite.ts';
import { appendEvents } from '../packages/server/src/system-log/append-events.ts';
import { buildEvent } from '../packages/server/src/system-log/build-event.ts';
import type { BenchReport } from './session-check.ts';

const WRITERS = 8;
const EVENTS_PER_WRITER = 300;
const ACTOR = { id: 'bench', type: 'SystemPrincipal', alternateId: 'bench', displayName: 'Bench', detailEntry: null };

/**
 * Events per fsync with eight writers that each wait for their own event to be durable. The store's own count of
 * transactions and physical commits is the measure; no timer holds a commit back.
 */
export const benchEventWrites = async (): Promise<BenchReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  const store = await openSqlite(join(folder, 'bench.db'));
  try {
    let serial = 0;
    const write = () =>
      store.transaction((tx) => {
        const uuid = `bench-${serial++}`;
        const build = (at: number) =>
          buildEvent({ eventType: 'group.lifecycle.create' }, jobContext(uuid), ACTOR, 'null', at, uuid);
        return appendEvents(tx, 'n1', 0, () => 'salt', [build]);
      });
    for (let i = 0; i < 50; i++) await write();
    const before = store.counters();
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        for (let i = 0; i < EVENTS_PER_WRITER; i++) await write();
      }),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const after = store.counters();
    const events = after.transactions - before.transactions;
    const perCommit = events / (after.commits - before.commits);
    return {
      title: 'Event writes',
      lines: [
        `events per fsync ${perCommit.toFixed(1)} (${WRITERS} writers that wait, ${events} events, ${after.commits - before.commits} commits, no timer)`,
        `${Math.round(events / seconds)} durable events a second, written by a thread of its own`,
      ],
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
};
