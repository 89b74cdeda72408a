/** Access that ends by time: it counts between its two instants and nowhere else. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeExpired } from '../../packages/server/src/grants/close-expired.ts';
import { CLOCKS_DIFFER_MS, createGrant, type NewGrant } from '../../packages/server/src/grants/create-grant.ts';
import { publishGrant } from '../../packages/server/src/grants/end-grant.ts';
import type { Row } from '../../packages/server/src/store/tables.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

describe.each(ENGINES)('grants on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;
  /** By how much power ends before what people were told. */
  const margin = engine === 'postgres' ? CLOCKS_DIFFER_MS : 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const ok = (reply: Reply): Record<string, unknown> => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.body;
  };
  const madeBundle = async (...entitlements: object[]): Promise<string> => {
    const body = { name: `bundle ${count++}`, description: 'for tests', entitlements };
    return String(ok(await ana.call('POST', '/api/v1/iam/governance/bundles', body))['id']);
  };
  const give = async (given: Partial<NewGrant> & Pick<NewGrant, 'userId' | 'entitlement'>): Promise<Row<'grants'>> => {
    const now = server.clock.now();
    const { services: s } = server;
    const row = await s.store.transaction((tx) =>
      createGrant(s, tx, 'system', {
        startsAt: now,
        expiresAt: now + 600_000,
        source: { kind: 'request', id: 'req1' },
        reason: 'ticket 7',
        ...given,
      }),
    );
    publishGrant(s, row);
    return row;
  };

  const somebody = async (role: string | null = null): Promise<{ readonly id: string; readonly person: Person }> => {
    const person = await enrolPerson(server, ana, `lee${count++}@example.org`, role);
    return { id: String(ok(await person.get('/api/v1/users/me'))['id']), person };
  };

  it('give the roles of a bundle from the first instant to the last, with every job stopped', async () => {
    const bundle = await madeBundle({ role: 'READ_ONLY_ADMIN' });
    const lee = await somebody();
    const now = server.clock.now();
    await give({ userId: lee.id, entitlement: { kind: 'bundle', id: bundle }, expiresAt: now + 600_000 });
    expect((await lee.person.signIn()).status).toBe(200);
    expect((await lee.person.get('/api/v1/users?limit=1')).status).toBe(200);
    server.clock.advance((600_000 - margin - 1) / 1000);
    expect((await lee.person.get('/api/v1/users?limit=1')).status).toBe(200);
    server.clock.advance(0.001);
    expect((await lee.person.get('/api/v1/users?limit=1')).status).toBe(403);
    await closeExpired(server.services);
  });
});
