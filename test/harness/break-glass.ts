import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { Person, type Reply } from './person.ts';

type SoftAuthenticator = ReturnType<typeof createSoftAuthenticator>;

/** Its networks in the tests: an ISP, a second family, and one address of a hosting company. */
export const NETWORKS = {
  primary: ['198.51.100.0/24', '127.0.0.1'],
  secondary: ['2001:db8:1::/48'],
  tertiary: ['203.0.113.7'],
};

/** Registers a key as its keeper does, in the keeper's browser. */
export const registerSealedKey = async (
  keeper: Person,
  id: string,
  name: string,
  key: SoftAuthenticator,
  change: { readonly transports?: readonly string[] } = {},
): Promise<Reply> => {
  const begun = await keeper.call('POST', `/sallyport/v1/break-glass/${id}/keys`, { name });
  if (begun.status !== 200) return begun;
  const { activation } = begun.body['_embedded'] as unknown as {
    activation: { challenge: string; user: { id: string } };
  };
  const made = key.register({
    challenge: activation.challenge,
    rpId: 'localhost',
    origin: keeper.url,
    userId: activation.user.id,
  });
  return keeper.call('POST', `/sallyport/v1/break-glass/${id}/keys/${String(begun.body['id'])}/activate`, {
    attestation: made.attestation,
    clientData: made.clientData,
    transports: change.transports ?? made.transports,
  });
};

export interface Glass {
  readonly id: string;
  readonly login: string;
  secret: string;
  readonly keys: readonly SoftAuthenticator[];
}

/** A break-glass account with two keys, ready but for its alarms. */
export const makeGlass = async (keeper: Person, login = 'glass@example.org'): Promise<Glass> => {
  const made = await keeper.call('POST', '/sallyport/v1/break-glass', { login, name: 'Glass', networks: NETWORKS });
  if (made.status !== 201) throw new Error(`break-glass: ${made.status} ${made.text}`);
  const id = String(made.body['id']);
  const keys = [createSoftAuthenticator(), createSoftAuthenticator()];
  for (const [i, key] of keys.entries()) {
    const reply = await registerSealedKey(keeper, id, `Key ${i + 1}`, key);
    if (reply.status !== 200) throw new Error(`key: ${reply.status} ${reply.text}`);
  }
  return { id, login, secret: String(made.body['secret']), keys };
};

/** Whoever opens the envelope: somewhere, with one of its keys. */
export const holderOf = (url: string, glass: Glass, address: string, key = glass.keys[0]): Person =>
  new Person(url, glass.login, address, key);

/** The whole wire of its sign-in, the secret first; the last reply, good or bad. */
export const breakGlass = async (holder: Person, secret: string): Promise<Reply> => {
  const begun = await holder.call('POST', '/api/v1/authn', { username: holder.login, password: secret });
  if (begun.status !== 200) return begun;
  const proved = await holder.prove(begun);
  return proved.body['status'] === 'SUCCESS'
    ? holder.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] })
    : proved;
};
