import { describe, expect, it } from 'vitest';
import { waiveApproval } from './waive-approval.ts';

describe('a second person', () => {
  it.each([
    ['approves for everybody else', false, false, null, 'approval-stands'],
    ['is waived for a break-glass account that said why', true, false, 'the server burns', 'waived'],
    ['is not waived before it did', true, false, null, 'reason-missing'],
    ['approves in a drill, in which nothing is broken', true, true, 'a drill', 'approval-stands'],
    ['is not asked why in a drill', true, true, null, 'approval-stands'],
  ] as const)('%s', (_, isBreakGlass, isDrill, reason, waiver) => {
    expect(waiveApproval({ isBreakGlass, isDrill, reason })).toBe(waiver);
  });
});
