/** Access requests from the command line: real processes, somebody who asks, and people who say yes with their keys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { type CliOrg, startCliOrg } from '../harness/cli-org.ts';
import { startCli } from '../harness/cli-process.ts';
import { storePerson } from '../harness/stored-person.ts';
import { makeStrangers } from '../harness/strangers-request.ts';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
  await makeAskableGroup(org.ana);
  const { exitCode, stderr } = await org.login();
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => org.stop());

const json = async <T>(words: readonly string[]): Promise<T> => {
  const { exitCode, stdout, stderr } = await org.run(words);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as T;
};
const create = ['request', 'create', 'Payroll operators', '--for', '2h', '--reason', 'Rotate the certificate'];

describe('sallyport request', () => {
  it('asks, waits with 8, takes back; what is denied ends with 3, what is approved with 0', async () => {
    const { entries } = await json<{ entries: { name: string }[] }>(['request', 'catalog', '--json']);
    expect(entries.map(({ name }) => name)).toEqual(['Payroll operators']);
    const preview = await org.run([...create, '--preview']);
    // Ana is alone: nobody else could say yes, and it says so.
    expect(preview.stdout).toContain('1 of administrators: 0 given; can say yes: nobody');
    expect(preview.stdout).toContain('Note: Step 1 needs one person, and nobody can say yes to it now.');

    const waiting = await org.run([...create, '--wait', '3s', '--json=id,status']);
    expect(waiting.exitCode, waiting.stderr).toBe(8);
    const [line = ''] = waiting.stdout.split(/\n(?=\{)/);
    const { request } = JSON.parse(line) as { request: { id: string; status: string } };
    expect(request.status).toBe('PENDING');
    const list = await json<{ requests: unknown[] }>(['request', 'list', '--mine', '--json=id']);
    expect(list.requests).toEqual([{ id: request.id }]);
    const own = await org.run(['request', 'approve', request.id]);
    expect(own.exitCode).toBe(3);
    expect(own.stderr).toContain('Nobody approves what they asked for themselves.');
    const taken = await org.run(['request', 'cancel', request.id.slice(0, 10)]);
    expect(taken.stdout).toBe('Taken back: Payroll operators, for 2 h.\n');
    expect((await org.run(['request', 'show', request.id, '--wait', '2s'])).exitCode).toBe(3);
    expect((await org.run([...create, '--for', '9h'])).exitCode).toBe(2);
  });

  it('approves with a key over what was shown, and denies with a reason', async () => {
    const first = (await json<{ request: { id: string } }>([...create, '--json=id'])).request.id;
    await makeStrangers(org.server, first, 'lee@example.org');
    expect((await json<{ requests: unknown[] }>(['request', 'list', '--json=id'])).requests).toEqual([{ id: first }]);
    const approved = await org.run(['request', 'approve', first]);
    expect(approved.exitCode, approved.stderr).toBe(0);
    expect(approved.stderr).toContain('Approve “Payroll operators, for 2 h” for lee@example.org');
    expect(approved.stdout).toBe('Approved: Payroll operators, for 2 h, asked by lee@example.org. Now: approved.\n');
    const past = await json<{ request: { grant: { status: string } } }>(['request', 'show', first, '--json=grant']);
    expect(past.request.grant.status).toBe('GRANTED');
    expect((await org.run(['request', 'show', first, '--wait', '2s'])).exitCode).toBe(0);
  });

  it('says 0 to whoever waits until it is approved, and 3 once it is denied', async () => {
    const words = ['request', 'create', 'Payroll operators', '--for', '3h', '--reason', 'The night shift'];
    const { id } = (await json<{ request: { id: string } }>([...words, '--json=id'])).request;
    await makeStrangers(org.server, id, 'may@example.org');
    const waiting = startCli(['request', 'show', id, '--wait', '--json=status'], org.env);
    const approved = await org.run(['request', 'approve', id]);
    expect(approved.exitCode, approved.stderr).toBe(0);
    expect(await waiting.result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('"APPROVED"') as string,
    });
    const denied = (await json<{ request: { id: string } }>([...words, '--json=id'])).request.id;
    await makeStrangers(org.server, denied, 'joy@example.org');
    expect((await org.run(['request', 'deny', denied, '--reason', 'Not at night'])).exitCode).toBe(0);
    const over = await org.run(['request', 'show', denied, '--wait', '--json=status']);
    expect([over.exitCode, over.stdout]).toEqual([3, expect.stringContaining('"DENIED"')]);
    expect((await org.run(['request', 'show', denied, '--wait', 'soon'])).exitCode).toBe(2);
  });

  it('shows who may ask and whose yes it takes, and switches it off; what is named twice is named by its id', async () => {
    const name = 'Payroll operators for a while';
    const condition = ['request-condition', 'show', name];
    expect((await org.run(condition)).stdout).toMatch(
      /Who may ask: +everyone\n.*For: +up to 8 h\n.*Status: +active\n/s,
    );
    expect((await org.run(['request-condition', 'deactivate', name])).stdout).toContain('nobody may ask any more');
    const { entries } = await json<{ entries: unknown[] }>(['request', 'catalog', '--json']);
    expect(entries).toEqual([]);
    await org.run(['request-condition', 'activate', name]);
    await makeAskableGroup(org.ana, undefined, 'Payroll');
    const conditions = await json<{ requestConditions: { id: string; name: string; status: string }[] }>([
      ...['request-condition', 'list', '--json=id,name,status'],
    ]);
    expect(conditions.requestConditions.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
    const second = conditions.requestConditions.find((one) => one.name === 'Payroll for a while')?.id ?? '';
    const { body } = await org.ana.get('/sallyport/v1/request-conditions');
    const of = body as unknown as { id: string; resource: { id: string } }[];
    const resource = of.find(({ id }) => id === second)?.resource.id;
    const path = `/governance/api/v2/resources/${resource}/request-conditions/${second}`;
    const same = await org.ana.call('PATCH', path, { name });
    expect(same.status, same.text).toBe(200);
    const twice = await org.run(['request-condition', 'delete', name, '--yes']);
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining(`names 2 request conditions`)]);
    expect((await org.run(['request-condition', 'delete', second, '--no-input'])).exitCode).toBe(5);
    expect((await org.run(['request-condition', 'delete', second, '--yes'])).exitCode).toBe(0);
    expect((await org.run(['request-condition', 'show', second])).exitCode).toBe(6);
  });

  it('asks for more time of what runs', async () => {
    const { services: s, clock } = org.server;
    const group = await s.store.read
      .selectFrom('groups')
      .select('id')
      .where('name', '=', 'Payroll operators')
      .execute();
    const ana = await s.store.read.selectFrom('users').select('id').where('login', '=', 'ana@example.org').execute();
    const row = await s.store.transaction((tx) =>
      createGrant(s, tx, 'system', {
        userId: ana[0]?.id ?? '',
        entitlement: { kind: 'group', id: group[0]?.id ?? '' },
        ...{ startsAt: clock.now(), expiresAt: clock.now() + 7_200_000 },
        ...{ source: { kind: 'request', id: 'req1' }, reason: 'Rotate the certificate' },
      }),
    );
    const extend = ['grant', 'extend', row.id.slice(0, 12), '--reason', 'The import runs longer'];
    expect((await org.run(extend)).exitCode).toBe(2);
    expect((await org.run([...extend.slice(0, 3), '--for', '1h'])).exitCode).toBe(2);
    expect((await org.run([...extend, '--for', '9h'])).exitCode).toBe(2);
    const asked = await org.run([...extend, '--for', '1h']);
    expect(asked.exitCode, asked.stderr).toBe(0);
    expect(asked.stdout).toMatch(/^Asked: Payroll operators, 1 h longer, until .*\.\nIt takes one approval, by /);
    const [, id = ''] = /request show (\S+)/.exec(asked.stdout) ?? [];
    expect((await org.run(['request', 'show', id])).stdout).toContain(row.id);
    const taken = await org.run(['request', 'cancel', id]);
    expect(taken.exitCode, taken.stderr).toBe(0);
    const waiting = await org.run([...extend, '--for', '1h', '--wait', '2s', '--json=id,status']);
    expect([waiting.exitCode, waiting.stdout]).toEqual([8, expect.stringContaining('"PENDING"')]);
    const [, second = ''] = /"id": ?"([^"]+)"/.exec(waiting.stdout) ?? [];
    expect((await org.run(['request', 'cancel', second])).exitCode).toBe(0);
    const ended = await org.run(['grant', 'end', row.id, '--yes']);
    expect(ended.exitCode, ended.stderr).toBe(0);
    const late = await org.run(['grant', 'extend', row.id, '--for', '1h', '--reason', 'Too late']);
    expect(late.exitCode).toBe(3);
    expect(late.stderr).toContain('only what runs at this moment can be made longer');
  });

  it('asks back, answers, and asks those who can decide once more, but not twice', async () => {
    const { id } = (await json<{ request: { id: string } }>([...create, '--json=id'])).request;
    const said = await org.run(['request', 'comment', id, 'It is for\nthe staging tenant']);
    expect([said.exitCode, said.stdout], said.stderr).toEqual([
      0,
      'Said: whoever sees Payroll operators, for 2 h reads it.\n',
    ]);
    expect((await org.run(['request', 'show', id])).stdout).toMatch(
      /ana@example.org, .*: It is for the staging tenant\n/,
    );
    expect((await org.run(['request', 'comment', id, '  '])).exitCode).toBe(2);
    expect((await org.run(['request', 'comment', 'reqNone', 'hello'])).exitCode).toBe(6);
    const nudged = await org.run(['request', 'nudge', id]);
    expect([nudged.exitCode, nudged.stdout], nudged.stderr).toEqual([0, expect.stringMatching(/^Asked once more: /)]);
    const again = await org.run(['request', 'nudge', id]);
    expect([again.exitCode, again.stdout]).toEqual([3, '']);
    expect((await org.run(['request', 'cancel', id])).exitCode).toBe(0);
  });

  it('gives what waits to somebody who is named, with a key', async () => {
    const { id } = (await json<{ request: { id: string } }>([...create, '--json=id'])).request;
    await makeStrangers(org.server, id, 'kim@example.org');
    await storePerson(org.server.services, { login: 'eve@example.org', keyBy: 'import', roleBy: 'import' });
    const given = await org.run(['request', 'reassign', id, 'eve@example.org']);
    expect(given.exitCode, given.stderr).toBe(0);
    expect(given.stdout).toBe(
      'Given to eve@example.org to decide: Payroll operators, for 2 h, asked by kim@example.org. They are told by mail.\n',
    );
    expect((await org.run(['request', 'show', id])).stdout).toContain('given to eve@example.org by ana@example.org\n');
    const late = await org.run(['request', 'approve', id]);
    expect(late.exitCode).toBe(3);
    expect(late.stderr).toContain('A super admin gave this step to others. You can still say no.');
    expect((await org.run(['request', 'deny', id, '--reason', 'Not today'])).exitCode).toBe(0);
    expect((await org.run(['request', 'reassign', id, 'eve@example.org'])).exitCode).toBe(3);
  });

  it('names who decides in one’s stead, with a key, and ends it', async () => {
    expect((await org.run(['request', 'delegate'])).stdout).toBe(
      'Nobody decides in your stead, and you in nobody’s.\n',
    );
    expect((await org.run(['request', 'delegate', 'del@example.org'])).exitCode).toBe(2);
    await storePerson(org.server.services, { login: 'del@example.org', keyBy: 'import', roleBy: 'import' });
    const named = await org.run(['request', 'delegate', 'del@example.org', '--until', '7d', '--note', 'On leave']);
    expect(named.exitCode, named.stderr).toBe(0);
    expect(named.stdout).toMatch(/^del@example\.org decides in the stead of ana@example\.org, .*: On leave\n$/);
    // A length of time counts from the beginning.
    const from = Date.now() + 2 * 86_400_000;
    const later = ['request', 'delegate', 'del@example.org', '--until', '1d', '--start'];
    expect((await org.run([...later, 'soon'])).exitCode).toBe(2);
    expect((await org.run([...later, new Date(from).toISOString()])).exitCode).toBe(0);
    expect((await org.ana.get('/governance/api/v1/my/settings')).body).toMatchObject({
      delegates: { appointments: [{ endTime: new Date(from + 86_400_000).toISOString() }] },
    });
    const ended = await org.run(['request', 'delegate', '--end']);
    expect(ended.stdout).toBe('Nobody decides in your stead, and you in nobody’s.\n');
  });

  it('names who decides in somebody else’s stead, and reads it', async () => {
    await storePerson(org.server.services, { login: 'bo@example.org', keyBy: 'import', roleBy: 'import' });
    const of = ['request', 'delegate', '--of', 'bo@example.org'];
    expect((await org.run(of)).stdout).toBe('Nobody decides in the stead of bo@example.org.\n');
    const named = await json<{ delegates: { appointments: unknown[] } }>([
      ...['request', 'delegate', 'del@example.org', '--until', '7d'],
      ...['--of', 'bo@example.org', '--json'],
    ]);
    expect(named.delegates.appointments).toHaveLength(1);
    expect((await org.run(of)).stdout).toMatch(/^del@example\.org decides in the stead of bo@example\.org, from /);
    expect((await json<typeof named>([...of, '--json'])).delegates.appointments).toHaveLength(1);
  });
});
