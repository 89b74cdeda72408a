/** A running review survives `kill -9` at each of its moments: what was answered stands, once, and its report is the one in the log. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askedProof, Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { runHost, spawnServer } from '../harness/server-process.ts';
import { createDatabase, ENGINES, freePort } from '../harness/test-server.ts';

const MEMBERS = 12;
const LOOPBACK = '127.0.0.1';
const NOTE = 'asked the team lead';

interface Item {
  readonly id: string;
  readonly subject: { readonly id: string };
  readonly decision: 'APPROVE' | 'REVOKE' | null;
  readonly isUnanswered: boolean;
  readonly remediation: { readonly status: string };
}
interface ReviewEvent {
  readonly outcome: { readonly result: string };
  readonly target: readonly { readonly id: string; readonly type: string }[];
  readonly debugContext: { readonly debugData: Readonly<Record<string, string>> };
}
const good = (reply: Reply): Reply => {
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
  return reply;
};
const idOf = (reply: Reply): string => String(good(reply).body['id']);

describe.each(ENGINES)('kill -9 of a server with a running review on %s', (engine) => {
  it('loses no answer, takes what was revoked, and closes once with the report whose digest is in the log', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-kill-review-'));
    const env = {
      SALLYPORT_PORT: String(await freePort()),
      SALLYPORT_DATA_DIR: dataDir,
      SALLYPORT_LOG_LEVEL: 'error',
      ...(engine === 'postgres' ? { SALLYPORT_DATABASE_URL: await createDatabase() } : {}),
    };
    let server = await spawnServer(env);
    const people: Person[] = [];
    const killAndStart = async (): Promise<void> => {
      await server.kill('SIGKILL');
      server = await spawnServer(env);
      for (const person of people) good(await person.signIn());
    };
    const claimCode = async (): Promise<string> => {
      await expect.poll(() => server.output()).toMatch(/#code=[\w-]+/);
      return /#code=([\w-]+)/.exec(server.output())?.[1] ?? '';
    };
    const ana = await signedInAdmin({ url: server.url, claimCode }, LOOPBACK);
    const create = async (name: string): Promise<string> => {
      const login = `${name}@example.org`;
      const profile = { firstName: name, lastName: 'Park', email: login, login };
      return idOf(await ana.call('POST', '/api/v1/users?activate=true', { profile }));
    };
    const beaId = await create('bea');
    good(await ana.call('POST', `/api/v1/users/${beaId}/roles`, { type: 'SUPER_ADMIN' }));
    const bea = new Person(server.url, 'bea@example.org', LOOPBACK);
    const { link } = good(await ana.call('POST', `/sallyport/v1/users/${beaId}/enrolment-codes`)).body as unknown as {
      link: string;
    };
    const begun = good(await bea.call('POST', '/sallyport/v1/setup/claim', { code: link.split('=')[1] ?? '' }));
    const stateToken = String(begun.body['stateToken']);
    good(await bea.registerKey(stateToken, bea.key));
    good(await bea.call('POST', '/sallyport/v1/setup/finish', { stateToken, secondKeySkipped: true }));
    good(await bea.signIn());
    people.push(ana, bea);

    const groupId = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Payroll operators' } }));
    const memberIds: string[] = [];
    for (let i = 0; i < MEMBERS; i += 1) {
      const userId = await create(`member${i}`);
      good(await ana.call('PUT', `/api/v1/groups/${groupId}/users/${userId}`));
      memberIds.push(userId);
    }
    const id = idOf(
      await ana.call('POST', '/governance/api/v1/campaigns', {
        name: 'Who operates payroll',
        scheduleSettings: {
          type: 'ONE_OFF',
          startDate: '2099-01-01T09:00:00Z',
          durationInDays: 7,
          timeZone: 'Europe/Oslo',
        },
        resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: groupId, resourceType: 'GROUP' }] },
        reviewerSettings: { type: 'USER', reviewerId: beaId },
        remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'DENY' },
      }),
    );
    const items = async (): Promise<readonly Item[]> =>
      good(await ana.get(`/sallyport/v1/campaigns/${id}/items?show=all&limit=200`)).body as unknown as Item[];
    const members = async (): Promise<readonly string[]> =>
      (good(await ana.get(`/api/v1/groups/${groupId}/users?limit=200`)).body as unknown as { id: string }[]).map(
        (one) => one.id,
      );

    // Launched, and killed as soon as that was said.
    good(await ana.call('POST', `/governance/api/v1/campaigns/${id}/launch`));
    await killAndStart();
    const asked = await items();
    expect(asked.map(({ subject }) => subject.id).toSorted()).toEqual(memberIds.toSorted());

    // Eight answers at once, each signed before; the kill comes once one of them was acknowledged.
    const path = `/sallyport/v1/campaigns/${id}/decisions`;
    const given = asked.slice(0, 8).map((item, at) => ({
      reviewId: item.id,
      decision: at % 2 === 0 ? ('APPROVE' as const) : ('REVOKE' as const),
      note: NOTE,
    }));
    const sends: (() => Promise<Reply>)[] = [];
    for (const decision of given) {
      const body = { decisions: [decision] };
      const proof = askedProof(await bea.callOnce('POST', path, body));
      if (proof === null) throw new Error('no proof was asked');
      const proved = good(await bea.giveProof(proof));
      sends.push(() => bea.callOnce('POST', path, body, { 'Sallyport-Proof': String(proved.body['proof']) }));
    }
    const acknowledged = new Set<string>();
    const answers = sends.map((send, at) =>
      send().then(
        (reply) => {
          good(reply);
          acknowledged.add(given[at]?.reviewId ?? '');
        },
        () => null,
      ),
    );
    await expect.poll(() => acknowledged.size, { interval: 1 }).toBeGreaterThan(0);
    await server.kill('SIGKILL');
    await Promise.all(answers);
    await killAndStart();
    const afterKill = new Map((await items()).map((item) => [item.id, item]));
    for (const { reviewId, decision } of given) {
      const stands = afterKill.get(reviewId)?.decision;
      // What was said to be done is done; of the others each is done whole, or not at all.
      if (acknowledged.has(reviewId)) expect(stands).toBe(decision);
      else expect([null, decision]).toContain(stands);
      if (stands === null) good(await bea.call('POST', path, { decisions: [{ reviewId, decision, note: NOTE }] }));
    }
    const subjectOf = new Map(asked.map((item) => [item.id, item.subject.id]));
    const revoked = given
      .filter(({ decision }) => decision === 'REVOKE')
      .map(({ reviewId }) => subjectOf.get(reviewId));
    const kept = given.filter(({ decision }) => decision === 'APPROVE').map(({ reviewId }) => subjectOf.get(reviewId));
    // Also where the kill came between the answer and its taking.
    await expect.poll(async () => (await members()).filter((one) => revoked.includes(one))).toEqual([]);

    // Ended, and killed at some moment of what that brings; whoever ended it tries again where it was not heard.
    const ended = await ana.prepare('POST', `/governance/api/v1/campaigns/${id}/end`, {});
    const ending = ended().then(
      (reply) => reply.status,
      () => null,
    );
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
    await server.kill('SIGKILL');
    await ending;
    await killAndStart();
    const summary = async () =>
      good(await ana.get(`/sallyport/v1/campaigns/${id}`)).body as unknown as {
        status: string;
        closedAt: string | null;
        reportSha256: string | null;
      };
    if ((await summary()).status === 'ACTIVE')
      good(await ana.call('POST', `/governance/api/v1/campaigns/${id}/end`, {}));
    await expect.poll(async () => (await summary()).closedAt).not.toBeNull();

    await killAndStart();
    expect((await members()).toSorted()).toEqual(kept.toSorted());
    const events = async (eventType: string): Promise<readonly ReviewEvent[]> => {
      const filter = encodeURIComponent(`eventType eq "${eventType}"`);
      return good(await ana.get(`/api/v1/logs?limit=1000&since=2000-01-01T00:00:00.000Z&filter=${filter}`))
        .body as unknown as ReviewEvent[];
    };
    const closed = await events('certification.campaign.close');
    expect(closed).toHaveLength(1);
    const { text } = good(await ana.get(`/sallyport/v1/campaigns/${id}/report`));
    const digest = createHash('sha256').update(text).digest('hex');
    expect(closed[0]?.debugContext.debugData['reportSha256']).toBe(digest);
    expect((await summary()).reportSha256).toBe(digest);
    // Each item was answered once, by somebody or by nobody.
    const decided = (await events('certification.campaign.item.decide')).map(
      ({ target }) => target.find(({ type }) => type === 'CampaignItem')?.id ?? '',
    );
    expect(decided.toSorted()).toEqual(asked.map((item) => item.id).toSorted());
    expect((await items()).filter(({ isUnanswered }) => isUnanswered)).toHaveLength(MEMBERS - given.length);
    await server.kill('SIGTERM');
    const verified = await runHost(env, 'log.verify', {});
    expect(verified.result['ok'], JSON.stringify(verified)).toBe(true);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
