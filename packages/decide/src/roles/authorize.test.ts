import { NOWHERE } from '@sallyport/model/network';
import { PERMISSIONS, type Permission, withImplied } from '@sallyport/model/permissions';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import type { GrantSource, Resource, ScopeEntry, Selector } from '@sallyport/model/rights';
import type { StandardRoleType } from '@sallyport/model/roles';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorize, judgeOwnWidening, reachesAttribute } from './authorize.ts';
import { compileRights, type HeldRole } from './compile-rights.ts';

const request: RequestContext = {
  requestId: 'r1',
  client: { kind: 'unknown', reason: 'peer-unreadable', chain: [], ignoredHeaderIsPresent: false },
  network: null,
  place: NOWHERE,
  userAgent: '',
  method: 'GET',
  path: '/',
  isBackground: false,
};
const source = (label: string): GrantSource => ({
  assignmentId: 'ra1',
  type: 'CUSTOM',
  roleId: 'cr01',
  resourceSetId: 'iam1',
  label,
  groupId: null,
});
const holding = (roles: readonly HeldRole[], userId = '00uCaller'): Principal => ({
  kind: 'token',
  allowedActions: [],
  userId,
  tokenId: '00T1',
  ...compileRights(roles),
  request,
});
const token = (type: StandardRoleType, userId?: string): Principal =>
  holding([{ type, source: { ...source(type), type }, scope: 'everything' }], userId);
const custom = (
  permissions: readonly Permission[],
  scope: readonly ScopeEntry[],
  condition: Extract<HeldRole, { type: 'CUSTOM' }>['permissions'][number]['condition'] = null,
): HeldRole => ({
  type: 'CUSTOM',
  source: source('Custom'),
  permissions: permissions.map((permission) => ({ permission, condition })),
  scope,
});
const entry = (selector: Selector, ...except: Selector[]): ScopeEntry => ({ selector, except });
const user = (id: string | null, groupIds: readonly string[] = [], holdsAdminRole = false) =>
  ({ kind: 'user', id, groupIds, holdsAdminRole }) as const;
const EVERYBODY = entry({ kind: 'user', by: 'all' });
const peopleOf = (groupId: string, ...except: Selector[]) => entry({ kind: 'user', by: 'group', groupId }, ...except);

describe('authorize', () => {
  it('allows what a role holds, naming the role, and denies what it does not', () => {
    expect(authorize(token('USER_ADMIN'), 'okta.users.create')).toMatchObject({
      kind: 'allow',
      reasons: ['permission-held'],
      by: [{ label: 'USER_ADMIN' }],
    });
    expect(authorize(token('HELP_DESK_ADMIN'), 'okta.users.create')).toEqual({
      kind: 'deny',
      reasons: ['permission-missing'],
      by: [],
    });
  });
  it('denies an anonymous request everything', () => {
    for (const permission of PERMISSIONS)
      expect(authorize({ kind: 'anonymous', request }, permission).reasons).toEqual(['not-an-admin']);
  });
  it('judges the grants that are held now, not the name of the role', () => {
    const emptied = { ...token('SUPER_ADMIN'), grants: [] } as Principal;
    expect(authorize(emptied, 'okta.users.read').kind).toBe('deny');
  });
  it('keeps a custom role to its resource set', () => {
    const helper = holding([custom(['okta.users.manage'], [peopleOf('g1')])]);
    expect(authorize(helper, 'okta.users.read', user('u', ['g1'])).kind).toBe('allow');
    expect(authorize(helper, 'okta.users.read', user('u', ['g2'])).reasons).toEqual(['resource-outside']);
    expect(authorize(helper, 'okta.users.read', { kind: 'all' }).reasons).toEqual(['resource-outside']);
  });
  it('leaves out what a resource set leaves out', () => {
    const helper = holding([
      custom(['okta.users.read'], [peopleOf('g1', { kind: 'user', by: 'group', groupId: 'vip' })]),
    ]);
    expect(authorize(helper, 'okta.users.read', user('u', ['g1', 'vip'])).kind).toBe('deny');
  });
  it('gives nothing for a permission on which the set holds nothing, nor for an empty set', () => {
    for (const scope of [[], [entry({ kind: 'group', by: 'all' })]])
      expect(authorize(holding([custom(['okta.users.read'], scope)]), 'okta.users.read').reasons).toEqual([
        'permission-missing',
      ]);
  });
  it('never lets a custom role hold what belongs to standard roles, whatever a row says', () => {
    const all = holding([custom(PERMISSIONS, [EVERYBODY])]);
    for (const permission of ['okta.roles.manage', 'okta.sessionBinding.manage', 'okta.features.manage'] as const)
      expect(authorize(all, permission).kind).toBe('deny');
    expect(authorize(all, 'okta.users.manage', user('u', [], true)).reasons).toEqual(['target-is-admin']);
  });
  it('takes an assignment without a target left for nothing, not for everything', () => {
    const lost = holding([{ type: 'USER_ADMIN', source: { ...source('x'), type: 'USER_ADMIN' }, scope: [] }]);
    expect(authorize(lost, 'okta.users.read', user('u', ['g1'])).kind).toBe('deny');
  });
});

describe('the holder of an admin role', () => {
  const onAdmin = (principal: Principal, permission: Permission) =>
    authorize(principal, permission, user('00uTarget', [], true));
  it('is not managed by lesser admins', () => {
    for (const role of ['ORG_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN'] as const)
      expect(onAdmin(token(role), 'okta.users.credentials.manage').reasons).toEqual(['target-is-admin']);
  });
  it('is managed by a super admin and the host', () => {
    expect(onAdmin(token('SUPER_ADMIN'), 'okta.users.manage').kind).toBe('allow');
    expect(onAdmin({ kind: 'host', permissions: new Set(PERMISSIONS), request }, 'okta.users.manage').kind).toBe(
      'allow',
    );
  });
  it('is read, and signed out, by lesser admins', () => {
    expect(onAdmin(token('HELP_DESK_ADMIN'), 'okta.users.read').kind).toBe('allow');
    expect(onAdmin(token('HELP_DESK_ADMIN'), 'okta.users.lifecycle.clearSessions').kind).toBe('allow');
  });
  it('manages themself with a permission they hold', () => {
    expect(onAdmin(token('USER_ADMIN', '00uTarget'), 'okta.users.manage').reasons).toEqual([
      'permission-held',
      'own-object',
    ]);
    expect(onAdmin(token('HELP_DESK_ADMIN', '00uTarget'), 'okta.users.manage').kind).toBe('deny');
  });
});

describe('conditions on attributes', () => {
  it('reach what they include, and the login; grants add up', () => {
    const scope = [EVERYBODY];
    const city = { kind: 'include', attributes: ['city'] } as const;
    const one = holding([custom(['okta.users.read'], scope, city)]);
    const shown = (principal: Principal, id: string, groups: string[] = []) =>
      ['login', 'city', 'ssn'].filter((a) => reachesAttribute(principal, 'okta.users.read', user(id, groups), a));
    expect(shown(one, 'u')).toEqual(['login', 'city']);
    const two = holding([
      custom(['okta.users.read'], scope, city),
      custom(['okta.users.read'], [peopleOf('g1')], { kind: 'exclude', attributes: ['city'] }),
    ]);
    expect(shown(two, 'u', ['g1'])).toEqual(['login', 'city', 'ssn']);
    expect(shown(two, 'u')).toEqual(['login', 'city']);
  });
  it('narrow what is written with users.manage as well', () => {
    const principal = holding([custom(['okta.users.manage'], [EVERYBODY], { kind: 'exclude', attributes: ['ssn'] })]);
    expect(reachesAttribute(principal, 'okta.users.userprofile.manage', user('u'), 'ssn')).toBe(false);
    expect(reachesAttribute(principal, 'okta.users.userprofile.manage', user('u'), 'city')).toBe(true);
  });
});

describe('judgeOwnWidening', () => {
  const membership = custom(['okta.users.groupMembership.manage'], [EVERYBODY]);
  const credentials = custom(['okta.users.credentials.manage'], [peopleOf('g1')]);
  it('keeps somebody from taking people into what they manage', () => {
    expect(judgeOwnWidening(holding([membership, credentials]), user('u'), ['g1']).reasons).toEqual([
      'would-widen-own-rights',
    ]);
    expect(judgeOwnWidening(holding([membership]), user('u'), ['g1']).kind).toBe('allow');
  });
  it('and out of what their scope leaves out', () => {
    const narrowed = custom(
      ['okta.users.credentials.manage'],
      [entry({ kind: 'user', by: 'all' }, { kind: 'user', by: 'group', groupId: 'vip' })],
    );
    expect(judgeOwnWidening(holding([membership, narrowed]), user('u', ['vip']), []).kind).toBe('deny');
  });
});

describe('rights as a whole', () => {
  const groupId = fc.constantFrom('g1', 'g2', 'g3');
  const selector: fc.Arbitrary<Selector> = fc.oneof(
    fc.constant({ kind: 'user', by: 'all' } as const),
    fc.record({ kind: fc.constant('user' as const), by: fc.constant('id' as const), id: fc.constantFrom('u1', 'u2') }),
    fc.record({ kind: fc.constant('user' as const), by: fc.constant('group' as const), groupId }),
  );
  const scope = fc.array(fc.record({ selector, except: fc.array(selector, { maxLength: 2 }) }), { maxLength: 3 });
  const role = fc
    .record({ permissions: fc.subarray([...PERMISSIONS], { maxLength: 5 }), scope })
    .map(({ permissions, scope: entries }) => custom(permissions, entries));
  const resource = fc
    .record({ id: fc.constantFrom('u1', 'u2', 'u3'), groupIds: fc.subarray(['g1', 'g2', 'g3']) })
    .map(({ id, groupIds }): Resource => user(id, groupIds));

  it('are the union of their roles: one more never takes away, and gives no more than itself', () => {
    fc.assert(
      fc.property(fc.array(role, { maxLength: 4 }), role, fc.constantFrom(...PERMISSIONS), resource, (a, b, p, r) => {
        const may = (roles: readonly HeldRole[]): boolean => authorize(holding(roles), p, r).kind === 'allow';
        expect(may([...a, b])).toBe(may(a) || may([b]));
      }),
    );
  });
  it('hold with a permission all that comes with it, on the same things', () => {
    fc.assert(
      fc.property(role, resource, (held, r) => {
        const principal = holding([held]);
        for (const permission of PERMISSIONS)
          if (authorize(principal, permission, r).kind === 'allow')
            for (const implied of withImplied(permission))
              if (implied.startsWith('okta.users.')) expect(authorize(principal, implied, r).kind).toBe('allow');
      }),
    );
  });
});
