import { describe, expect, it } from 'vitest';
import { migrations } from './index.ts';

/** What databases out there have, in this order. A migration that sorts before one of them keeps the server from starting. */
const SHIPPED = [
  '0001-first-door',
  '0002-gateway',
  '0003-prove-and-continue',
  '0004-cli-sessions',
  '0005-list-sessions',
  '0006-log-search',
  '0007-log-words',
  '0008-password-state',
  '0010-protected-actions',
  '0011-approvals',
  '0012-custom-roles',
  '0013-people',
  '0014-group-rules',
  '0015-service-apps',
  '0016-app-assignments',
  '0017-permission-uses',
  '0019-api-token-rotation',
  '0020-trusted-origins',
  '0021-subscriptions-and-unique-values',
  '0022-service-accounts',
  '0023-policy-objects',
  '0025-zone-types',
  '0027-key-models',
  '0029-verdict-commitments',
  '0031-policy-drafts',
  '0032-policy-kinds',
  '0033-grants',
  '0034-requests',
  '0035-break-glass',
  '0036-campaigns',
  '0037-no-passwords-in-summaries',
  '0038-delegations',
  '0039-shares-and-seen-instants',
  '0040-extensions',
  '0041-a-million-requests',
  '0043-group-names-by-bytes',
  '0044-what-requests-gave',
  '0045-ten-thousand-items',
  '0046-ties',
  '0047-employee-numbers',
];

describe('migrations', () => {
  it('stand in the order in which they run, after all that were shipped', async () => {
    const names = Object.keys(await migrations.getMigrations());
    expect(names).toEqual(names.toSorted());
    expect(names.slice(0, SHIPPED.length)).toEqual(SHIPPED);
  });
});
