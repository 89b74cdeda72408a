import { describe, expect, it } from 'vitest';
import { asStep, isSaid, NEW_ESCALATION, newStep, stepOf } from './step-draft.ts';

describe('a step of a sequence', () => {
  it('is sent as it was read', () => {
    for (const step of [
      { approvers: { by: 'people', ids: ['00u1', '00u2'] }, count: 2 },
      { approvers: { by: 'group', id: '00g1' }, count: 1 },
      { approvers: { by: 'manager' }, count: 1 },
      { approvers: { by: 'owner' }, count: 2 },
      { approvers: { by: 'super-admins' }, count: 2 },
      { approvers: { by: 'admins' }, count: 3 },
      { approvers: { by: 'permission', permission: 'okta.users.manage' }, count: 1 },
      { approvers: { by: 'admins' }, count: 1, escalateAfter: 'PT4H', escalateTo: { by: 'super-admins' } },
      {
        approvers: { by: 'admins' },
        count: 1,
        escalateAfter: 'PT4H',
        escalateTo: { by: 'people', ids: ['00u1', '00u2'] },
      },
      { approvers: { by: 'manager' }, count: 1, escalateAfter: 'P2D', escalateTo: { by: 'group', id: '00g1' } },
    ] as const)
      expect(asStep(stepOf(step, 1))).toEqual(step);
  });

  it('says nobody until somebody is named, and asks one manager only', () => {
    const step = newStep(1);
    expect(isSaid(step)).toBe(true);
    for (const by of ['people', 'group', 'permission'] as const) expect(isSaid({ ...step, by })).toBe(false);
    expect(isSaid({ ...step, by: 'people', personIds: ['00u1'] })).toBe(true);
    expect(asStep({ ...step, by: 'manager', count: 3 })).toEqual({ approvers: { by: 'manager' }, count: 1 });
    // What was chosen for another kind does not go along.
    expect(asStep({ ...step, by: 'admins', personIds: ['00u1'], groupId: '00g1' })).toEqual({
      approvers: { by: 'admins' },
      count: 1,
    });
  });

  it('passes on once it is said after how long, and to whom', () => {
    const step = { ...newStep(1), escalation: NEW_ESCALATION };
    expect(isSaid(step)).toBe(true);
    expect(asStep(step)).toMatchObject({ escalateAfter: 'PT4H', escalateTo: { by: 'super-admins' } });
    const { after, to } = NEW_ESCALATION;
    expect(isSaid({ ...step, escalation: { after: { ...after, count: '0' }, to } })).toBe(false);
    expect(isSaid({ ...step, escalation: { after, to: { ...to, by: 'people' } } })).toBe(false);
    expect(asStep({ ...step, escalation: null })).toEqual({ approvers: { by: 'admins' }, count: 1 });
  });
});
