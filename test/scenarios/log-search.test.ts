/** Searching the System Log: counts, values, one event verified, saved queries, exports. Real HTTP, both engines. */
import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type { LogEvent } from '@sallyport/model/log-event';
import { CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { writeCheckpoint } from '../../packages/server/src/system-log/checkpoint.ts';
import { filterOf } from '../../packages/server/src/system-log/log-search.ts';
import { recordEvent } from '../../packages/server/src/system-log/record-event.ts';
import { inOrder, scanEvents } from '../../packages/server/src/system-log/scan-events.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { fillLog } from '../harness/fill-log.ts';
import { Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const EVENTS = 2_500;
const LOGS = '/sallyport/v1/logs';
const enc = encodeURIComponent;
const ROAMING = 'eventType eq "security.session.detect_client_roaming"';

interface Histogram {
  readonly buckets: readonly { readonly at: string; readonly counts: Readonly<Record<string, number>> }[];
  readonly total: number;
  readonly bucketSeconds: number;
  readonly isPartial: boolean;
  readonly logBeginsAt: string;
}
interface Facets {
  readonly facets: readonly { readonly field: string; readonly values: readonly { value: string; count: number }[] }[];
  readonly countedOver: number;
  readonly isPartial: boolean;
}

const nextOf = (reply: Reply): string | null =>
  /<([^>]+)>; rel="next"/.exec([reply.headers['link'] ?? []].flat().join(', '))?.[1] ?? null;

describe.each(ENGINES)('searching the System Log on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let rita: Person;
  let hal: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    await fillLog(server.services, EVENTS);
    ana = await signedInAdmin(server);
    rita = await enrolPerson(server, ana, 'rita@example.org', 'REPORT_ADMIN', ana.address);
    hal = await enrolPerson(server, ana, 'hal@example.org', 'HELP_DESK_ADMIN', ana.address);
  });
  afterAll(() => server.stop());

  it('reads a chain in the order of the log by an index, and sorts nothing', async () => {
    const { store, clock } = server.services;
    const { node } = await store.read.selectFrom('chainHeads').select('node').executeTakeFirstOrThrow();
    for (const [filter, index] of [
      [null, 'ix_events_order'],
      [ROAMING, 'ix_events_event_type_folded'],
      ['target.displayName ew "nobody"', 'ix_events_order'],
    ] as const) {
      const plans: string[] = [];
      await scanEvents(server.services, {
        search: { since: 0, until: clock.now(), filter: filterOf(filter ?? undefined), words: [] },
        isDescending: false,
        node,
        budgetMs: 1000,
        isLimited: true,
        visit: async (slice) => {
          const asked = inOrder(slice, false).select(['body']).limit(1000);
          plans.push(
            await store.transaction(async (tx) => {
              // A log this small is read as it comes, but for these.
              if (engine === 'postgres')
                for (const way of ['seqscan', 'bitmapscan', 'sort'])
                  await sql`set local ${sql.raw(`enable_${way}`)} = off`.execute(tx);
              const explain = engine === 'postgres' ? 'explain' : 'explain query plan';
              const { sql: text, parameters } = asked.compile();
              const plan = await tx.executeQuery(CompiledQuery.raw(`${explain} ${text}`, [...parameters]));
              return JSON.stringify(plan.rows);
            }),
          );
          return true;
        },
      });
      expect(plans.join('; '), String(filter)).toContain(index);
      if (engine === 'sqlite') expect(plans.join('; '), String(filter)).not.toContain('TEMP B-TREE');
    }
  });

  const events = async (since: string, query: string): Promise<number> => {
    let next: string | null = `/api/v1/logs?limit=1000&since=${since}&until=${now()}&${query}`;
    let count = 0;
    while (next !== null) {
      const page: Reply = await ana.get(next);
      expect(page.status, page.text).toBe(200);
      count += (page.body as unknown[]).length;
      next = nextOf(page);
    }
    return count;
  };
  const now = (): string => new Date(server.clock.now() + 1).toISOString();
  const daysAgo = (days: number): string => new Date(server.clock.now() - days * 86_400_000).toISOString();
  const write = (message: string, debugData: Record<string, string> = {}): Promise<string> =>
    server.services.store.transaction((tx) =>
      recordEvent(server.services, tx, hostPrincipal(server.services.random), {
        eventType: 'group.lifecycle.create',
        displayMessage: message,
        debugData,
      }),
    );

  describe('the histogram', () => {
    const ask = async (query: string): Promise<Histogram> => {
      const reply = await ana.get(`${LOGS}/histogram?${query}`);
      expect(reply.status, reply.text).toBe(200);
      return reply.body as unknown as Histogram;
    };
    const sum = ({ buckets }: Histogram): number =>
      buckets.flatMap(({ counts }) => Object.values(counts)).reduce((a, b) => a + b, 0);

    it.each([
      ['everything', ''],
      ['a filter', `filter=${enc('outcome.result eq "FAILURE"')}`],
      ['a filter with an index', `filter=${enc(ROAMING)}`],
      ['words', 'q=person7%40example.org'],
      ['words and a filter', `q=person7%40example.org&filter=${enc('eventType sw "user."')}`],
    ])('counts what the list shows: %s', async (_, query) => {
      const found = await ask(`since=${daysAgo(8)}&until=${now()}&${query}`);
      expect(found.isPartial).toBe(false);
      expect(sum(found)).toBe(found.total);
      expect(found.total).toBe(await events(daysAgo(8), query));
      expect(found.total).toBeGreaterThan(0);
    });

    it('puts an event into the bar of its time, and stacks by outcome', async () => {
      const since = new Date(server.clock.now() - 3_600_000).toISOString();
      const found = await ask(`since=${since}&until=${now()}&buckets=60&q=rita%40example.org`);
      const [last] = found.buckets.toReversed().filter(({ counts }) => Object.keys(counts).length > 0);
      const startsAt = Date.parse(last?.at ?? '');
      expect(startsAt).toBeLessThanOrEqual(server.clock.now());
      expect(startsAt + found.bucketSeconds * 1000).toBeGreaterThan(server.clock.now());
      expect(Object.keys(last?.counts ?? {})).toContain('SUCCESS');
    });

    it('says where the log begins, for a range that begins before it', async () => {
      const found = await ask(`since=2020-01-01&until=${now()}`);
      expect(Date.parse(found.logBeginsAt)).toBeGreaterThan(Date.parse('2026-11-01'));
      expect(sum(found)).toBe(found.total);
    });
  });

  it('facets count the values of what is found, and say over how many', async () => {
    const reply = await ana.get(`${LOGS}/facets?filter=${enc('outcome.result eq "FAILURE"')}`);
    const { facets, countedOver, isPartial } = reply.body as unknown as Facets;
    expect(isPartial).toBe(false);
    expect(countedOver).toBe(await events(daysAgo(7), `filter=${enc('outcome.result eq "FAILURE"')}`));
    expect(facets.find(({ field }) => field === 'outcome.result')?.values).toEqual([
      { value: 'FAILURE', count: countedOver },
    ]);
    const whole = (await ana.get(`${LOGS}/facets`)).body as unknown as Facets;
    expect(whole).toMatchObject({ countedOver: 1000, isPartial: true });
  });

  it('suggests fields, event types with their sentence, and values of recent events', async () => {
    const ask = async (query: string) =>
      (
        (await ana.get(`${LOGS}/suggest?${query}`)).body as unknown as {
          suggestions: { value: string; label: string }[];
        }
      ).suggestions;
    expect((await ask('prefix=outc'))[0]).toMatchObject({ value: 'outcome.result' });
    expect(await ask('field=eventType&prefix=roaming')).toContainEqual({
      value: 'security.session.detect_client_roaming',
      label: 'Session roaming detected for user',
    });
    expect((await ask('field=securityContext.asOrg&prefix=example')).length).toBeGreaterThan(0);
    // A name finds the id.
    const [byName] = await ask('field=actor.id&prefix=rita%40');
    expect(byName).toMatchObject({ value: expect.stringMatching(/^00u/), label: 'rita@example.org' });
    expect((await ana.get(`${LOGS}/suggest?field=nonsense`)).status).toBe(400);
  });

  it('marks the place of a fault in a filter', async () => {
    for (const [filter, at] of [
      ['eventType eq "a" and nonsense eq "b"', 21],
      ['eventType eqq "a"', 10],
      ['eventType eq "a', 13],
      ['eventType eq "a" "b"', 17],
      ['(eventType eq "a"', 17],
    ] as const) {
      const reply = await ana.get(`/api/v1/logs?filter=${enc(filter)}`);
      expect([filter, reply.body['sallyport']]).toEqual([filter, { kind: 'filter_error', at }]);
    }
  });

  it.each(['histogram', 'facets', 'exports/estimate'])(
    '%s refuses a faulty range or filter, and binds values',
    async (name) => {
      for (const query of ['since=yesterday', 'since=2026-02-01&until=2026-01-01', `filter=${enc('nonsense eq "x"')}`])
        expect((await ana.get(`${LOGS}/${name}?${query}`)).status, query).toBe(400);
      const hostile = `eventType eq "x') or 1=1 --" or actor.id eq "'; drop table events; --"`;
      const reply = await ana.get(`${LOGS}/${name}?filter=${enc(hostile)}`);
      expect(reply.status).toBe(200);
      expect(reply.body['total'] ?? reply.body['countedOver'] ?? reply.body['rows']).toBe(0);
    },
  );

  it('pages stay whole while events are written', async () => {
    const since = daysAgo(8);
    const seen: string[] = [];
    let next: string | null =
      `/api/v1/logs?sortOrder=DESCENDING&limit=500&since=${since}&until=${now()}&filter=${enc('eventType sw "user."')}`;
    const expected = await events(since, `filter=${enc('eventType sw "user."')}`);
    while (next !== null) {
      const page: Reply = await ana.get(next);
      seen.push(...(page.body as unknown as LogEvent[]).map(({ uuid }) => uuid));
      server.clock.advance(1);
      await write('meanwhile');
      next = nextOf(page);
    }
    expect(seen).toHaveLength(expected);
    expect(new Set(seen).size).toBe(expected);
  });

  describe('polling for what is rare', () => {
    /** Every look at the clock is a second later: whatever has a budget of time spends it with its first slice. */
    const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
      let at = performance.now();
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => (at += 1000));
      try {
        return await work();
      } finally {
        clock.mockRestore();
      }
    };

    it.each([
      ['a filter without an index', 3, `filter=${enc('target.displayName eq "Person 7"')}`],
      ['a filter that fits nothing', 3, `filter=${enc('target.displayName ew "nobody"')}`],
      // What an index answers needs no second request.
      ['a filter with an index and more', 1, `filter=${enc(`${ROAMING} and severity eq "WARN"`)}`],
      ['a word and a filter', 1, `q=kenya&filter=${enc('outcome.result eq "FAILURE"')}`],
    ])(
      'does a bounded piece of work for each request, misses nothing, repeats nothing: %s',
      async (_, least, query) => {
        const expected = await events(daysAgo(8), query);
        let next = `/api/v1/logs?limit=1000&since=${daysAgo(8)}&${query}`;
        const seen: string[] = [];
        let requests = 0;
        let isAtEnd = false;
        while (!isAtEnd) {
          const page = await slowly(() => ana.get(next));
          expect(page.status, page.text).toBe(200);
          seen.push(...(page.body as unknown as LogEvent[]).map(({ uuid }) => uuid));
          next = nextOf(page) ?? '';
          expect(next).not.toBe('');
          isAtEnd = page.headers['x-sallyport-searched-to'] === undefined;
          requests += 1;
        }
        expect(seen).toHaveLength(expected);
        expect(new Set(seen).size).toBe(expected);
        expect(requests).toBeGreaterThanOrEqual(least);
        // At the end of the log the link waits there.
        expect((await ana.get(next)).body).toEqual([]);
      },
    );

    it('ends each page at its limit, and begins the next one behind it', async () => {
      const expected = await events(daysAgo(8), 'q=failure');
      let next = `/api/v1/logs?limit=10&q=failure&since=${daysAgo(8)}`;
      const seen: string[] = [];
      for (;;) {
        const page = await ana.get(next);
        const uuids = (page.body as unknown as LogEvent[]).map(({ uuid }) => uuid);
        if (uuids.length === 0) break;
        expect(uuids.length).toBeLessThanOrEqual(10);
        seen.push(...uuids);
        next = nextOf(page) ?? '';
      }
      expect(expected).toBeGreaterThan(20);
      expect([seen.length, new Set(seen).size]).toEqual([expected, expected]);
    });

    it('reads nothing for a limit of 0, and keeps its place', async () => {
      const nothing = await ana.get(`/api/v1/logs?limit=0&since=${daysAgo(8)}&filter=${enc(ROAMING)}`);
      expect(nothing.body).toEqual([]);
      const all = await ana.get((nextOf(nothing) ?? '').replace('limit=0', 'limit=10'));
      expect((all.body as unknown[]).length).toBeGreaterThan(0);
    });

    it('follows the chains of several nodes side by side', async () => {
      const { store } = server.services;
      const began = new Date(server.clock.now()).toISOString();
      const query = `since=${began}&filter=${enc('displayMessage sw "chain "')}`;
      const empty = await ana.get(`/api/v1/logs?limit=2&${query}`);
      for (const name of ['a', 'b', 'c']) await write(`chain ${name}`);
      const rows = await store.read.selectFrom('events').selectAll().orderBy('seq', 'desc').limit(3).execute();
      // The log of a node that is no more: the same events once more, under other names.
      await store.transaction(async (tx) => {
        const copies = rows.toReversed().map((row, i) => ({
          ...row,
          node: 'n0',
          seq: i + 1,
          uuid: `copy-${row.uuid}`,
          body: row.body.replace(row.uuid, `copy-${row.uuid}`),
        }));
        await tx.insertInto('events').values(copies).execute();
        await tx.insertInto('chainHeads').values({ node: 'n0', seq: 3, hash: 'x', publishedAt: 0 }).execute();
      });
      const seen: string[] = [];
      for (let next = nextOf(empty) ?? ''; ; ) {
        const page = await ana.get(next);
        const found = (page.body as unknown as LogEvent[]).map(({ uuid }) => uuid);
        if (found.length === 0) break;
        expect(found.length).toBeLessThanOrEqual(2);
        seen.push(...found);
        next = nextOf(page) ?? '';
      }
      const own = rows.map(({ uuid }) => uuid);
      expect(seen.toSorted()).toEqual([...own, ...own.map((uuid) => `copy-${uuid}`)].toSorted());
      await store.transaction(async (tx) => {
        await tx.deleteFrom('events').where('node', '=', 'n0').execute();
        await tx.deleteFrom('chainHeads').where('node', '=', 'n0').execute();
      });
    });
  });

  it('verifies one event: its hash, its neighbours, the checkpoint over it', async () => {
    const uuid = await write('to be verified');
    expect((await ana.get(`${LOGS}/${uuid}/verify`)).body).toMatchObject({ ok: true, checkpoint: null });
    await write('after it');
    await writeCheckpoint(server.services);
    const verified = (await ana.get(`${LOGS}/${uuid}/verify`)).body;
    expect(verified).toMatchObject({ ok: true, checkpoint: { seq: (verified['seq'] as unknown as number) + 1 } });
    expect((await ana.get(`${LOGS}/seal`)).body).toMatchObject({ ok: true, sealedTo: expect.any(String) });
    const row = await server.services.store.read
      .selectFrom('events')
      .selectAll()
      .where('uuid', '=', uuid)
      .executeTakeFirstOrThrow();
    const run = (statement: string) => server.services.store.transaction((tx) => sql.raw(statement).execute(tx));
    for (const [change, undo, what] of [
      [
        `update events set body = replace(body, 'to be verified', 'harmless') where uuid = '${uuid}'`,
        `update events set body = replace(body, 'harmless', 'to be verified') where uuid = '${uuid}'`,
        'hash',
      ],
      [
        `update events set hash = 'x' where seq = ${row.seq - 1}`,
        `update events set hash = '${row.previousHash}' where seq = ${row.seq - 1}`,
        'before',
      ],
      [
        `update events set previous_hash = 'x' where seq = ${row.seq + 1}`,
        `update events set previous_hash = '${row.hash}' where seq = ${row.seq + 1}`,
        'after',
      ],
      [
        `update checkpoints set hash = hash || 'x' where seq = ${row.seq + 1}`,
        `update checkpoints set hash = substr(hash, 1, length(hash) - 1) where seq = ${row.seq + 1}`,
        'checkpoint',
      ],
    ] as const) {
      await run(change);
      const { body } = await ana.get(`${LOGS}/${uuid}/verify`);
      const steps = body['steps'] as unknown as { what: string; isGood: boolean }[];
      expect([what, body['ok'], steps.find((step) => step.what === what)?.isGood]).toEqual([what, false, false]);
      await run(undo);
    }
    expect((await ana.get(`${LOGS}/${uuid}/verify`)).body).toMatchObject({ ok: true });
    expect((await ana.get(`${LOGS}/nonsense/verify`)).status).toBe(404);
  });

  it('is closed to whoever may not read the log, every door of it', async () => {
    const doors = [
      'histogram',
      'facets',
      'suggest',
      'seal',
      'x/verify',
      'saved',
      'exports',
      'exports/estimate',
      'exports/x',
    ];
    for (const door of [...doors, 'exports/x/download']) {
      expect((await hal.get(`${LOGS}/${door}`)).status, door).toBe(403);
      expect((await new Person(server.url, 'nobody').get(`${LOGS}/${door}`)).status, door).toBe(401);
    }
    expect((await hal.call('POST', `${LOGS}/exports`, {})).status).toBe(403);
    expect((await hal.call('POST', `${LOGS}/saved`, {})).status).toBe(403);
  });

  describe('saved queries', () => {
    const body = { name: 'Roaming', isShared: false, search: { filter: ROAMING, lastSeconds: 86_400 } };

    it('are mine, or the team’s; a name is there once; a fault is not kept', async () => {
      const mine = await ana.call('POST', `${LOGS}/saved`, body);
      expect(mine.status, mine.text).toBe(200);
      expect((await ana.call('POST', `${LOGS}/saved`, { ...body, name: 'ROAMING' })).status).toBe(400);
      expect(
        (await ana.call('POST', `${LOGS}/saved`, { ...body, name: 'x', search: { filter: 'eventType' } })).status,
      ).toBe(400);
      // Another's own does not exist for others, whatever they do with its id.
      const id = String(mine.body['id']);
      expect((await rita.get(`${LOGS}/saved`)).body).toEqual([]);
      expect((await rita.call('PUT', `${LOGS}/saved/${id}`, body)).status).toBe(404);
      expect((await rita.call('DELETE', `${LOGS}/saved/${id}`)).status).toBe(404);
      const shared = await ana.call('PUT', `${LOGS}/saved/${id}`, { ...body, isShared: true });
      expect(shared.body).toMatchObject({ isShared: true, search: body.search });
      expect((await rita.get(`${LOGS}/saved`)).body).toMatchObject([{ id, isMine: false, owner: 'ana@example.org' }]);
      expect((await rita.call('PUT', `${LOGS}/saved/${id}`, body)).status).toBe(403);
      expect((await rita.call('DELETE', `${LOGS}/saved/${id}`)).status).toBe(403);
      const ritas = await rita.call('POST', `${LOGS}/saved`, { ...body, name: 'Rita’s', isShared: true });
      // A super admin clears up behind others.
      expect((await ana.call('DELETE', `${LOGS}/saved/${String(ritas.body['id'])}`)).status).toBe(204);
      const log = await ana.get(`/api/v1/logs?filter=${enc('eventType eq "sallyport.log.saved_query.update"')}`);
      expect((log.body as unknown[]).length).toBe(4);
    });

    it('are a hundred at most', async () => {
      for (let i = 0; i < 100; i += 1)
        expect((await rita.call('POST', `${LOGS}/saved`, { ...body, name: `q${i}` })).status).toBe(200);
      expect((await rita.call('POST', `${LOGS}/saved`, { ...body, name: 'one more' })).status).toBe(400);
    });
  });

  describe('exports', () => {
    const range = () => ({ since: daysAgo(8), until: now() });
    const start = (person: Person, extra: Record<string, unknown> = {}): Promise<Reply> =>
      person.call('POST', `${LOGS}/exports`, { format: 'csv', ...range(), ...extra });
    const statusOf = async (id: string): Promise<string | undefined> =>
      (
        await server.services.store.read
          .selectFrom('logExports')
          .select('status')
          .where('id', '=', id)
          .executeTakeFirst()
      )?.status;
    const settled = async (person: Person, id: string): Promise<Reply> => {
      await expect.poll(() => statusOf(id), { timeout: 60_000, interval: 20 }).not.toBe('RUNNING');
      return person.get(`${LOGS}/exports/${id}`);
    };

    it('write every event once, say how far they are, and are their owner’s only', async () => {
      await write('=cmd|"/c calc"!A1', { note: 'x' });
      const asked = range();
      const estimate = await ana.get(`${LOGS}/exports/estimate?since=${asked.since}&until=${asked.until}`);
      const expected = await events(daysAgo(8), '');
      server.clock.advance(1);
      expect(estimate.body).toMatchObject({ rows: expected, isExact: true });
      const started = await start(ana, asked);
      expect(started.status, started.text).toBe(202);
      const id = String(started.body['id']);
      const done = await settled(ana, id);
      expect(done.body).toMatchObject({ status: 'DONE', downloadUrl: `${LOGS}/exports/${id}/download` });
      const file = await ana.get(`${LOGS}/exports/${id}/download`);
      expect(file.status).toBe(200);
      expect(file.headers['content-disposition']).toContain('attachment');
      expect(file.headers['x-content-type-options']).toBe('nosniff');
      const lines = file.text.trimEnd().split('\r\n');
      expect(lines).toHaveLength(expected + 1);
      expect(file.text).toContain(`"'=cmd|""/c calc""!A1"`);
      for (const line of lines) expect(line).not.toMatch(/(?:^|,)"?[=+@]/);
      // Another reader of the same log learns nothing of it.
      for (const path of ['', '/download']) expect((await rita.get(`${LOGS}/exports/${id}${path}`)).status).toBe(404);
      expect((await rita.call('DELETE', `${LOGS}/exports/${id}`)).status).toBe(404);
      expect((await rita.get(`${LOGS}/exports`)).body).toEqual([]);
      const log = await ana.get(`/api/v1/logs?filter=${enc(`target.id eq "${id}"`)}`);
      expect(
        (log.body as unknown as LogEvent[]).map(({ eventType, outcome }) => `${eventType} ${outcome.result}`),
      ).toEqual([
        'analytics.reports.export.request SUCCESS',
        'analytics.reports.export.generate SUCCESS',
        'analytics.reports.export.download SUCCESS',
      ]);
      // Its time ends by the clock, and also if no job ran.
      server.clock.advance(86_400);
      await ana.signIn();
      expect((await ana.get(`${LOGS}/exports/${id}`)).body).toMatchObject({ status: 'EXPIRED', downloadUrl: null });
      expect((await ana.get(`${LOGS}/exports/${id}/download`)).status).toBe(404);
      await rita.signIn();
    });

    it('as JSON Lines give each event as the API does', async () => {
      const id = String((await start(ana, { format: 'jsonl', filter: ROAMING, since: daysAgo(30) })).body['id']);
      await settled(ana, id);
      const { text } = await ana.get(`${LOGS}/exports/${id}/download`);
      const exported = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as LogEvent);
      const { body } = await ana.get(`/api/v1/logs?since=${daysAgo(30)}&until=${now()}&filter=${enc(ROAMING)}`);
      expect(exported.length).toBeGreaterThan(0);
      expect(exported).toEqual(body);
    });

    it('are one at a time; a cancelled one leaves no file', async () => {
      const started = await start(ana);
      expect((await start(ana)).status).toBe(400);
      const id = String(started.body['id']);
      expect((await ana.call('DELETE', `${LOGS}/exports/${id}`)).status).toBe(204);
      const end = await settled(ana, id);
      expect(end.body).toMatchObject({ status: 'CANCELED', downloadUrl: null });
      expect((await ana.get(`${LOGS}/exports/${id}/download`)).status).toBe(404);
      expect(existsSync(join(server.dataDir, 'exports', `${id}.csv`))).toBe(false);
    });

    /** Both changes wait behind one commit and are made in it, in this order: no export can be done in between. */
    const inOneCommit = async (first: () => Promise<Reply>, second: () => Promise<Reply>): Promise<Reply> => {
      const store = server.services.store as { transaction: TestServer['services']['store']['transaction'] };
      const original = store.transaction;
      let waiting = 0;
      let release = (): void => undefined;
      const held = original(() => new Promise<void>((resolve) => (release = resolve)));
      store.transaction = (work) => {
        // Jobs of the server write, too, whenever they like.
        if (new Error().stack?.includes('build-router.ts')) waiting += 1;
        return original(work);
      };
      try {
        const begun = first();
        await expect.poll(() => waiting, { interval: 5 }).toBeGreaterThanOrEqual(1);
        const done = second();
        await expect.poll(() => waiting, { interval: 5 }).toBeGreaterThanOrEqual(2);
        release();
        await held;
        expect((await done).status).toBe(204);
        return await begun;
      } finally {
        store.transaction = original;
      }
    };

    it('stop when the session or the permission of their owner is gone', async () => {
      const user = await ana.get('/api/v1/users/rita@example.org');
      const path = `/api/v1/users/${String(user.body['id'])}`;
      const roles = await ana.get(`${path}/roles`);
      const roleId = String((roles.body as unknown as { id: string }[])[0]?.id);
      for (const loss of [`${path}/sessions`, `${path}/roles/${roleId}`]) {
        await rita.signIn();
        const body = { format: 'csv', ...range() };
        const asking = await rita.prepare('POST', `${LOGS}/exports`, body);
        const ending = await ana.prepare('DELETE', loss);
        const started = await inOneCommit(asking, ending);
        expect(started.status, started.text).toBe(202);
        await expect.poll(() => statusOf(String(started.body['id'])), { timeout: 20_000 }).toBe('CANCELED');
      }
    });

    /** A download whose reader takes his time: it would last for half a minute. */
    const slowDownload = async (person: Person, id: string, whenBegun: () => unknown): Promise<'whole' | 'cut off'> =>
      new Promise((resolve, reject) => {
        const call = httpRequest(
          `${server.url.replace('localhost', '127.0.0.1')}${LOGS}/exports/${id}/download`,
          { headers: { ...person.headers(), Host: new URL(server.url).host }, agent: false },
          (response) => {
            if (response.statusCode !== 200) return reject(new Error(`status ${response.statusCode}`));
            const timer = setInterval(() => response.read(65_536), 5);
            const end = (how: 'whole' | 'cut off') => (): void => {
              clearInterval(timer);
              resolve(how);
            };
            response.on('readable', () => undefined);
            response.on('error', end('cut off'));
            response.on('end', end('whole'));
            void whenBegun();
          },
        );
        call.on('error', reject);
        call.end();
      });

    it('are cut off in the midst of a download when its session or the right to it ends', async () => {
      const user = await ana.get('/api/v1/users/rita@example.org');
      const path = `/api/v1/users/${String(user.body['id'])}`;
      await ana.call('POST', `${path}/roles`, { type: 'REPORT_ADMIN' });
      await rita.signIn();
      const id = String((await start(rita, { format: 'jsonl' })).body['id']);
      await settled(rita, id);
      const bytes = 400 * 1024 * 1024;
      truncateSync(join(server.dataDir, 'exports', `${id}.jsonl`), bytes);
      await server.services.store.transaction((tx) =>
        tx.updateTable('logExports').set({ byteCount: bytes }).where('id', '=', id).execute(),
      );
      const me = await rita.get('/api/v1/sessions/me');
      expect(await slowDownload(rita, id, () => ana.call('DELETE', `/api/v1/sessions/${String(me.body['id'])}`))).toBe(
        'cut off',
      );
      await rita.signIn();
      expect(await slowDownload(rita, id, () => server.clock.advance(15 * 60))).toBe('cut off');
      await Promise.all([rita.signIn(), ana.signIn()]);
      const roles = (await ana.get(`${path}/roles`)).body as unknown as { id: string }[];
      // Without the word that is spread of it: the download looks by itself, too.
      const removed = () =>
        server.services.store.transaction((tx) =>
          tx.deleteFrom('roleAssignments').where('id', '=', String(roles[0]?.id)).execute(),
        );
      expect(await slowDownload(rita, id, removed)).toBe('cut off');
    });

    it('say so when the server stopped in their midst', async () => {
      const id = String((await start(ana)).body['id']);
      await server.restart();
      const end = await ana.get(`${LOGS}/exports/${id}`);
      expect(end.body).toMatchObject({ status: 'INTERRUPTED', reason: expect.stringMatching(/server was stopped/) });
      // And one that a killed process left behind.
      await server.services.store.transaction((tx) =>
        tx.updateTable('logExports').set({ status: 'RUNNING' }).where('id', '=', id).execute(),
      );
      await server.restart();
      expect((await ana.get(`${LOGS}/exports/${id}`)).body).toMatchObject({ status: 'INTERRUPTED' });
      expect(readdirSync(join(server.dataDir, 'exports')).filter((name) => name.startsWith(id))).toEqual([]);
    });
  });
});
