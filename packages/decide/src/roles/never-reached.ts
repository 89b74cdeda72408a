import { factOf, PERMISSIONS, type Permission } from '@sallyport/model/permissions';
import type { RoleType } from '@sallyport/model/roles';

/**
 * What nobody does with this role alone, in words. The first two are `authorize` itself, whatever the role holds; the
 * others are the permissions that only standard roles have and this one has not.
 */
export const neverReached = (type: RoleType, permissions: readonly Permission[]): readonly string[] =>
  type === 'SUPER_ADMIN'
    ? []
    : [
        'Change a person or a group that holds an admin role, themselves apart',
        ...(type === 'CUSTOM' ? ['Anything outside the resource set that it is held over'] : []),
        ...PERMISSIONS.filter((permission) => {
          const { isFor, on } = factOf(permission);
          return isFor === 'standard-roles' && on !== 'nothing' && !permissions.includes(permission);
        })
          .filter((permission) => !permission.endsWith('.read'))
          .map((permission) => factOf(permission).words),
      ];
