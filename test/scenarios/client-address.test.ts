/** Whether a client can choose its address is tried, not believed; where it can, no session is held to one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const PATH = '/sallyport/v1/client-address';
const BINDING = '/sallyport/v1/session-binding';
interface Probe {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

describe.each(ENGINES)('the client address on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  const open = async (): Promise<Probe> => {
    const reply = await ana.call('POST', `${PATH}/probes`, {});
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as Probe;
  };
  const check = async (): Promise<{ canBeSpoofed: string; findings: { code: string; sentence: string }[] }> =>
    (await ana.get(PATH)).body as never;
  /** A proxy that sets the header itself: what the client wrote stands further out. */
  const honest = ({ headers }: Probe): Record<string, string> => ({
    ...headers,
    'X-Forwarded-For': `${headers['X-Forwarded-For']}, 198.51.100.10`,
  });
  const enforce = (ipBinding: string, apps = {}): Promise<Reply> =>
    ana.call('PUT', BINDING, { asnBinding: 'ENFORCED', ipBinding, apps });
  const causes = (reply: Reply): string =>
    ((reply.body['errorCauses'] ?? []) as { errorSummary: string }[]).map((cause) => cause.errorSummary).join('\n');

  it('is not shown to be safe before it was tried; loopback that is trusted is said', async () => {
    const { canBeSpoofed, findings } = await check();
    expect(canBeSpoofed).toBe('not-shown');
    expect(findings.map(({ code }) => code)).toEqual(['loopback-trusted', 'not-shown']);
    expect(findings[0]?.sentence).toMatch(/any process on this host may choose/);
  });

  it('that a proxy passes on as the client wrote it binds nobody: enforcing is refused by every way', async () => {
    const probe = await open();
    expect((await send(server.url, 'GET', probe.path, { ...probe.headers })).status).toBe(204);
    const { canBeSpoofed, findings } = await check();
    expect([canBeSpoofed, findings.map(({ code }) => code)]).toEqual(['yes', ['loopback-trusted', 'header-believed']]);

    for (const reply of [
      await enforce('ENFORCED'),
      await enforce('MONITOR', { saasure: { ipBinding: 'ENFORCED' } }),
      await ana.call('POST', `/api/v1/features/${await featureId()}/enable`),
    ]) {
      expect(reply.status, reply.text).toBe(400);
      expect(causes(reply)).toMatch(
        /^ipBinding: cannot be enforced while a client can choose its address.*was believed/,
      );
    }
    expect((await ana.get(BINDING)).body['ipBinding']).toBe('MONITOR');
    // Everything else can be changed.
    expect((await enforce('DISABLED')).status).toBe(200);
    expect((await enforce('PROVE')).status).toBe(200);
  });
  const featureId = async (): Promise<string> =>
    ((await ana.get('/api/v1/features')).body as unknown as { id: string; name: string }[]).find(
      ({ name }) => name === 'IP binding for Admin Console',
    )?.id ?? '';

  it('that nobody can choose may be enforced; once it is, a later trial leaves it be', async () => {
    const safe = await open();
    expect((await send(server.url, 'GET', safe.path, honest(safe))).status).toBe(204);
    expect(await check()).toMatchObject({ canBeSpoofed: 'no' });
    expect((await enforce('ENFORCED')).status).toBe(200);
    const bad = await open();
    await send(server.url, 'GET', bad.path, { ...bad.headers });
    expect(await check()).toMatchObject({ canBeSpoofed: 'yes' });
    expect((await enforce('ENFORCED', { saasure: { asnBinding: 'MONITOR' } })).status).toBe(200);
    expect((await enforce('MONITOR')).status).toBe(200);
    expect((await enforce('ENFORCED')).status).toBe(400);
  });

  it('is tried once, in its time, and by nobody else', async () => {
    const probe = await open();
    expect((await send(server.url, 'GET', `${PATH}/probes/guess`, { ...probe.headers })).status).toBe(404);
    expect((await send(server.url, 'GET', probe.path, honest(probe))).status).toBe(204);
    const again = await send(server.url, 'GET', probe.path, { ...probe.headers });
    expect(again.status).toBe(404);
    expect(await check()).toMatchObject({ canBeSpoofed: 'no' });
    const late = await open();
    server.clock.advance(61);
    expect((await send(server.url, 'GET', late.path, { ...late.headers })).status).toBe(404);
    expect((await send(server.url, 'POST', `${PATH}/probes`, {}, {})).status).toBe(401);
    expect((await send(server.url, 'GET', PATH, {})).status).toBe(401);
  });

  it('of whoever may say it of themself anyway is refused without any trial', async () => {
    const open_ = await startTestServer({ engine, env: { SALLYPORT_TRUSTED_PROXIES: '0.0.0.0/0' } });
    try {
      const bea = await signedInAdmin(open_);
      expect((await bea.get(PATH)).body).toMatchObject({
        canBeSpoofed: 'yes',
        findings: [{ code: 'everybody-trusted' }, {}],
      });
      const reply = await bea.call('PUT', BINDING, { asnBinding: 'ENFORCED', ipBinding: 'ENFORCED' });
      expect(causes(reply)).toMatch(/anybody may choose the address/);
    } finally {
      await open_.stop();
    }
  });
});
