import type { PermissionWordsAnswer, RoleDetailAnswer } from '@sallyport/client/answers';
import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  bodyOf,
  draftOf,
  EMPTY_ROLE,
  faultsOf,
  inAreas,
  type RoleDraft,
  roleChanges,
} from './role-draft.ts';

const words = (permission: string, more: Partial<PermissionWordsAnswer> = {}): PermissionWordsAnswer => ({
  permission,
  words: `words of ${permission}`,
  area: 'People',
  on: 'user',
  isForCustomRoles: true,
  isSensitive: false,
  takesCondition: false,
  bringsWithIt: [],
  ...more,
});
const CATALOGUE = [
  words('okta.users.read', { takesCondition: true }),
  words('okta.groups.read', { area: 'Groups' }),
  words('okta.roles.manage', { isForCustomRoles: false }),
];
const draft = (part: Partial<RoleDraft>): RoleDraft => ({ ...EMPTY_ROLE, label: 'Readers', ...part });

describe('a role while it is edited', () => {
  it('reads attributes however they are separated, each once', () => {
    expect(attributesOf(' city,  department\ncity ,')).toEqual(['city', 'department']);
  });

  it('an empty list of attributes is a fault, never everything', () => {
    const empty = draft({
      chosen: ['okta.users.read'],
      conditions: { 'okta.users.read': { kind: 'include', text: ' , ' } },
    });
    expect(faultsOf(empty, CATALOGUE)).toEqual({ label: null, chosen: null, condition: 'okta.users.read' });
    expect(faultsOf(draft({ label: ' ' }), CATALOGUE)).toMatchObject({
      label: 'A role needs a name.',
      chosen: 'A role needs at least one permission.',
    });
  });

  it('what was typed of a condition is not sent where all attributes are chosen again', () => {
    const typed = { 'okta.users.read': { kind: 'all', text: 'city' } } as const;
    expect(bodyOf(draft({ chosen: ['okta.users.read'], conditions: typed }), CATALOGUE).permissions).toEqual([
      { permission: 'okta.users.read', condition: null },
    ]);
  });

  it('tells each difference in words, and none for what is the same', () => {
    const before = draft({ chosen: ['okta.users.read'] });
    const after = draft({
      label: 'Readers of cities',
      chosen: ['okta.groups.read', 'okta.users.read'],
      conditions: { 'okta.users.read': { kind: 'include', text: 'city' } },
    });
    expect(roleChanges(before, after, CATALOGUE)).toEqual([
      { what: 'Name', from: 'Readers', to: 'Readers of cities' },
      { what: 'words of okta.users.read', from: 'yes, all attributes', to: 'yes, only city' },
      { what: 'words of okta.groups.read', from: 'no', to: 'yes' },
    ]);
    expect(roleChanges(after, after, CATALOGUE)).toEqual([]);
  });

  it('a copy of a standard role leaves out what custom roles never hold', () => {
    const permission = (name: string) => ({
      permission: name,
      words: name,
      area: 'People',
      isSensitive: false,
      givesNothing: false,
      isChosen: true,
      condition: null,
    });
    const role = {
      kind: 'standard',
      label: 'Organization Administrator',
      description: '',
      permissions: [permission('okta.users.read'), permission('okta.roles.manage')],
    } as unknown as RoleDetailAnswer;
    expect(draftOf(role, CATALOGUE).chosen).toEqual(['okta.users.read']);
  });

  it('groups by area, in the order of the first of each', () => {
    expect(inAreas([{ area: 'b' }, { area: 'a' }, { area: 'b' }]).map(([area, list]) => [area, list.length])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });
});
