import { ROLES, type StandardRoleType } from '@sallyport/model/roles';
import { describe, expect, it } from 'vitest';
import { type ApprovalAsk, type Approver, judgeApproval } from './judge-approval.ts';

const NOW = 1_000_000;
const ask = (more: Partial<ApprovalAsk> = {}): ApprovalAsk => ({
  requesterKind: 'session',
  requesterId: '102asker',
  action: 'user.create',
  expiresAt: NOW + 1,
  closedAt: null,
  needsKey: true,
  provedAt: NOW - 1,
  needsApproval: true,
  decision: null,
  subjectId: '00uAsker',
  permission: 'okta.users.create',
  isOfPower: false,
  needsSecondPerson: true,
  isAskerLive: true,
  ...more,
});
const ofToken = (more: Partial<ApprovalAsk> = {}): ApprovalAsk =>
  ask({ requesterKind: 'token', needsKey: false, provedAt: null, needsSecondPerson: false, ...more });
const power = (...roles: StandardRoleType[]) => ({
  roles,
  permissions: new Set(roles.flatMap((role) => ROLES[role].permissions)),
});
const person = (more: Partial<Approver> = {}, ...roles: StandardRoleType[]): Approver => ({
  kind: 'session',
  userId: '00uOther',
  hasConsole: true,
  ...power(...(roles.length === 0 ? (['SUPER_ADMIN'] as const) : roles)),
  held: power(...roles),
  isTied: false,
  isBreakGlass: false,
  ...more,
});
const own = { userId: '00uAsker' };
const judge = (decision: 'approve' | 'deny', asked: ApprovalAsk, approver: Approver, now = NOW) =>
  judgeApproval({ decision, ask: asked, approver, now }).reason;

describe('judgeApproval', () => {
  it('lets another person approve who may do it themselves', () => {
    expect(judge('approve', ask(), person())).toBe('approver-may-decide');
    expect(judge('approve', ask(), person({}, 'USER_ADMIN'))).toBe('approver-may-decide');
    expect(judge('deny', ask(), person())).toBe('approver-may-decide');
  });

  it.each(['token', 'host', 'job', 'anonymous'] as const)('never lets a %s decide', (kind) => {
    for (const decision of ['approve', 'deny'] as const)
      expect(judge(decision, ask(), person({ kind }))).toBe('approver-not-a-person');
  });
  it('never lets a session without the console decide', () => {
    expect(judge('approve', ask(), person({ hasConsole: false }))).toBe('approver-not-a-person');
  });

  it('never lets the asker approve, super admin or not, but lets them take it back', () => {
    expect(judge('approve', ask(), person(own))).toBe('approval-own');
    expect(judge('approve', ofToken({ needsSecondPerson: true }), person(own))).toBe('approval-own');
    expect(judge('deny', ask(), person(own, 'READ_ONLY_ADMIN'))).toBe('own-object');
  });
  it('lets the owner of a token approve its ask where nobody else is asked for', () => {
    expect(judge('approve', ofToken(), person(own))).toBe('approver-may-decide');
    expect(judge('approve', ofToken(), person(own, 'READ_ONLY_ADMIN'))).toBe('approver-lacks-permission');
  });

  it('asks for the permission of the route, and for a super admin where there is none or power is at stake', () => {
    expect(judge('approve', ask(), person({}, 'HELP_DESK_ADMIN'))).toBe('approver-lacks-permission');
    expect(judge('deny', ask(), person({}, 'HELP_DESK_ADMIN'))).toBe('approver-lacks-permission');
    expect(judge('approve', ask({ permission: null }), person({}, 'ORG_ADMIN'))).toBe('approver-lacks-permission');
    expect(judge('approve', ask({ permission: null }), person())).toBe('approver-may-decide');
    // What they may do for a while decides nothing, and is the reason that they read.
    const forAWhile = { held: power('SUPER_ADMIN') };
    for (const decision of ['approve', 'deny'] as const) {
      expect(judge(decision, ask(), person(forAWhile, 'HELP_DESK_ADMIN'))).toBe('approver-for-a-while');
      expect(judge(decision, ask({ permission: null }), person(forAWhile, 'ORG_ADMIN'))).toBe('approver-for-a-while');
      expect(judge(decision, ask({ isOfPower: true }), person(forAWhile, 'ORG_ADMIN'))).toBe('approver-for-a-while');
    }
    const notEnough = { held: power('ORG_ADMIN') };
    expect(judge('approve', ask({ permission: null }), person(notEnough, 'HELP_DESK_ADMIN'))).toBe(
      'approver-lacks-permission',
    );
    expect(judge('approve', ask({ isOfPower: true }), person({}, 'ORG_ADMIN'))).toBe('approver-not-super');
    expect(judge('approve', ask({ isOfPower: true }), person())).toBe('approver-may-decide');
  });

  it('counts two accounts of one hand once, where a second person is asked for', () => {
    expect(judge('approve', ask(), person({ isTied: true }))).toBe('approver-tied');
    expect(judge('approve', ofToken({ needsSecondPerson: true }), person({ isTied: true }))).toBe('approver-tied');
    expect(judge('approve', ofToken(), person({ isTied: true }))).toBe('approver-may-decide');
    expect(judge('deny', ask(), person({ isTied: true }))).toBe('approver-may-decide');
  });

  it('decides once, in time, and only what still waits', () => {
    for (const decision of ['approve', 'deny'] as const) {
      expect(judge(decision, ask({ decision: 'DENIED' }), person())).toBe('approval-decided');
      expect(judge(decision, ask({ decision: 'APPROVED' }), person())).toBe('approval-decided');
      expect(judge(decision, ask({ closedAt: NOW - 1 }), person())).toBe('proof-cancelled');
      expect(judge(decision, ask(), person(), NOW + 1)).toBe('proof-expired');
      expect(judge(decision, ask({ provedAt: null }), person())).toBe('proof-not-given');
    }
  });
  it('approves nothing for a session or token that has ended', () => {
    expect(judge('approve', ask({ isAskerLive: false }), person())).toBe('approval-asker-gone');
    expect(judge('deny', ask({ isAskerLive: false }), person())).toBe('approver-may-decide');
  });
});
