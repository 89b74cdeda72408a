import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { approve, deny } from './decide-approval.ts';
import { getApproval, type ListApprovals, listApprovals } from './list-approvals.ts';

export const approvalHandlers = {
  'approvals.list': async ({ services, principal, query }) => {
    const { approvals, after } = await listApprovals(services, principal, query as ListApprovals);
    return {
      body: approvals,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/approvals', query, after),
    };
  },
  'approvals.get': async ({ services, principal, params }) => ({
    body: await getApproval(services, principal, params['proofId'] ?? ''),
  }),
  'approvals.approve': async ({ services, principal, params, body }) => ({
    body: await approve(services, principal, params['proofId'] ?? '', (body as { challenge: string }).challenge),
  }),
  'approvals.deny': async ({ services, principal, params, body }) => ({
    body: await deny(services, principal, params['proofId'] ?? '', (body as { reason: string }).reason),
  }),
} satisfies Record<string, Handler>;
