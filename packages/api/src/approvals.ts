import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const judged = { kind: 'person', why: 'who may decide is judged by what is asked for' } as const;

export const approvalRoutes = defineRoutes([
  {
    name: 'approvals.list',
    method: 'GET',
    path: '/sallyport/v1/approvals',
    summary: 'What waits for a human: what the caller may decide, or what the caller and their tokens asked for',
    access: judged,
    rateClass: 'self',
    query: z.object({
      show: z.enum(['decide', 'asked']).optional(),
      status: z.enum(['WAITING', 'PAST']).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'approvals.get',
    method: 'GET',
    path: '/sallyport/v1/approvals/{proofId}',
    summary: 'What is asked for, by whom, from where, until when, and who may decide',
    access: judged,
    rateClass: 'self',
  },
  {
    name: 'approvals.approve',
    method: 'POST',
    path: '/sallyport/v1/approvals/{proofId}/approve',
    summary: 'Approve it; the challenge of what is approved stands in the body, so that the approver’s key signs it',
    access: judged,
    rateClass: 'self',
    body: z.strictObject({ challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
    protection: { action: 'approval.give' },
    events: ['security.protected_action.attempt'],
  },
  {
    name: 'approvals.deny',
    method: 'POST',
    path: '/sallyport/v1/approvals/{proofId}/deny',
    summary: 'Deny it, with a reason that whoever asked reads',
    access: judged,
    rateClass: 'self',
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    protection: { none: 'denying gives nobody power' },
    events: ['security.protected_action.attempt'],
  },
]);
