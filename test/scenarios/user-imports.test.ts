/** People from a CSV file: seen before they are made, made whole or not at all, and only by whoever may. Both engines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const PATH = '/sallyport/v1/user-imports';

describe.each(ENGINES)('people from a file on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  let count = 0;
  const csvOf = (rows: number): string => {
    const lines = Array.from({ length: rows }, () => {
      count += 1;
      return `p${count}@example.org,First ${count},Last ${count},Desk`;
    });
    return `email,firstName,lastName,department\n${lines.join('\n')}\n`;
  };
  const people = () => server.services.store.read.selectFrom('users').selectAll().execute();
  const causes = (reply: Reply): string[] =>
    (reply.body['errorCauses'] as { errorSummary: string }[]).map(({ errorSummary }) => errorSummary);
  const preview = (csv: string, more: object = {}, by = ana) =>
    by.callOnce('POST', `${PATH}?dryRun=true`, { csv, ...more });

  it('are shown without a proof, and nobody is made', async () => {
    const before = (await people()).length;
    const seen = await preview(csvOf(30));
    expect(seen.status, seen.text).toBe(200);
    expect(seen.body).toMatchObject({ rows: 30, creates: 30, existing: 0, problemCount: 0, problems: [] });
    expect(seen.body['sample']).toHaveLength(10);
    expect((await people()).length).toBe(before);
  });

  it('do not share what only one may have, with each other or with who is there', async () => {
    const schema = {
      definitions: { custom: { properties: { desk: { title: 'Desk', type: 'string', unique: true } } } },
    };
    expect((await ana.call('POST', '/api/v1/meta/schemas/user/default', schema)).status).toBe(200);
    const csv = (rows: readonly string[]) =>
      `email,desk\n${rows.map((row, i) => `u${i}${engine}@example.org,${row}`).join('\n')}\n`;
    const wrong = csv(['d1', 'd2', 'D1']);
    expect((await preview(wrong)).body).toMatchObject({
      creates: 2,
      problems: [{ line: 4, problem: expect.stringContaining('desk') }],
    });
    const refused = await ana.call('POST', PATH, { csv: wrong });
    expect([refused.status, causes(refused)]).toEqual([400, [expect.stringContaining('line 4: desk')]]);
    expect((await ana.call('POST', PATH, { csv: csv(['d1', 'd2']) })).body).toMatchObject({ created: 2 });
    // Whoever is there already has it themselves; a newcomer does not get it.
    const again = csv(['d1', 'd2', 'd1']);
    expect((await preview(again, { skipsExisting: true })).body).toMatchObject({
      creates: 0,
      existing: 2,
      problems: [{ line: 4 }],
    });
    const skipped = await ana.call('POST', PATH, { csv: csv(['d1', 'd2', 'd3']), skipsExisting: true });
    expect(skipped.body).toMatchObject({ created: 1, skipped: 2 });
  });

  it('are made with one proof, in their groups, with an event for each', async () => {
    const group = await ana.call('POST', '/api/v1/groups', { profile: { name: `desk ${engine}` } });
    const groupId = String(group.body['id']);
    const csv = csvOf(25);
    const asked = await ana.callOnce('POST', PATH, { csv, groupIds: [groupId] });
    expect(asked.status).toBe(403);
    const made = await ana.call('POST', PATH, { csv, groupIds: [groupId] });
    expect(made.status, made.text).toBe(200);
    expect(made.body).toEqual({ created: 25, skipped: 0, done: 25, rows: 25, next: null });
    const members = (await ana.get(`/api/v1/groups/${groupId}/users?limit=200`)).body as unknown as {
      id: string;
      status: string;
      profile: { department: string };
    }[];
    expect(members).toHaveLength(25);
    expect(new Set(members.map(({ status }) => status))).toEqual(new Set(['STAGED']));
    expect(members[0]?.profile.department).toBe('Desk');
    const events = await ana.get(
      `/api/v1/logs?filter=${encodeURIComponent(`eventType eq "user.lifecycle.create" and target.id eq "${members[7]?.id}"`)}`,
    );
    expect(events.body).toHaveLength(1);
  });

  it('are made a slice at a time', async () => {
    const csv = csvOf(12);
    const first = await ana.call('POST', PATH, { csv, count: 5, activates: true });
    expect(first.body).toEqual({ created: 5, skipped: 0, done: 5, rows: 12, next: 5 });
    const second = await ana.call('POST', PATH, { csv, count: 5, from: 5 });
    expect(second.body).toMatchObject({ created: 5, done: 10, next: 10 });
    expect((await ana.call('POST', PATH, { csv, count: 5, from: 10 })).body).toMatchObject({ created: 2, next: null });
    expect(causes(await ana.call('POST', PATH, { csv, from: 12 })).join()).toContain('The file has 12 rows');
  });

  it('are made all or none, and every wrong row is named', async () => {
    const good = csvOf(3);
    const before = (await people()).length;
    const csv = `${good}not an address,X,Y,Z\n${ana.login},X,Y,Z\n`;
    const seen = await preview(csv);
    expect(seen.body).toMatchObject({ rows: 5, creates: 3, existing: 1, problemCount: 2 });
    const refused = await ana.callOnce('POST', PATH, { csv });
    expect(refused.status).toBe(400);
    expect(causes(refused)).toEqual([
      expect.stringMatching(/^line 5: .*email/),
      `line 6: ${ana.login} has an account already`,
    ]);
    expect((await people()).length).toBe(before);
  });

  it('who are there already are left out where that is asked', async () => {
    const csv = csvOf(2);
    await ana.call('POST', PATH, { csv });
    const again = `${csv}${csvOf(1).split('\n')[1]}\n`;
    expect((await ana.callOnce('POST', PATH, { csv: again })).status).toBe(400);
    expect((await ana.call('POST', PATH, { csv: again, skipsExisting: true })).body).toMatchObject({
      created: 1,
      skipped: 2,
    });
  });

  it('cannot be made twice by two requests at once', async () => {
    const csv = csvOf(4);
    const [one, two] = [await ana.prepare('POST', PATH, { csv }), await ana.prepare('POST', PATH, { csv })];
    const replies = await Promise.all([one(), two()]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
    const logins = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect((await people()).filter(({ login }) => logins.includes(login))).toHaveLength(4);
  });

  it.each([
    ['too many at once', { count: 1001 }],
    ['a negative place', { from: -1 }],
    ['a field that is none', { passwords: true }],
    ['a group that is none', { groupIds: ['00g00000000000000000'] }],
    ['no file', { csv: '' }],
  ])('are refused with %s', async (_, more) => {
    const before = (await people()).length;
    expect((await ana.callOnce('POST', PATH, { csv: csvOf(1), ...more })).status).toBe(400);
    expect((await people()).length).toBe(before);
  });

  it('are nobody’s who may not create people, and no way into a group with a role', async () => {
    const ben = await enrolPerson(server, ana, `ben-${engine}@example.org`, 'READ_ONLY_ADMIN');
    expect((await preview(csvOf(1), {}, ben)).status).toBe(403);
    expect((await ben.callOnce('POST', PATH, { csv: csvOf(1) })).status).toBe(403);
    const group = await ana.call('POST', '/api/v1/groups', { profile: { name: `admins ${engine}` } });
    const groupId = String(group.body['id']);
    await ana.call('POST', `/api/v1/groups/${groupId}/roles`, { type: 'HELP_DESK_ADMIN' });
    const refused = await ana.call('POST', PATH, { csv: csvOf(1), groupIds: [groupId] });
    expect(refused.status).toBe(403);
  });
});
