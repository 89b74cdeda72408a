import type { UserAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import { readAll } from './read-all.ts';
import type { Section, Step } from './section.ts';

const SEARCH = `/api/v1/users?limit=200&search=${encodeURIComponent('sallyport.serviceAccountSince pr')}`;

const mark = (login: string, isServiceAccount: boolean): Step => ({
  // Whoever holds an admin role asks for more: each by itself.
  batch: `service-account ${login}`,
  request: async (names) =>
    requestOf('serviceAccounts.mark', {
      params: { userId: await names.idOf('user', login) },
      body: { isServiceAccount },
    }),
});

/** The accounts that nobody signs in as, by login; the accounts themselves are in no document. */
export const serviceAccounts: Section = {
  key: 'serviceAccounts',
  noun: 'service account',
  fields: {},
  async read(client) {
    const all = await readAll<UserAnswer>(client, SEARCH, null);
    return all.map(({ id, profile }) => ({ id, name: profile.login.toLowerCase(), isBuiltIn: false, entry: {} }));
  },
  // The same login in other letters would be another entry: it would be marked, and then unmarked.
  check: (_, login) => (login === login.toLowerCase() ? [] : ['must be in lower case']),
  mentions: (_, login) => [{ kind: 'user', name: login }],
  create: (login) => [mark(login, true)],
  update: () => [],
  remove: ({ name }) => [mark(name, false)],
};
