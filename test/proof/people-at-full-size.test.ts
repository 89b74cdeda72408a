/** Issue 5: lists, searches and pages of people and groups cost the same at full size as at a hundredth of it. Both engines. */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filledGroupId, filledUserId, fillPeople } from '../harness/fill-people.ts';
import { expectAlike, SHARE_WORDS } from '../harness/in-turns.ts';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { settlePostgres } from '../harness/settle-postgres.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const IS_FULL = process.env['PROOF'] === 'full';
const FULL = IS_FULL ? { users: 100_000, groups: 10_000 } : { users: 10_000, groups: 1000 };
const HUNDREDTH = { users: FULL.users / 100, groups: FULL.groups / 100 };
const FILL_MS = 30 * 60_000;

const encoded = encodeURIComponent;
const pathsOf = ({ users, groups }: typeof FULL): Readonly<Record<string, string>> => {
  const someone = `person${Math.floor(users / 2)}`;
  const after = filledUserId(Math.floor(users / 3));
  return {
    'people, the first page': '/api/v1/users?limit=20',
    'people, a page in the midst': `/api/v1/users?limit=20&after=${after}`,
    'a person by id': `/api/v1/users/${filledUserId(Math.floor(users / 2))}`,
    'a person by login': `/api/v1/users/${someone}@example.org`,
    'people by the beginning of a name': `/api/v1/users?limit=20&q=${someone}`,
    'people by a search for a login': `/api/v1/users?search=${encoded(`profile.login eq "${someone}@example.org"`)}`,
    'people by a search for a beginning': `/api/v1/users?limit=20&search=${encoded(`profile.email sw "${someone}"`)}`,
    'people by a filter on a name': `/api/v1/users?limit=5&filter=${encoded('profile.firstName eq "First7"')}`,
    'people by when they changed': `/api/v1/users?limit=20&search=${encoded('lastUpdated gt "2020-01-01T00:00:00.000Z"')}&sortBy=lastUpdated`,
    'people in the order of names': '/api/v1/users?limit=20&search=status%20pr&sortBy=profile.lastName',
    'groups, the first page': '/api/v1/groups?limit=20',
    'groups, a page in the midst': `/api/v1/groups?limit=20&after=${filledGroupId(Math.floor(groups / 3))}`,
    'groups by the beginning of a name': `/api/v1/groups?limit=1&q=${encoded(`Team ${Math.floor(groups / 2)}`)}`,
    'members of a group': `/api/v1/groups/${filledGroupId(3)}/users?limit=20`,
    'groups of a person': `/api/v1/users/${filledUserId(5)}/groups`,
    'holders of roles': '/api/v1/iam/assignees/users',
  };
};

interface Org {
  readonly server: TestServer;
  readonly ana: Person;
  readonly paths: Readonly<Record<string, string>>;
}
const openOrg = async (engine: (typeof ENGINES)[number], size: typeof FULL): Promise<Org> => {
  const server = await startTestServer({ engine });
  const ana = await signedInAdmin(server);
  await fillPeople(server.services, size);
  if (engine === 'postgres') await settlePostgres(server);
  return { server, ana, paths: pathsOf(size) };
};
const timeOf = async ({ ana, paths }: Org, name: string): Promise<number> => {
  const path = paths[name] ?? '';
  const startedAt = performance.now();
  const reply = await ana.get(path);
  const took = performance.now() - startedAt;
  expect(reply.status, reply.text).toBe(200);
  if (Array.isArray(reply.body)) expect(reply.body.length, path).toBeGreaterThan(0);
  return took;
};

describe.each(ENGINES)(`${FULL.users} people and ${FULL.groups} groups on %s`, (engine) => {
  let small: Org;
  let full: Org;
  const figures: string[] = [];

  beforeAll(async () => {
    small = await openOrg(engine, HUNDREDTH);
    full = await openOrg(engine, FULL);
  }, FILL_MS);
  afterAll(async () => {
    console.log(
      `${engine}, ${SHARE_WORDS} at 1 % and at ${FULL.users} people and ${FULL.groups} groups\n${figures.join('\n')}`,
    );
    await small?.server.stop();
    await full?.server.stop();
  });

  it.each(Object.keys(pathsOf(FULL)))('%s', async (name) => {
    figures.push(
      await expectAlike(
        name,
        () => timeOf(small, name),
        () => timeOf(full, name),
      ),
    );
  });
});
