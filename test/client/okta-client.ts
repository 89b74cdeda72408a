import { Client, type Collection } from '@okta/okta-sdk-nodejs';
import { OPERATIONS } from '../../packages/server/src/host/operations.ts';
import type { TestServer } from '../harness/test-server.ts';

export const OWNER = 'ana@example.org';

/** What a host operation answers; a name that is none fails the test at once. */
const onHost = async (server: TestServer, name: string, args: unknown): Promise<Record<string, string>> => {
  const operation = OPERATIONS[name];
  if (operation === undefined) throw new Error(`no host operation ${name}`);
  return (await operation(server.services, args)) as Record<string, string>;
};

/** An org made on the host, as its operator does it; the id of its first administrator. */
export const setUpOrg = async (server: TestServer): Promise<string> =>
  (await onHost(server, 'setup.org', { admin: OWNER }))['userId'] ?? '';

/** A fresh API token of the owner, good from the loopback address only, and for protected actions too. */
export const makeToken = async (server: TestServer): Promise<string> =>
  (await onHost(server, 'setup.token', { owner: OWNER, zone: 'loopback', ttl: '1h', protectedActions: 'all' }))[
    'token'
  ] ?? '';

/** The real client, configured as its own manual shows. */
export const connect = async (server: TestServer): Promise<Client> =>
  new Client({ orgUrl: server.url, token: await makeToken(server) });

/** Every item of a collection, over all of its pages. */
export const all = async <T>(collection: Collection<T>): Promise<T[]> => {
  const items: T[] = [];
  await collection.each((item) => {
    items.push(item);
  });
  return items;
};
