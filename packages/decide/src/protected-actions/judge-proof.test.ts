import { describe, expect, it } from 'vitest';
import { judgeProof, type ProofInput, type StoredProof } from './judge-proof.ts';

const NOW = Date.UTC(2026, 10, 29, 3);
const stored: StoredProof = {
  requesterKind: 'session',
  requesterId: '102a',
  action: 'user.delete',
  expiresAt: NOW + 1,
  closedAt: null,
  needsKey: true,
  provedAt: NOW - 1000,
  needsApproval: false,
  decision: null,
};
const input: ProofInput = {
  proof: stored,
  requester: { kind: 'session', id: '102a' },
  action: 'user.delete',
  request: 'signed',
  isKeyEnrolled: true,
  now: NOW,
};
const judge = (change: Partial<ProofInput>, proof: Partial<StoredProof> = {}) =>
  judgeProof({ ...input, ...change, proof: { ...stored, ...proof } });

describe('a proof', () => {
  it('lets the very request pass that was signed', () => {
    expect(judge({})).toEqual({ kind: 'allow', reason: 'proof-is-fresh' });
  });
  it.each<[string, Partial<ProofInput>, Partial<StoredProof>, string]>([
    ['of another session', { requester: { kind: 'session', id: '102b' } }, {}, 'proof-of-another'],
    ['of a token of the same id', { requester: { kind: 'token', id: '102a' } }, {}, 'proof-of-another'],
    ['of another request', { request: 'other' }, {}, 'proof-of-another-action'],
    ['of another action', { action: 'user.create' }, {}, 'proof-of-another-action'],
    ['that was used', { request: 'done' }, {}, 'proof-used'],
    ['that was cancelled', {}, { closedAt: NOW - 1 }, 'proof-cancelled'],
    ['that ends at this instant', {}, { expiresAt: NOW }, 'proof-expired'],
    ['that was only asked for', {}, { provedAt: null }, 'proof-not-given'],
    ['whose key is gone', { isKeyEnrolled: false }, {}, 'proof-key-gone'],
    ['that somebody denied', {}, { needsApproval: true, decision: 'DENIED' }, 'approval-denied'],
    [
      'of a person, approved without their key',
      {},
      { needsApproval: true, decision: 'APPROVED', provedAt: null },
      'proof-not-given',
    ],
  ])('%s does not', (_, change, proof, reason) => {
    expect(judge(change, proof)).toEqual({ kind: 'deny', reason });
  });
  it('waits for the second person, and counts once they approved', () => {
    expect(judge({}, { needsApproval: true })).toEqual({ kind: 'wait', reason: 'approval-needed' });
    expect(judge({}, { needsApproval: true, decision: 'APPROVED' }).kind).toBe('allow');
  });
  it('of a machine needs no key of its own, but always the approval', () => {
    const machine = { needsKey: false, provedAt: null, needsApproval: true } as const;
    expect(judge({ isKeyEnrolled: false }, machine).kind).toBe('wait');
    expect(judge({ isKeyEnrolled: false }, { ...machine, decision: 'APPROVED' }).kind).toBe('allow');
  });
});
