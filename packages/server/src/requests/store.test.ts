import { describe, expect, it } from 'vitest';
import { digestOf } from './store.ts';

const ASKED = {
  id: 'req1',
  requesterId: 'u1',
  beneficiaryId: 'u1',
  kind: 'group',
  entitlementId: 'g1',
  entitlementName: 'G',
  resourceId: 'g1',
  conditionId: 'c1',
  sequenceId: 's1',
  steps: '[]',
  reason: 'why',
  ticket: null,
  durationSeconds: 3600,
  startsAt: null,
  gives: null,
  extendsGrantId: null,
  createdAt: 1,
  decideBy: 2,
} as unknown as Parameters<typeof digestOf>[0];

describe('the digest of a request', () => {
  it('stays what it was for what was asked before anything could be made longer', () => {
    // As made by the version that did not know of extensions: requests that are open then can still be approved.
    expect(digestOf(ASKED)).toBe('cF7c7lNuejf7ZOieVNTwBz-iGvULFuITVn3PtKYob9M');
  });

  it('tells what is made longer from what is given anew, and from another grant, and what gives other roles', () => {
    const digests = [null, 'roles1', 'roles2'].flatMap((gives) =>
      [null, 'gra1', 'gra2'].map((extendsGrantId) => digestOf({ ...ASKED, gives, extendsGrantId })),
    );
    expect(new Set(digests).size).toBe(9);
  });
});
