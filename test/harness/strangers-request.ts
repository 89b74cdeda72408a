import { newId } from '../../packages/server/src/ports/random.ts';
import { digestOf, findRequest } from '../../packages/server/src/requests/store.ts';
import type { TestServer } from './test-server.ts';

/**
 * Makes a request that somebody submitted one of somebody whom nobody here made, so that whoever is left can approve it.
 * Answers the digest that it has now.
 */
export const makeStrangers = async (
  server: Pick<TestServer, 'services'>,
  requestId: string,
  login?: string,
): Promise<string> => {
  const { services: s } = server;
  const row = await findRequest(s.store.read, requestId);
  const id = newId<string>(s.random, 'user');
  const name = login ?? `${id.toLowerCase()}@example.org`;
  const changed = { ...row, requesterId: id, beneficiaryId: id };
  const digest = digestOf(changed);
  await s.store.transaction(async (tx) => {
    const sample = await tx.selectFrom('users').selectAll().limit(1).executeTakeFirstOrThrow();
    const account = { id, login: name, loginFolded: name, profile: JSON.stringify({ login: name, email: name }) };
    await tx
      .insertInto('users')
      .values({ ...sample, ...account, createdBy: 'import' })
      .execute();
    await tx.deleteFrom('requestParties').where('requestId', '=', requestId).execute();
    await tx
      .updateTable('requests')
      .set({ ...changed, digest })
      .where('id', '=', requestId)
      .execute();
  });
  return digest;
};
