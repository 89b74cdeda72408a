import { isCaller, type Principal } from '@sallyport/model/principal';
import type { Rights } from '@sallyport/model/rights';

/** Rights without what is held for a while. */
export const standingPart = (rights: Rights): Rights => {
  const grants = rights.grants.filter(({ source }) => source.timeBound === undefined);
  if (grants.length === rights.grants.length) return rights;
  return {
    roles: [...new Set(grants.map(({ source }) => source.type))].sort(),
    permissions: new Set(grants.flatMap(({ permissions }) => [...permissions.keys()])),
    grants,
  };
};

/** The grants by which somebody holds something now, each once. */
export const grantsOf = (principal: Principal): readonly string[] =>
  isCaller(principal)
    ? [
        ...new Set(
          principal.grants.flatMap(({ source }) => (source.timeBound === undefined ? [] : [source.timeBound.grantId])),
        ),
      ]
    : [];

/** When the first of what somebody holds for a while ends; null where nothing does. */
export const firstEndOf = (principal: Principal): number | null => {
  if (!isCaller(principal)) return null;
  const ends = principal.grants.flatMap(({ source }) =>
    source.timeBound === undefined ? [] : [source.timeBound.endsAt],
  );
  return ends.length === 0 ? null : Math.min(...ends);
};
