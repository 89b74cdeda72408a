import { factOf, isConditional, type Permission, type ResourceKind, withImplied } from '@sallyport/model/permissions';
import type {
  AttributeCondition,
  Grant,
  GrantSource,
  HeldPermission,
  Rights,
  Scope,
  ScopeEntry,
} from '@sallyport/model/rights';
import { isNarrowedByTargets, ROLES, type StandardRoleType } from '@sallyport/model/roles';
import { entriesOf } from './scope.ts';

/** A role as it is held: what the store knows of one assignment. */
export type HeldRole =
  | {
      readonly type: StandardRoleType;
      readonly source: GrantSource;
      /** `everything`, or what its targets name; no target left is nothing (the trap of an empty list). */
      readonly scope: Scope;
    }
  | {
      readonly type: 'CUSTOM';
      readonly source: GrantSource;
      readonly permissions: readonly {
        readonly permission: Permission;
        readonly condition: AttributeCondition | null;
      }[];
      readonly scope: readonly ScopeEntry[];
    };

const permissionsOf = (type: StandardRoleType, scope: Scope): Grant['permissions'] =>
  new Map(
    ROLES[type].permissions.map((permission: Permission): [Permission, HeldPermission] => [
      permission,
      { scope: isNarrowedByTargets(type, permission) ? scope : 'everything', condition: null },
    ]),
  );
/** What nearly everybody holds is made once, not at each request. */
const UNNARROWED = new Map(
  (Object.keys(ROLES) as StandardRoleType[]).map((type) => [type, permissionsOf(type, 'everything')]),
);

const grantOfStandardRole = (type: StandardRoleType, source: GrantSource, scope: Scope): Grant => ({
  source,
  permissions: (scope === 'everything' ? UNNARROWED.get(type) : undefined) ?? permissionsOf(type, scope),
});

/** Of a profile's attributes: what brings them with it brings its condition too. */
const isOnAttributes = (permission: Permission): boolean =>
  isConditional(permission) || permission.startsWith('okta.users.userprofile.');

/**
 * A custom role over a resource set, one grant for each of its permissions: two with different conditions stay two. A
 * permission for which the set holds nothing is not held, and what only standard roles hold never is, whatever a row of
 * the database says.
 */
const grantsOfCustomRole = ({ source, permissions, scope }: Extract<HeldRole, { type: 'CUSTOM' }>): readonly Grant[] =>
  permissions
    .filter(({ permission }) => factOf(permission).isFor === 'any-role')
    .map(({ permission, condition }) => ({
      source,
      permissions: new Map(
        [...withImplied(permission)].flatMap((implied): [Permission, HeldPermission][] => {
          const { on } = factOf(implied);
          if (on === 'nothing') return [];
          const entries = on === 'org' ? ('everything' as const) : entriesOf(scope, on satisfies ResourceKind);
          if (entries !== 'everything' && entries.length === 0) return [];
          return [[implied, { scope: entries, condition: isOnAttributes(implied) ? condition : null }]];
        }),
      ),
    }));

/** The rights of somebody who holds these roles, directly or through groups: their union. */
export const compileRights = (roles: readonly HeldRole[]): Rights => {
  const grants = roles.flatMap((role) =>
    role.type === 'CUSTOM' ? grantsOfCustomRole(role) : [grantOfStandardRole(role.type, role.source, role.scope)],
  );
  return {
    roles: [...new Set(roles.map(({ type }) => type))].sort(),
    permissions: new Set(grants.flatMap(({ permissions }) => [...permissions.keys()])),
    grants,
  };
};
