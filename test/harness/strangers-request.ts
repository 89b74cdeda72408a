import { digestOf, findRequest } from '../../packages/server/src/requests/store.ts';
import { storePerson } from './stored-person.ts';
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
  const id = await storePerson(s, login === undefined ? {} : { login });
  const changed = { ...row, requesterId: id, beneficiaryId: id };
  const digest = digestOf(changed);
  await s.store.transaction(async (tx) => {
    await tx.deleteFrom('requestParties').where('requestId', '=', requestId).execute();
    await tx
      .updateTable('requests')
      .set({ ...changed, digest })
      .where('id', '=', requestId)
      .execute();
  });
  return digest;
};
