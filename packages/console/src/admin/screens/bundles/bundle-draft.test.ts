import { describe, expect, it } from 'vitest';
import { asEntitlement, draftOf, isSaid, newRole } from './bundle-draft.ts';

const standard = (id: string) => ({ id, kind: 'standard' as const, label: id });
const custom = { id: 'cr01', kind: 'custom' as const, label: 'Payroll' };

describe('the roles of a bundle', () => {
  it('are sent as they were read: a custom one once, over each of its sets', () => {
    const drafts = draftOf({
      roles: [
        { role: standard('ORG_ADMIN'), resourceSet: null, targets: null },
        { role: custom, resourceSet: { id: 'iam1', label: 'One' }, targets: null },
        { role: standard('USER_ADMIN'), resourceSet: null, targets: [{ id: '00g1', name: 'Ops' }] },
        { role: custom, resourceSet: { id: 'iam2', label: 'Two' }, targets: null },
      ],
    });
    expect(drafts.map(asEntitlement)).toEqual([
      { role: 'ORG_ADMIN' },
      { role: 'cr01', resourceSets: ['iam1', 'iam2'] },
      { role: 'USER_ADMIN', targets: ['00g1'] },
    ]);
    expect(new Set(drafts.map(({ key }) => key)).size).toBe(3);
  });

  it('never grow: one whose only target is gone is not saved as one over everything', () => {
    const [draft] = draftOf({
      roles: [{ role: standard('USER_ADMIN'), resourceSet: null, targets: [{ id: '00g1', name: null }] }],
    });
    expect(draft).toMatchObject({ isNarrowed: true, targetIds: [] });
    expect(draft === undefined || isSaid(draft)).toBe(false);
  });

  it('are said whole, or not at all', () => {
    const one = newRole(0);
    expect(isSaid(one)).toBe(false);
    expect(isSaid({ ...one, roleId: 'ORG_ADMIN' })).toBe(true);
    expect(isSaid({ ...one, roleId: 'cr01', isCustom: true })).toBe(false);
    expect(isSaid({ ...one, roleId: 'USER_ADMIN', isNarrowed: true })).toBe(false);
  });
});
