import { MAX_FILTER_CLAUSES, MAX_FILTER_DEPTH } from '@sallyport/decide/filter/parse-expression';
import { keywordsOf, matchKeywords, parseKeywords } from '@sallyport/decide/log-filter/keywords';
import { matchFilter } from '@sallyport/decide/log-filter/match-filter';
import { parseFilter } from '@sallyport/decide/log-filter/parse-filter';
import { storableEvent } from '@sallyport/decide/log-filter/storable-event';
import type { LogEvent, LogTarget } from '@sallyport/model/log-event';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { CamelCasePlugin, Kysely, PostgresDialect, type RawBuilder, SqliteDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlDialect } from '../store/expression-to-sql.ts';
import { logWords } from '../store/migrations/0007-log-words.ts';
import { filterToSql, indexedWordsToSql, keywordsToSql, wordCountSql } from './filter-to-sql.ts';

type Row = Record<
  'uuid' | 'eventType' | 'severity' | 'actorId' | 'outcomeResult' | 'transactionId' | 'keywords' | 'body',
  string
> &
  Record<'externalSessionId' | 'clientIp', string | null>;
type Db = Kysely<{ events: Row }>;

const rowOf = (event: LogEvent): Row => ({
  uuid: event.uuid,
  eventType: event.eventType,
  severity: event.severity,
  actorId: event.actor.id,
  outcomeResult: event.outcome.result,
  transactionId: event.transaction.id,
  externalSessionId: event.authenticationContext.externalSessionId,
  clientIp: event.client.ipAddress,
  keywords: keywordsOf(event),
  body: JSON.stringify(event),
});

// A small pool, so that values meet; each word tries a difference between the engines.
const WORDS = [
  '',
  'a',
  'A',
  'ab',
  'Ab',
  'É',
  'é',
  'K',
  '%',
  '_',
  'a%',
  'a-b',
  'sign in',
  '"',
  '\\',
  "'",
  '$',
  '{}',
  'null',
  'true',
  '10',
  '9',
  '😀',
  '\uFF5E',
  'ß',
  'I',
  'ı',
];
const word = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const number = fc.oneof(
  fc.constantFrom(0, 1, 9, 10, 64500, -1.5, 1e-7, 1e21),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const KEYS = ['risk', 'url', 'k-1', '0', '__proto__', 'nested'];
const key = fc.constantFrom(...KEYS);
const scalar = fc.oneof(word, number, fc.boolean(), fc.constant(null));
const anyValue = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.oneof(fc.array(scalar, { maxLength: 2 }), fc.dictionary(key, scalar, { maxKeys: 2 })) },
);
const detail = fc.dictionary(key, anyValue, { maxKeys: 4 });
const thing = fc.record({ id: word, type: word, alternateId: word, displayName: word, detailEntry: maybe(detail) });
const place = maybe(
  fc.record({
    city: maybe(word),
    state: maybe(word),
    country: maybe(word),
    postalCode: maybe(word),
    geolocation: maybe(fc.record({ lat: number, lon: number })),
  }),
);
const event: fc.Arbitrary<LogEvent> = fc
  .record({
    uuid: fc.uuid(),
    published: fc.constant('2026-01-01T00:00:00.000Z'),
    eventType: word,
    legacyEventType: maybe(word),
    version: fc.constant('0' as const),
    severity: fc.constantFrom('INFO' as const, 'WARN' as const),
    displayMessage: word,
    actor: thing,
    client: fc.record({
      id: maybe(word),
      ipAddress: maybe(word),
      device: maybe(word),
      zone: word,
      userAgent: maybe(fc.record({ browser: word, os: word, rawUserAgent: word })),
      geographicalContext: place,
    }),
    device: fc.constant(null),
    authenticationContext: fc.record({
      authenticationProvider: maybe(word),
      authenticationStep: number,
      credentialProvider: maybe(word),
      credentialType: maybe(word),
      externalSessionId: maybe(word),
      rootSessionId: maybe(word),
      interface: maybe(word),
      issuer: fc.constant(null),
    }),
    outcome: fc.record({ result: fc.constantFrom('SUCCESS' as const, 'FAILURE' as const), reason: maybe(word) }),
    securityContext: fc.record({
      asNumber: maybe(number),
      asOrg: maybe(word),
      isp: maybe(word),
      domain: maybe(word),
      isProxy: maybe(fc.boolean()),
    }),
    target: maybe(fc.array(thing as fc.Arbitrary<LogTarget>, { maxLength: 3 })),
    transaction: fc.record({ type: fc.constantFrom('WEB' as const, 'JOB' as const), id: word, detail }),
    request: fc.record({
      ipChain: fc.array(fc.record({ ip: word, version: word, source: maybe(word), geographicalContext: place }), {
        maxLength: 3,
      }),
    }),
    debugContext: fc.record({ debugData: fc.dictionary(key, word, { maxKeys: 4 }) }),
  })
  .map(storableEvent);

const TEXTS = [
  'eventType',
  'severity',
  'displayMessage',
  'actor.id',
  'client.id',
  'client.ipAddress',
  'client.userAgent.os',
  'client.geographicalContext.city',
  'device.id',
  'authenticationContext.externalSessionId',
  'outcome.result',
  'outcome.reason',
  'transaction.id',
  'target.id',
  'target.1.displayName',
  'request.ipChain.ip',
  'request.ipChain.source',
  'request.ipChain.geographicalContext.city',
  ...KEYS.flatMap((k) => [
    `debugContext.debugData.${k}`,
    `actor.detailEntry.${k}`,
    `target.detailEntry.${k}`,
    `transaction.detail.${k}`,
    `target.detailEntry.nested.${k}`,
  ]),
];
const NUMBERS = [
  'securityContext.asNumber',
  'authenticationContext.authenticationStep',
  'client.geographicalContext.geolocation.lat',
  'request.ipChain.geographicalContext.geolocation.lon',
];
const OBJECTS = [
  'target',
  'actor.detailEntry',
  'target.detailEntry',
  'client.userAgent',
  'device',
  'request.ipChain',
  'transaction.detail',
  'request.ipChain.geographicalContext',
];
const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const quoted = fc.oneof(
  word.filter((text) => !text.includes('\0') && text.isWellFormed()).map((text) => JSON.stringify(text)),
  number.map(String),
  fc.constant('true'),
);
const list = (value: fc.Arbitrary<string>) =>
  fc.array(value, { minLength: 1, maxLength: 3 }).map((values) => `in [${values.join(', ')}]`);
const operation = (ops: readonly string[], value: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...ops), value).map((parts) => parts.join(' ')),
    list(value),
  );
const clause = fc
  .oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...TEXTS), operation(OPERATORS, quoted)) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom(...NUMBERS),
        operation(['eq', 'ne', 'gt', 'ge', 'lt', 'le'], number.map(String)),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constant('securityContext.isProxy'),
        operation(['eq', 'ne'], fc.constantFrom('true', '"False"')),
      ),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...TEXTS, ...NUMBERS, ...OBJECTS), fc.constant('pr')) },
  )
  .map(([attribute, rest]) => `${attribute} ${rest}`)
  .filter((text) => !/debugData\.url co/.test(text));
const filterText = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: clause },
    { weight: 1, arbitrary: tie('filter').map((inner) => `not (${inner})`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
    },
  ),
})).filter;

const parsed = (text: string) => {
  const result = parseFilter(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.filter;
};
const selected = async (db: Db, condition: RawBuilder<boolean>): Promise<string[]> =>
  (await db.selectFrom('events').select('uuid').where(condition).execute()).map((row) => row.uuid).sort();
const store = async (db: Db, events: readonly LogEvent[]): Promise<void> => {
  await db.deleteFrom('events').execute();
  await db.insertInto('events').values(events.map(rowOf)).execute();
};
const uuids = (events: readonly LogEvent[]): string[] => events.map(({ uuid }) => uuid).sort();
const batch = fc.uniqueArray(event, { selector: ({ uuid }) => uuid, minLength: 8, maxLength: 8 });

const agreement = (dialect: SqlDialect, open: () => Db): void => {
  describe(dialect, () => {
    let db: Db;
    beforeAll(async () => {
      db = open();
      let table = db.schema.createTable('events');
      // Of this connection only; SQLite's is in memory, and an index of words belongs to no temporary table.
      if (dialect === 'postgres') table = table.temporary();
      for (const name of [
        'uuid',
        'eventType',
        'severity',
        'actorId',
        'outcomeResult',
        'transactionId',
        'externalSessionId',
        'clientIp',
        'keywords',
        'body',
      ]) {
        table = table.addColumn(name, 'text');
      }
      await table.execute();
      await logWords.up(db as Kysely<unknown>);
    });
    afterAll(() => db.destroy());

    it('selects the events that match in memory', async () => {
      const seen = { matched: 0, passed: 0 };
      await fc.assert(
        fc.asyncProperty(batch, fc.array(filterText, { minLength: 8, maxLength: 8 }), async (events, texts) => {
          await store(db, events);
          for (const text of texts) {
            const filter = parsed(text);
            const matching = events.filter((candidate) => matchFilter(filter, candidate));
            seen.matched += matching.length;
            seen.passed += events.length - matching.length;
            expect({ text, found: await selected(db, filterToSql(filter, dialect)) }).toEqual({
              text,
              found: uuids(matching),
            });
          }
        }),
        { numRuns: 150 },
      );
      // Filters that match everything or nothing would agree by accident.
      expect(Math.min(seen.matched, seen.passed)).toBeGreaterThan(1000);
    });

    it('agrees on every operator between every two of the words', async () => {
      const [base] = fc.sample(event, { numRuns: 1, seed: 7 });
      if (base === undefined) throw new Error('no event');
      const events = WORDS.map((text, at) => ({ ...base, uuid: `e${at}`, displayMessage: text, eventType: text }));
      await store(db, events);
      for (const op of OPERATORS) {
        for (const wanted of WORDS) {
          // Once out of the document and once out of its column.
          for (const attribute of ['displayMessage', 'eventType']) {
            const text = `${attribute} ${op} ${JSON.stringify(wanted)}`;
            const filter = parsed(text);
            const matching = events.filter((candidate) => matchFilter(filter, candidate));
            expect({ text, found: await selected(db, filterToSql(filter, dialect)) }).toEqual({
              text,
              found: uuids(matching),
            });
          }
        }
      }
    });

    it('selects the events whose keywords match in memory', async () => {
      const seen = { matched: 0, passed: 0 };
      const q = fc.array(
        fc.oneof(
          { weight: 2, arbitrary: fc.constantFrom('a', 'INFO', 'b', 'web', '%', '_', 'success', 'a-b') },
          { weight: 1, arbitrary: word },
        ),
        { maxLength: 3 },
      );
      await fc.assert(
        fc.asyncProperty(batch, q, async (events, words) => {
          await store(db, events);
          const keywords = parseKeywords(words.join(' '));
          if (!keywords.ok) throw new Error(keywords.message);
          const matching = events.filter((candidate) => matchKeywords(keywords.words, candidate));
          seen.matched += matching.length;
          seen.passed += events.length - matching.length;
          expect(await selected(db, keywordsToSql(keywords.words, dialect))).toEqual(uuids(matching));
          if (keywords.words.length === 0) return;
          expect(await selected(db, indexedWordsToSql(keywords.words, dialect))).toEqual(uuids(matching));
          const { rows } = await wordCountSql(keywords.words, 3, dialect).execute(db);
          expect(Number(rows[0]?.found)).toBe(Math.min(3, matching.length));
        }),
        { numRuns: 100 },
      );
      expect(Math.min(seen.matched, seen.passed)).toBeGreaterThan(50);
    });

    it.each([
      'a"b',
      '"',
      '""',
      "o'clock",
      'a*',
      '^a',
      'AND',
      'or',
      'NOT',
      'near(',
      '-a',
      'a:b',
      'keywords:a',
      '{a}',
      '(a)',
      '+',
      'ÅÄÖ',
      '東京',
      '\u0301',
      '\\',
      '\u200b',
    ])('looks up the word as it is: %j', async (text) => {
      const [base] = fc.sample(event, { numRuns: 1, seed: 7 });
      if (base === undefined) throw new Error('no event');
      const events = [`x ${text} y`, `x${text}y`, 'x y a b'].map((displayMessage, at) => ({
        ...base,
        uuid: `e${at}`,
        displayMessage,
      }));
      await store(db, events);
      const keywords = parseKeywords(text);
      if (!keywords.ok) throw new Error(keywords.message);
      const matching = events.filter((candidate) => matchKeywords(keywords.words, candidate));
      expect(uuids(matching)).toContain('e0');
      expect(await selected(db, indexedWordsToSql(keywords.words, dialect))).toEqual(uuids(matching));
    });

    it('runs the largest filter that parses', async () => {
      const events = fc.sample(batch, { numRuns: 1, seed: 7 })[0] ?? [];
      await store(db, events);
      const each = Math.floor(MAX_FILTER_CLAUSES / MAX_FILTER_DEPTH);
      const widest = Array.from({ length: MAX_FILTER_CLAUSES }, (_, at) => `target.detailEntry.k${at} eq "x"`).join(
        ' or ',
      );
      const row = Array.from({ length: each }, () => 'target.id ne "nobody"').join(' and ');
      const deepest = Array.from({ length: MAX_FILTER_DEPTH / 2 }).reduce<string>(
        (inner) => `not (${row} and ${inner})`,
        'uuid pr',
      );
      for (const text of [widest, deepest]) {
        const filter = parsed(text);
        expect(await selected(db, filterToSql(filter, dialect))).toEqual(
          uuids(events.filter((candidate) => matchFilter(filter, candidate))),
        );
      }
    });

    it('takes every value as a parameter', () => {
      const filter = parsed(
        `actor.displayName eq "x' or 1=1 --" and debugContext.debugData.evil co "zzz" and uuid in ["yyy"]`,
      );
      const { sql: text } = filterToSql(filter, dialect).compile(db);
      for (const value of ['1=1', 'zzz', 'yyy', 'evil']) expect(text).not.toContain(value);
    });
  });
};

const plugins = [new CamelCasePlugin()];
agreement('sqlite', () => new Kysely({ dialect: new SqliteDialect({ database: new Database(':memory:') }), plugins }));
const url = process.env['TEST_POSTGRES_URL'];
// One connection: the table is temporary, so that it cannot meet a server's own. Without JIT, as the server itself must
// connect: compiling the widest filter to machine code takes PostgreSQL 9 s, running it 25 ms.
if (url !== undefined)
  agreement(
    'postgres',
    () =>
      new Kysely({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1, options: '-c jit=off' }) }),
        plugins,
      }),
  );
