import { factOf, type Permission, withImplied } from '@sallyport/model/permissions';

/** A role that is as small as what was used. */
export interface RoleSuggestion {
  /** What a custom role would name; what comes along with one of these is not named again. */
  readonly permissions: readonly Permission[];
  /** Used, and for standard roles only: for these somebody keeps a standard role, or asks a super admin. */
  readonly onlyStandard: readonly Permission[];
  /** Held, never used, and not part of the suggestion. */
  readonly unused: readonly Permission[];
}

/**
 * The smallest custom role that lets somebody go on doing what they did. A permission that brings more with it than was
 * used is not chosen for the sake of a shorter list.
 */
export const suggestRole = (held: ReadonlySet<Permission>, used: ReadonlySet<Permission>): RoleSuggestion => {
  const working = [...held].filter((permission) => factOf(permission).on !== 'nothing');
  const needed = working.filter((permission) => used.has(permission));
  const possible = needed.filter((permission) => factOf(permission).isFor === 'any-role');
  const isBrought = (permission: Permission): boolean =>
    possible.some(
      (other) =>
        other !== permission &&
        withImplied(other).has(permission) &&
        // Of two that bring each other the first is named.
        (!withImplied(permission).has(other) || possible.indexOf(other) < possible.indexOf(permission)),
    );
  const permissions = possible.filter((permission) => !isBrought(permission)).toSorted();
  const given = new Set(permissions.flatMap((permission) => [...withImplied(permission)]));
  return {
    permissions,
    onlyStandard: needed
      .filter((permission) => factOf(permission).isFor === 'standard-roles' && !given.has(permission))
      .toSorted(),
    unused: working.filter((permission) => !used.has(permission) && !given.has(permission)).toSorted(),
  };
};
