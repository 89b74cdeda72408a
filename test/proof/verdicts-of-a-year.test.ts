/** Issue 6: the verdicts of a year, under a policy that changes each week, are judged again, and come out as they did. */
import { evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import type { Facts } from '@sallyport/model/facts';
import type { Policy, RuleConditions } from '@sallyport/model/policy';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { recordEvent } from '../../packages/server/src/system-log/record-event.ts';
import { verifyLog } from '../../packages/server/src/system-log/verify-log.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const VERDICTS = process.env['PROOF'] === 'full' ? 100_000 : 2_000;
const WEEKS = 52;
const WEEK_MS = 7 * 86_400_000;
const PER_TRANSACTION = 200;
const LONG_MS = 60 * 60_000;
const IDS = ['a', 'b', 'c', 'd'];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)',
  'curl/8',
];

const some = <T>(made: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(made, { nil: undefined, freq: 9 });
const selection = fc.record({ include: fc.subarray(IDS), exclude: fc.subarray(IDS, { maxLength: 1 }) });
const level = fc.constantFrom('LOW' as const, 'MEDIUM' as const, 'HIGH' as const);
const CONDITIONS = {
  users: selection,
  groups: selection,
  zones: selection,
  deviceAssurances: selection,
  holdsAdminRole: fc.boolean(),
  deviceIsManaged: fc.boolean(),
  riskLevel: level,
  platforms: fc.constant([{ type: 'DESKTOP' as const, os: 'ANY' as const }]),
};
const conditions: fc.Arbitrary<RuleConditions> = fc
  .tuple(fc.subarray(Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[], { maxLength: 2 }), fc.record(CONDITIONS))
  .map(([asked, all]) => Object.fromEntries(asked.map((name) => [name, all[name]])));
const mostly = fc.constantFrom(true, true, true, false);
const policyOf = (week: number): fc.Arbitrary<Policy> =>
  fc
    .array(
      fc.record({
        conditions,
        access: fc.constantFrom('ALLOW' as const, 'ALLOW' as const, 'DENY' as const),
        isActive: fc.constantFrom(true, true, false),
        assurance: fc.record({
          factors: fc.constantFrom(1 as const, 2 as const),
          isPossessionRequired: fc.boolean(),
          isPhishingResistantRequired: fc.boolean(),
          isDeviceBoundRequired: fc.boolean(),
          isUserVerificationRequired: fc.boolean(),
          maxAgeSeconds: fc.constantFrom(null, 0, 3600),
        }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((rules) => ({
      id: 'rst1',
      name: 'Consoles',
      type: 'ACCESS_POLICY',
      version: week + 1,
      isActive: true,
      rules: rules.map((rule, at) => ({ ...rule, id: `rul${at}`, name: `Rule ${at}`, priority: at })),
    }));
const drawnFacts = fc.record({
  userId: some(fc.constantFrom(...IDS)),
  groupIds: some(fc.subarray(IDS)),
  zoneIds: some(fc.subarray(IDS)),
  unknownZoneIds: some(fc.subarray(IDS)),
  deviceAssuranceIds: some(fc.subarray(IDS)),
  holdsAdminRole: some(fc.boolean()),
  deviceIsManaged: some(fc.boolean()),
  risk: some(level),
  userAgent: some(fc.constantFrom(...AGENTS)),
  proofs: some(
    fc.array(
      fc.record({
        factorId: fc.constantFrom('one', 'two'),
        kind: fc.constantFrom('webauthn' as const, 'totp' as const, 'password' as const),
        isPhishingResistant: mostly,
        isDeviceBound: mostly,
        isUserVerified: mostly,
        age: fc.constantFrom(0, 60_000, 3_600_000, 3_600_001),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  ),
  /** Some facts were found out a while ago, and some no longer counted. */
  goodForMs: fc.constantFrom(null, null, -1, 60_000),
});
type Drawn = typeof drawnFacts extends fc.Arbitrary<infer T> ? T : never;

const factsAt = ({ goodForMs, proofs, ...drawn }: Drawn, now: number): Facts => {
  const known = {
    ...drawn,
    proofs: proofs?.map(({ age, ...proof }) => ({ ...proof, provedAt: now - age })),
  };
  return Object.fromEntries(
    Object.entries(known)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        {
          value,
          source: 'year',
          observedAt: now,
          expiresAt: goodForMs === null || name === 'proofs' ? null : now + goodForMs,
        },
      ]),
  ) as unknown as Facts;
};

describe.each(ENGINES)(`${VERDICTS} verdicts of a year on %s`, (engine) => {
  let server: TestServer;
  const kinds: Record<string, number> = {};
  const uuids: string[] = [];
  beforeAll(async () => {
    server = await startTestServer({ engine });
    const { services: s } = server;
    const host = hostPrincipal(s.random);
    const facts = fc.sample(drawnFacts, { seed: 6, numRuns: 5_000 });
    const perWeek = Math.ceil(VERDICTS / WEEKS);
    for (let week = 0; week < WEEKS; week += 1) {
      const [policy] = fc.sample(policyOf(week), { seed: week, numRuns: 1 }) as [Policy];
      for (let from = 0; from < perWeek && uuids.length < VERDICTS; from += PER_TRANSACTION) {
        await s.store.transaction(async (tx) => {
          for (let i = from; i < Math.min(from + PER_TRANSACTION, perWeek) && uuids.length < VERDICTS; i += 1) {
            const now = s.clock.now();
            const given = factsAt(facts[(week * perWeek + i) % facts.length] as Drawn, now);
            const verdict = evaluatePolicy(given, policy, now);
            kinds[verdict.verdict.kind] = (kinds[verdict.verdict.kind] ?? 0) + 1;
            const input = { facts: given, policy, now };
            const event = { eventType: 'policy.evaluate_sign_on' as const };
            uuids.push(await recordEvent(s, tx, host, event, { judgement: 'evaluate-policy', input, verdict }));
          }
        });
      }
      server.clock.advance(WEEK_MS / 1000);
    }
  }, LONG_MS);
  afterAll(() => server.stop());

  it(
    'are judged again, and every one agrees',
    async () => {
      expect(uuids).toHaveLength(VERDICTS);
      // Each outcome is among them, or the agreement would say little.
      for (const kind of ['allow', 'deny', 'step_up']) expect(kinds[kind], kind).toBeGreaterThan(VERDICTS / 50);
      const startedAt = performance.now();
      const { ok, verdicts } = await verifyLog(server.services, { verdicts: true });
      if (process.env['PROOF'] === 'full')
        console.log(`${engine}: ${VERDICTS} verdicts in ${Math.round(performance.now() - startedAt)} ms`, kinds);
      expect(verdicts).toEqual({ checked: VERDICTS, withoutCommitment: 0, bad: [] });
      expect(ok).toBe(true);
    },
    LONG_MS,
  );

  it(
    'and the one that was changed is found among them',
    async () => {
      const uuid = uuids[Math.floor(VERDICTS * 0.7)] as string;
      await server.services.store.transaction((tx) =>
        tx
          .updateTable('verdicts')
          .set((e) => ({ input: e.fn<string>('replace', ['input', e.val('"year"'), e.val('"now"')]) }))
          .where('eventUuid', '=', uuid)
          .execute(),
      );
      const { ok, verdicts } = await verifyLog(server.services, { verdicts: true });
      expect(ok).toBe(false);
      expect(verdicts?.bad).toEqual([{ uuid, what: 'its facts or its verdict were changed' }]);
    },
    LONG_MS,
  );
});
