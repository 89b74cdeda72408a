/** `log verify --verdicts`: what was judged is judged the same again, and nobody changes what it was judged from. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Person, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

interface Report {
  readonly ok: boolean;
  readonly verdicts?: {
    readonly checked: number;
    readonly withoutCommitment: number;
    readonly bad: readonly { readonly uuid: string; readonly what: string }[];
  };
}
const CHANGED = 'its facts or its verdict were changed';

describe.each(ENGINES)('verdicts in the log on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeEach(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    // Signed in twice, and once thrown out for the network: three verdicts of two judgements.
    await ana.signIn();
    const thief = new Person(server.url, 'ana@example.org', '203.0.113.9');
    thief.cookie = ana.cookie;
    expect((await thief.get('/api/v1/users/me')).status).toBe(401);
    await ana.signIn();
  });
  afterEach(() => server.stop());

  const report = async (): Promise<Report> =>
    (await ana.get('/sallyport/v1/logs/verify?verdicts=true')).body as unknown as Report;
  const stored = () =>
    server.services.store.read.selectFrom('verdicts').selectAll().orderBy('createdAt').orderBy('eventUuid').execute();
  const change = (uuid: string, to: Partial<Awaited<ReturnType<typeof stored>>[number]>) =>
    server.services.store.transaction((tx) =>
      tx.updateTable('verdicts').set(to).where('eventUuid', '=', uuid).execute(),
    );
  const only = async (uuid: string, what: string): Promise<void> => {
    const { ok, verdicts } = await report();
    expect(ok).toBe(false);
    expect(verdicts?.bad).toEqual([{ uuid, what }]);
    expect((await ana.get(`/sallyport/v1/logs/${uuid}/why`)).body['agrees']).toBe(false);
  };

  it('hold, each of them, and are checked only when it is asked for', async () => {
    const rows = await stored();
    expect(new Set(rows.map(({ judgement }) => judgement))).toContain('bind-session');
    const { ok, verdicts } = await report();
    expect(verdicts).toEqual({ checked: rows.length, withoutCommitment: 0, bad: [] });
    expect(ok).toBe(true);
    expect((await ana.get('/sallyport/v1/logs/verify')).body).not.toHaveProperty('verdicts');
    expect((await ana.get('/sallyport/v1/logs/verify?verdicts=maybe')).status).toBe(400);
  });

  it('the event tells nothing of the facts: the same verdict twice is two commitments', async () => {
    const { body } = await ana.get(
      `/api/v1/logs?filter=${encodeURIComponent('eventType eq "policy.evaluate_sign_on"')}`,
    );
    const seen = (body as unknown as { debugContext: { debugData: Record<string, string> } }[]).map(
      ({ debugContext }) => debugContext.debugData['verdictCommitment'],
    );
    expect(seen.length).toBeGreaterThan(1);
    for (const commitment of seen) expect(commitment).toMatch(/^[\w-]{43}$/);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('whoever changes the facts, the verdict, both, or the salt is found', async () => {
    const row = (await stored()).find(({ judgement }) => judgement === 'evaluate-policy');
    if (row === undefined) throw new Error('no verdict');
    const { eventUuid, ...before } = row;
    const facts = row.input.replaceAll(ana.address, '192.0.2.77');
    expect(facts).not.toBe(row.input);
    // On these facts the same is judged: only the commitment tells that they are others.
    await change(eventUuid, { input: facts });
    await only(eventUuid, CHANGED);
    await change(eventUuid, { ...before, verdict: row.verdict.replace('"allow"', '"deny"') });
    await only(eventUuid, CHANGED);
    await change(eventUuid, { ...before, salt: null });
    await only(eventUuid, CHANGED);
    await change(eventUuid, { ...before, judgement: 'nobody-knows' });
    await only(eventUuid, CHANGED);
    await change(eventUuid, before);
    expect((await report()).ok).toBe(true);
  });

  it('a verdict that was put beside another event, or taken away, is found', async () => {
    const [one, other] = (await stored()).filter(({ judgement }) => judgement === 'evaluate-policy');
    if (one === undefined || other === undefined) throw new Error('no two verdicts');
    const { eventUuid: uuid, ...mine } = one;
    const { eventUuid: _, ...theirs } = other;
    await change(uuid, theirs);
    await only(uuid, CHANGED);
    await change(uuid, mine);
    await server.services.store.transaction((tx) => tx.deleteFrom('verdicts').where('eventUuid', '=', uuid).execute());
    const { ok, verdicts } = await report();
    expect([ok, verdicts?.bad]).toEqual([false, [{ uuid, what: 'its facts and its verdict are gone' }]]);
  });

  it('a verdict that was put beside an event of which nothing was judged is found', async () => {
    const [one] = (await stored()).filter(({ judgement }) => judgement === 'evaluate-policy');
    const { body } = await ana.get(`/api/v1/logs?filter=${encodeURIComponent('eventType eq "user.session.start"')}`);
    const uuid = (body as unknown as { uuid: string }[]).at(-1)?.uuid ?? '';
    if (one === undefined) throw new Error('no verdict');
    await server.services.store.transaction((tx) =>
      tx
        .insertInto('verdicts')
        .values({ ...one, eventUuid: uuid })
        .execute(),
    );
    const { ok, verdicts } = await report();
    expect([ok, verdicts?.bad]).toEqual([false, [{ uuid, what: 'its event tells of no judgement' }]]);
  });

  it('is closed to whoever may not read the log', async () => {
    const nobody = new Person(server.url, 'ana@example.org', ana.address);
    expect((await nobody.get('/sallyport/v1/logs/verify?verdicts=true')).status).toBe(401);
  });
});
