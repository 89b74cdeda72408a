import type { TrustedOriginAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import { readAll } from './read-all.ts';
import type { Entry, Section } from './section.ts';

const SCOPES = ['CORS', 'REDIRECT', 'IFRAME_EMBED'] as const;
type ScopeType = (typeof SCOPES)[number];
const bodyOf = (name: string, { origin, scopes, status }: Entry) => ({
  name,
  origin: String(origin),
  scopes: (scopes as readonly ScopeType[]).map((type) => ({ type })),
  status: status as TrustedOriginAnswer['status'],
});

/** Origins of other sites whose pages may call the API. */
export const trustedOrigins: Section = {
  key: 'trustedOrigins',
  noun: 'trusted origin',
  fields: { origin: undefined, scopes: ['CORS'], status: 'ACTIVE' },
  async read(client) {
    const all = await readAll<TrustedOriginAnswer>(client, '/api/v1/trustedOrigins?limit=200', null);
    return all.map(({ id, name, origin, scopes, status }) => ({
      id,
      name,
      isBuiltIn: false,
      entry: { origin, scopes: scopes.map(({ type }) => type), status },
    }));
  },
  check: ({ scopes }) =>
    Array.isArray(scopes) &&
    scopes.length > 0 &&
    scopes.every((scope) => (SCOPES as readonly unknown[]).includes(scope))
      ? []
      : [`scopes: must be a list of ${SCOPES.join(', ')}`],
  create: (name, entry) => [
    {
      batch: 'trusted-origin.create',
      request: () => requestOf('trustedOrigins.create', { body: bodyOf(name, entry) }),
    },
  ],
  update: ({ id, name }, entry) => [
    {
      batch: 'trusted-origin.update',
      request: () =>
        requestOf('trustedOrigins.replace', { params: { trustedOriginId: id }, body: bodyOf(name, entry) }),
    },
  ],
  remove: ({ id }) => [
    {
      batch: 'trusted-origin.delete',
      request: () => requestOf('trustedOrigins.delete', { params: { trustedOriginId: id } }),
    },
  ],
};
