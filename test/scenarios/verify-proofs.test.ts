/** `log verify --proofs`: what a key signed can be checked from the log alone, and nothing else passes for it. */
import type { LogEvent } from '@sallyport/model/log-event';
import { afterEach, describe, expect, it } from 'vitest';
import { faultOfProof } from '../../packages/server/src/protected-actions/verify-proofs.ts';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const zone = { type: 'IP', name: 'office', gateways: [{ type: 'CIDR', value: '198.51.100.0/24' }] };
const eventsOf = async (person: Person, eventType: string): Promise<LogEvent[]> =>
  (await person.get(`/api/v1/logs?filter=${encodeURIComponent(`eventType eq "${eventType}"`)}`))
    .body as unknown as LogEvent[];
const proofsOf = async (person: Person) =>
  (await person.get('/sallyport/v1/logs/verify?proofs=true')).body as unknown as {
    ok: boolean;
    proofs: { checked: number; withoutSignature: number; bad: { uuid: string; what: string }[] };
  };

describe.each(ENGINES)('proofs in the log on %s', (engine) => {
  it('hold, and each is counted', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    for (const name of ['a', 'b', 'c']) await ana.call('POST', '/api/v1/zones', { ...zone, name });
    expect(await proofsOf(ana)).toMatchObject({ ok: true, proofs: { checked: 3, withoutSignature: 0, bad: [] } });
  });

  it('an event that was written without the key is found, though its chain holds', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    await ana.call('POST', '/api/v1/zones', zone);
    const row = await server.services.store.read
      .selectFrom('actionProofs')
      .select(['id', 'evidence'])
      .executeTakeFirstOrThrow();
    // An insider with the database makes the server itself write what nobody signed: another proof of the same assertion.
    const asked = await ana.callOnce('POST', '/api/v1/zones', { ...zone, name: 'other' });
    const { proofUrl } = asked.body['sallyport'] as { proofUrl: string };
    const id = proofUrl.split('/').at(-1) ?? '';
    await server.services.store.transaction((tx) =>
      tx
        .updateTable('actionProofs')
        .set((e) => ({
          evidence: row.evidence,
          provedAt: server.clock.now(),
          factorId: e.selectFrom('factors').select('id').limit(1),
        }))
        .where('id', '=', id)
        .execute(),
    );
    const { proof } = (await ana.get(proofUrl)).body as unknown as { proof: string };
    const done = await ana.callOnce('POST', '/api/v1/zones', { ...zone, name: 'other' }, { 'Sallyport-Proof': proof });
    expect(done.status).toBe(200);
    const report = await proofsOf(ana);
    expect(report.ok).toBe(false);
    expect(report.proofs).toMatchObject({ checked: 2, bad: [{ what: 'the signature is not over this action' }] });
  });
});

describe('a proof in an event', () => {
  it('fails for every part that is changed', async () => {
    server = await startTestServer();
    const ana = await signedInAdmin(server);
    await ana.call('POST', '/api/v1/zones', zone);
    const [attempt] = (await eventsOf(ana, 'security.protected_action.attempt')).filter(
      ({ outcome }) => outcome.result === 'SUCCESS',
    );
    const [enrolment] = await eventsOf(ana, 'user.mfa.factor.activate');
    if (attempt === undefined || enrolment === undefined) throw new Error('no events');
    const { credentialId = '', publicKey = '' } = enrolment.debugContext.debugData as Record<string, string>;
    const key = { userId: ana.login, publicKey, enrolledAt: Date.parse(enrolment.published) };
    const keys = new Map([[credentialId, { ...key, userId: attempt.actor.id }]]);
    expect(await faultOfProof(attempt, keys)).toBeNull();

    const changed = (change: Record<string, string>): LogEvent => ({
      ...attempt,
      debugContext: { debugData: { ...attempt.debugContext.debugData, ...change } },
    });
    const data = attempt.debugContext.debugData as Record<string, string>;
    const [request] = JSON.parse(data['proofRequests'] ?? '[]') as Record<string, string>[];
    const otherBody = JSON.stringify([{ ...request, bodyHash: publicKey.slice(0, 43) }]);
    const faults = await Promise.all([
      faultOfProof(changed({ proofRequests: otherBody }), keys),
      faultOfProof(changed({ proofNonce: 'x' }), keys),
      faultOfProof(changed({ proofRequester: 'session 102other' }), keys),
      faultOfProof(changed({ action: 'zone.delete' }), keys),
      faultOfProof(changed({ proofSignature: data['proofNonce'] ?? '' }), keys),
      faultOfProof(changed({ proofPublicKey: 'pQECAyYgASFYIA' }), keys),
      faultOfProof(changed({ requestUri: '/api/v1/users' }), keys),
      faultOfProof(attempt, new Map()),
      faultOfProof(attempt, new Map([[credentialId, key]])),
      faultOfProof({ ...attempt, actor: { ...attempt.actor, id: '00uEve' } }, keys),
      faultOfProof(
        attempt,
        new Map([[credentialId, { ...key, userId: attempt.actor.id, enrolledAt: Date.now() * 2 }]]),
      ),
      faultOfProof(changed({ proofClientData: 'AAAA' }), keys),
    ]);
    for (const [i, fault] of faults.entries()) expect(fault, String(i)).toMatch(/\w/);
  });
});
