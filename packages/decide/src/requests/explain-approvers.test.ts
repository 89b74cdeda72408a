import type { Hand, RequestFacts } from '@sallyport/model/access-request';
import { describe, expect, it } from 'vitest';
import { explainApprovers } from './explain-approvers.ts';
import { findWeaknesses } from './find-weaknesses.ts';
import type { RequestDecider } from './judge-request-decision.ts';

const hand = (userId: string, makers: readonly string[] = []): Hand => ({ userId, links: [userId], makers });
const admin = (userId: string, makers: readonly string[] = []): RequestDecider => ({
  kind: 'session',
  hasConsole: true,
  userId,
  roles: ['SUPER_ADMIN'],
  permissions: new Set(),
  groupIds: [],
  isBreakGlass: false,
  hand: hand(userId, makers),
  seats: [],
});
const ask: RequestFacts = {
  requester: hand('lee'),
  beneficiary: hand('lee'),
  steps: [{ approvers: { by: 'super-admins' }, count: 2 }],
  decisions: [],
  outcome: null,
  decideBy: 10,
  openedAt: [0],
  closedAt: [],
  reassigned: [],
  arePeopleActive: true,
  isAsAsked: true,
  isStillRunning: true,
  managerId: null,
  ownerUserIds: [],
  ownerGroupIds: [],
};
const outlook = (people: readonly RequestDecider[], facts = ask) => explainApprovers(facts, [people], new Set(), 0);
const kinds = (people: readonly RequestDecider[], facts = ask) =>
  findWeaknesses(outlook(people, facts), true).map(({ kind }) => kind);

describe('what is said of a sequence before a request is sent', () => {
  it('names who can, and why others cannot', () => {
    expect(outlook([admin('lee'), admin('bo'), admin('chi', ['lee'])])).toEqual([
      {
        count: 2,
        given: 0,
        able: [{ userId: 'bo', insteadOf: null }],
        unable: [
          { userId: 'lee', reason: 'request-own' },
          { userId: 'chi', reason: 'approver-tied' },
        ],
        reachable: 1,
      },
    ]);
  });
  it('says exactly what is weaker with few people', () => {
    expect(kinds([admin('lee')])).toEqual(['nobody-can']);
    expect(kinds([admin('lee'), admin('bo')])).toEqual(['too-few']);
    expect(kinds([admin('lee'), admin('bo'), admin('chi')])).toEqual(['exactly-enough']);
    expect(kinds([admin('bo'), admin('chi'), admin('dee')])).toEqual([]);
    expect(kinds([admin('bo'), admin('chi', ['bo'])])).toEqual(['one-hand']);
    const one = { ...ask, steps: [{ approvers: { by: 'super-admins' }, count: 1 }] } as const;
    expect(kinds([admin('bo'), admin('chi')], one)).toEqual(['one-approval']);
  });
  it('counts what was given already', () => {
    const given = { ...ask, decisions: [{ hand: hand('bo'), behind: [], step: 0, kind: 'approve' as const }] };
    expect(outlook([admin('bo'), admin('chi')], given)[0]).toMatchObject({
      given: 1,
      able: [{ userId: 'chi', insteadOf: null }],
    });
    expect(kinds([admin('bo'), admin('chi')], given)).toEqual(['exactly-enough']);
  });
});
