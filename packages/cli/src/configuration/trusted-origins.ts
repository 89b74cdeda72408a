import type { TrustedOriginAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import { readAll } from './read-all.ts';
import type { Entry, Section } from './section.ts';

const SCOPES = ['CORS', 'REDIRECT', 'IFRAME_EMBED'] as const;
type ScopeType = (typeof SCOPES)[number];
type Scope = TrustedOriginAnswer['scopes'][number];

/** By its type alone, or as on the wire where it says for which apps. */
const entryOf = (scope: Scope): unknown => (scope.allowedOktaApps === undefined ? scope.type : { ...scope });
const scopeOf = (entry: unknown) => {
  if (typeof entry === 'string') return { type: entry as ScopeType };
  const { type, allowedOktaApps } = entry as Required<Scope>;
  return { type, allowedOktaApps: [...allowedOktaApps] };
};
const isScope = (entry: unknown): boolean => {
  if (typeof entry === 'string') return (SCOPES as readonly string[]).includes(entry);
  if (typeof entry !== 'object' || entry === null) return false;
  const { type, allowedOktaApps: apps, ...others } = entry as Readonly<Record<string, unknown>>;
  const isList = Array.isArray(apps) && apps.every((app) => typeof app === 'string');
  return isScope(type) && isList && Object.keys(others).length === 0;
};

const bodyOf = (name: string, { origin, scopes, status }: Entry) => ({
  name,
  origin: String(origin),
  scopes: (scopes as readonly unknown[]).map(scopeOf),
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
      entry: { origin, scopes: scopes.map(entryOf), status },
    }));
  },
  check: ({ scopes }) =>
    Array.isArray(scopes) && scopes.length > 0 && scopes.every(isScope)
      ? []
      : [`scopes: must be a list of ${SCOPES.join(', ')}, or of these as type with a list allowedOktaApps`],
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
