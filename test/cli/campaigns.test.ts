/** Reviews from the command line: planned, decided with a key, ended, and the report compared with the log. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliOrg, startCliOrg } from '../harness/cli-org.ts';
import { storePerson } from '../harness/stored-person.ts';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
  // An administrator whom nobody here made: only about such are people asked.
  const names = { firstName: 'Lee', lastName: 'Park' };
  await storePerson(org.server.services, { login: 'lee@example.org', profile: names, createdAt: 0, roleBy: 'host' });
  // Somebody who can be asked, and has nothing to review.
  const kim = { firstName: 'Kim', lastName: 'Roe' };
  await storePerson(org.server.services, { login: 'kim@example.org', profile: kim, createdAt: 0 });
  const { exitCode, stderr } = await org.login();
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => org.stop());

it('plans a review, begins, decides and ends it, and the report is the one that the log tells of', async () => {
  const good = async (words: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await org.run(words);
    expect(exitCode, `${words.join(' ')}: ${stderr}`).toBe(0);
    return stdout;
  };
  const nobody = await org.run(['campaign', 'create']);
  expect(nobody.exitCode).not.toBe(0);
  expect(nobody.stderr).toContain('--reviewer');
  await good([
    ...['campaign', 'create', '--name', 'Yearly', '--reviewer', 'ana@example.org'],
    ...['--start', '2099-01-01T00:00:00Z', '--every', 'P1Y'],
  ]);
  expect(await good(['campaign', 'list'])).toContain('Yearly');
  expect(await good(['campaign', 'launch', 'Yearly'])).toContain('2 item(s)');
  const running = JSON.parse(await good(['campaign', 'list', '--json=id,name,status'])) as {
    campaigns: { id: string; status: string }[];
  };
  const id = running.campaigns.find(({ status }) => status === 'ACTIVE')?.id ?? '';
  // Her own role is not hers to judge.
  const { items } = JSON.parse(await good(['review', 'list', id, '--json=id,subject,decide'])) as {
    items: { id: string; subject: { name: string } }[];
  };
  expect(items.map(({ subject }) => subject.name)).toEqual(['Lee Park']);
  // All of hers go to somebody else, and one comes back; what Kim is not asked about nobody takes from Kim.
  const asked = async (): Promise<string[][]> => {
    const all = JSON.parse(await good(['review', 'list', id, '--all', '--json=reviewers,reviewersVia'])) as {
      items: { reviewers: { name: string }[] }[];
    };
    return all.items.map(({ reviewers }) => reviewers.map(({ name }) => name));
  };
  const before = await asked();
  const move = ['review', 'reassign', id, '--to', 'kim@example.org', '--reason', 'Ana is away'];
  expect((await org.run([...move, '--no-input'])).exitCode).toBe(5);
  expect((await org.run([...move, '--from', 'kim@example.org', '--yes'])).exitCode).toBe(6);
  expect(await asked()).toEqual(before);
  expect(await good([...move, '--from', 'ana@example.org', '--yes'])).toContain('1 item(s) of Yearly: kim@example.org');
  expect(await asked()).toEqual(before.map((names) => (names.includes('Ana Admin') ? ['Kim Roe'] : names)));
  const hers = items[0]?.id ?? '';
  expect(
    JSON.parse(
      await good(['review', 'reassign', id, hers, hers, '--to', 'ana@example.org', '--reason', 'is back', '--json']),
    ),
  ).toMatchObject({ reassigned: [hers] });
  expect(await asked()).toEqual(before);
  const bare = await org.run(['review', 'decide', id, '--revoke', items[0]?.id ?? '']);
  expect(bare.stderr).toContain('--reason');
  const decided = ['review', 'decide', id, '--revoke', items[0]?.id ?? '', '--reason', 'left the team'];
  expect(await good(decided)).toContain('1 decision(s) count: 0 kept, 1 revoked.');
  expect((await org.run(decided)).stderr).toContain('a decision is final');
  // She says it was a mistake, and it is as it was; there is nothing to give back a second time.
  const back = ['review', 'restore', id, (items[0]?.id ?? '').slice(0, 12)];
  expect(await good(back)).toMatch(/^Given back: .* to Lee Park, as it was\.\n$/);
  expect(await good(['review', 'list', id])).toContain('given back');
  expect((await org.run(back)).exitCode).toBe(3);
  expect((await org.run(['review', 'restore', id, 'icrNone'])).exitCode).toBe(6);
  const open = await org.run(['campaign', 'report', id, '--verify']);
  expect(open.exitCode).not.toBe(0);
  expect((await org.run(['campaign', 'delete', id, '--yes'])).stderr).toContain('it is running');
  await good(['campaign', 'end', id, '--yes']);
  const verified = JSON.parse(await good(['campaign', 'report', id, '--verify', '--json'])) as Record<string, unknown>;
  expect(verified['isSame']).toBe(true);
  expect(await good(['campaign', 'report', id, '--format', 'csv'])).toContain('Lee Park');
});

it('asks owners of groups, and another person after them', async () => {
  const create = ['campaign', 'create', '--preset', 'groups', '--start', '2099-01-01T00:00:00Z'];
  const wrong = await org.run([...create, '--ask', 'anybody', '--reviewer', 'ana@example.org']);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('person, manager, owner, group')]);
  const made = await org.run([
    ...create,
    ...['--ask', 'owner', '--reviewer', 'ana@example.org', '--second', 'lee@example.org'],
  ]);
  expect(made.exitCode, made.stderr).toBe(0);
  const { store } = org.server.services;
  const { settings } = await store.read
    .selectFrom('campaigns')
    .select('settings')
    .where('name', '=', 'Memberships of groups')
    .executeTakeFirstOrThrow();
  const people = await store.read.selectFrom('users').select(['id', 'login']).execute();
  const id = (login: string): string | undefined => people.find((one) => one.login === login)?.id;
  expect(JSON.parse(settings)).toMatchObject({
    kinds: ['GROUP_MEMBERSHIP'],
    reviewerSettings: {
      reviewerLevels: [
        { type: 'RESOURCE_OWNER', fallBackReviewerId: id('ana@example.org') },
        { type: 'USER', reviewerId: id('lee@example.org'), startReview: { when: 'LOWER_LEVEL_APPROVES' } },
      ],
    },
  });
});

it('asks who is in one group, or what its members have', async () => {
  const { store } = org.server.services;
  const made = await org.ana.call('POST', '/api/v1/groups', { profile: { name: 'Night desk' } });
  const groupId = String(made.body['id']);
  const create = ['campaign', 'create', '--reviewer', 'ana@example.org', '--start', '2099-01-01T00:00:00Z'];
  const settingsBy = async (words: readonly string[], name: string): Promise<unknown> => {
    const { exitCode, stderr } = await org.run([...create, '--name', name, ...words]);
    expect(exitCode, stderr).toBe(0);
    const row = store.read.selectFrom('campaigns').select('settings').where('name', '=', name);
    return JSON.parse((await row.executeTakeFirstOrThrow()).settings);
  };
  expect(await settingsBy(['--preset', 'groups', '--group', 'Night desk'], 'Who is in it')).toMatchObject({
    kinds: ['GROUP_MEMBERSHIP'],
    groupIds: [groupId],
    principalScopeSettings: { groupIds: [] },
  });
  expect(await settingsBy(['--preset', 'inactive', '--members-of', groupId], 'What they have')).toMatchObject({
    kinds: ['ROLE'],
    groupIds: null,
    principalScopeSettings: { groupIds: [groupId], predefinedInactiveUsersScope: { inactiveDays: 90 } },
  });
  // A planned one goes without a trace of it in the list.
  expect((await org.run(['campaign', 'delete', 'Who is in it', '--yes'])).stdout).toBe('Deleted: Who is in it.\n');
  expect((await org.run(['campaign', 'delete', 'Who is in it', '--yes'])).exitCode).toBe(6);
});

it('asks about break-glass accounts by a preset, and shows how each stands', async () => {
  const good = async (words: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await org.run(words);
    expect(exitCode, `${words.join(' ')}: ${stderr}`).toBe(0);
    return stdout;
  };
  await good(['break-glass', 'create', 'glass@example.org', '--name', 'Glass', '--primary', '198.51.100.0/24']);
  const later = ['--start', '2099-01-01T00:00:00Z'];
  await good(['campaign', 'create', '--preset', 'break-glass', '--reviewer', 'ana@example.org', ...later]);
  expect(await good(['campaign', 'launch', 'Break-glass accounts'])).toContain('1 item(s)');
  expect(await good(['review', 'list', 'Break-glass accounts', '--all'])).toMatch(/open\s+Glass.*Super Administrator/);
  const { items } = JSON.parse(
    await good(['review', 'list', 'Break-glass accounts', '--all', '--json=kind,reviewers,seal']),
  ) as { items: unknown[] };
  // Ana has made it just now: nobody else could be asked about it.
  expect(items).toMatchObject([
    { kind: 'BREAK_GLASS', reviewers: [], seal: { keys: [], networks: { primary: ['198.51.100.0/24'] } } },
  ]);
});
