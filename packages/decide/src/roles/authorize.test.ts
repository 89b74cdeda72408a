import type { Principal, RequestContext } from '@sallyport/model/principal';
import { PERMISSIONS, ROLES, type RoleType } from '@sallyport/model/roles';
import { describe, expect, it } from 'vitest';
import { authorize, authorizeOnUser, judgeLastSuperAdmin } from './authorize.ts';

const request: RequestContext = {
  requestId: 'r1',
  client: { kind: 'unknown', reason: 'peer-unreadable', chain: [], ignoredHeaderIsPresent: false },
  network: null,
  place: { country: null, countryCode: null },
  userAgent: '',
  method: 'GET',
  path: '/',
  isBackground: false,
};
const token = (role: RoleType, userId = '00uCaller'): Principal => ({
  kind: 'token',
  allowedActions: [],
  userId,
  tokenId: '00T1',
  roles: [role],
  permissions: new Set(ROLES[role].permissions),
  request,
});
const onAdmin = (principal: Principal, permission: Parameters<typeof authorize>[1]) =>
  authorizeOnUser({ principal, permission, targetUserId: '00uTarget', targetHoldsAdminRole: true });

describe('authorize', () => {
  it('allows what a role holds and denies what it does not', () => {
    expect(authorize(token('USER_ADMIN'), 'okta.users.create')).toEqual({
      kind: 'allow',
      reasons: ['permission-held'],
    });
    expect(authorize(token('HELP_DESK_ADMIN'), 'okta.users.create')).toEqual({
      kind: 'deny',
      reasons: ['permission-missing'],
    });
  });
  it('denies an anonymous request everything', () => {
    for (const permission of PERMISSIONS)
      expect(authorize({ kind: 'anonymous', request }, permission)).toEqual({
        kind: 'deny',
        reasons: ['not-an-admin'],
      });
  });
  it('judges the permissions that are held now, not the name of the role', () => {
    expect(authorize({ ...token('SUPER_ADMIN'), permissions: new Set() } as Principal, 'okta.users.read').kind).toBe(
      'deny',
    );
  });
});

describe('authorizeOnUser', () => {
  it('keeps lesser admins from managing the holder of an admin role', () => {
    for (const role of ['ORG_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN'] as const) {
      expect(onAdmin(token(role), 'okta.users.credentials.manage')).toEqual({
        kind: 'deny',
        reasons: ['target-is-admin'],
      });
    }
  });
  it('lets a super admin and the host manage them', () => {
    expect(onAdmin(token('SUPER_ADMIN'), 'okta.users.manage').kind).toBe('allow');
    expect(onAdmin({ kind: 'host', permissions: new Set(PERMISSIONS), request }, 'okta.users.manage').kind).toBe(
      'allow',
    );
  });
  it('lets lesser admins read them', () => {
    expect(onAdmin(token('HELP_DESK_ADMIN'), 'okta.users.read').kind).toBe('allow');
  });
  it('lets an admin manage themself with a permission they hold', () => {
    expect(onAdmin(token('USER_ADMIN', '00uTarget'), 'okta.users.manage')).toEqual({
      kind: 'allow',
      reasons: ['permission-held', 'own-object'],
    });
    expect(onAdmin(token('HELP_DESK_ADMIN', '00uTarget'), 'okta.users.manage').kind).toBe('deny');
  });
  it('leaves ordinary users to whoever holds the permission', () => {
    expect(
      authorizeOnUser({
        principal: token('USER_ADMIN'),
        permission: 'okta.users.manage',
        targetUserId: '00uTarget',
        targetHoldsAdminRole: false,
      }).kind,
    ).toBe('allow');
  });
});

describe('judgeLastSuperAdmin', () => {
  it('denies when nobody would be left, and only then', () => {
    expect(judgeLastSuperAdmin({ superAdminsAbleToSignInAfter: 0 })).toEqual({
      kind: 'deny',
      reasons: ['last-super-admin'],
    });
    expect(judgeLastSuperAdmin({ superAdminsAbleToSignInAfter: 1 }).kind).toBe('allow');
  });
});
