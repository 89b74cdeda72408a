import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { Person } from './person.ts';
import type { TestServer } from './test-server.ts';

/** Somebody else, with a key and a role or none, signed in. */
export const enrolPerson = async (
  server: TestServer,
  admin: Person,
  login: string,
  role: string | null,
  address = '127.0.0.1',
): Promise<Person> => {
  const made = await admin.call('POST', '/api/v1/users?activate=true', {
    profile: { firstName: login.split('@')[0], lastName: 'Example', login, email: login },
    credentials: { password: { value: 'correct horse battery staple' } },
  });
  if (made.status !== 200) throw new Error(`user: ${made.status} ${made.text}`);
  const id = String(made.body['id']);
  if (role !== null) await admin.call('POST', `/api/v1/users/${id}/roles`, { type: role });
  const person = new Person(server.url, login, address);
  const code = await server.services.store.transaction((tx) => createSetupCode(server.services, tx, 'enrol', id));
  const begun = await person.call('POST', '/sallyport/v1/setup/claim', { code });
  const stateToken = String(begun.body['stateToken']);
  const registered = await person.registerKey(stateToken, person.key);
  if (registered.status !== 200) throw new Error(`key: ${registered.status} ${registered.text}`);
  await person.call('POST', '/sallyport/v1/setup/finish', { stateToken, secondKeySkipped: true });
  const reply = await person.signIn();
  if (reply.status !== 200) throw new Error(`sign-in: ${reply.status} ${reply.text}`);
  return person;
};
