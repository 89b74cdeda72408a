import { PERMISSIONS, type Permission, withImplied } from '@sallyport/model/permissions';
import { ROLES } from '@sallyport/model/roles';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestRole } from './suggest-role.ts';

const held = new Set<Permission>(ROLES.USER_ADMIN.permissions);

describe('the smallest role that lets somebody go on', () => {
  it('names what was used, and not again what comes along', () => {
    expect(
      suggestRole(
        held,
        new Set<Permission>(['okta.users.read', 'okta.users.userprofile.read', 'okta.sessions.manage']),
      ),
    ).toMatchObject({ permissions: ['okta.users.read'], onlyStandard: ['okta.sessions.manage'] });
  });

  it('is empty for whoever used nothing, and all is unused then', () => {
    const { permissions, unused } = suggestRole(held, new Set());
    expect(permissions).toEqual([]);
    expect(unused).toContain('okta.users.manage');
  });

  it('never gives what was not held, nor more than what was used brings with it, and loses nothing that was used', () => {
    const some = fc.subarray([...PERMISSIONS]).map((list) => new Set<Permission>(list));
    fc.assert(
      fc.property(some, some, (have, used) => {
        const whole = new Set([...have].flatMap((permission) => [...withImplied(permission)]));
        const { permissions, onlyStandard, unused } = suggestRole(whole, used);
        const given = new Set(permissions.flatMap((permission) => [...withImplied(permission)]));
        for (const permission of permissions) {
          expect(whole.has(permission)).toBe(true);
          expect(used.has(permission)).toBe(true);
        }
        for (const permission of given) expect(whole.has(permission)).toBe(true);
        for (const permission of onlyStandard) expect(given.has(permission)).toBe(false);
        for (const permission of unused) expect(used.has(permission) || given.has(permission)).toBe(false);
      }),
    );
  });
});
