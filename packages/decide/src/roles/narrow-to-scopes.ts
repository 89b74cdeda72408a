import type { Rights } from '@sallyport/model/rights';
import { scopesOf } from '@sallyport/model/scopes';

/**
 * The rights of a service app under a token: what its roles give and the token's scopes let through. Nothing is added, so
 * a scope never widens a role. The kinds of roles stay: who manages whom is judged by them, after the permission is.
 */
export const narrowToScopes = (rights: Rights, scopes: readonly string[]): Rights => {
  const grants = rights.grants
    .map(({ source, permissions }) => ({
      source,
      permissions: new Map(
        [...permissions].filter(([permission]) => scopesOf(permission).some((scope) => scopes.includes(scope))),
      ),
    }))
    .filter(({ permissions }) => permissions.size > 0);
  return {
    roles: grants.length === 0 ? [] : rights.roles,
    permissions: new Set(grants.flatMap(({ permissions }) => [...permissions.keys()])),
    grants,
  };
};
