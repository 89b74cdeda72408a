/**
 * What webhooks are told beside alarms. A webhook is the whole org's: it gets ids, kinds, times and where to look, and what
 * anybody wrote or is called stays behind the sign-in of that page.
 */
import { type Instant, toIso } from '@sallyport/model/instant';
import type { WebhookType } from '@sallyport/model/webhook-types';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { enqueueWebhooks } from './enqueue-webhooks.ts';

type TypeOf<N extends string> = Extract<WebhookType, `${N}.${string}`>;

const iso = (at: Instant | string | null): string | null => (at === null ? null : toIso(Number(at)));
const linkTo = (s: Services, path: string): string => `${s.config.publicUrl.origin}${path}`;

/** Of a request: whose yes it had, and what they said, is not told. */
export const tellOfRequest = (
  s: Services,
  tx: Transaction,
  type: TypeOf<'request'>,
  row: Row<'requests'>,
): Promise<void> =>
  enqueueWebhooks(s, tx, type, {
    requestId: row.id,
    kind: row.kind,
    entitlementId: row.entitlementId,
    requesterId: row.requesterId,
    beneficiaryId: row.beneficiaryId,
    extendsGrantId: row.extendsGrantId,
    askedAt: iso(row.createdAt),
    decideBy: iso(row.decideBy),
    ...(type === 'request.asked'
      ? {}
      : { outcome: row.outcome, endedAt: iso(row.resolvedAt), grantStatus: row.grantStatus, grantId: row.grantId }),
    link: linkTo(s, `/requests/${row.id}`),
  });

/** Of a protected action that waits for a second person; what exactly would be done is not told. */
export const tellOfApproval = (
  s: Services,
  tx: Transaction,
  type: TypeOf<'approval'>,
  row: Row<'actionProofs'>,
): Promise<void> =>
  enqueueWebhooks(s, tx, type, {
    approvalId: row.id,
    action: row.action,
    askedAs: row.requesterKind,
    askedBy: row.userId,
    askedAt: iso(row.createdAt),
    expiresAt: iso(row.expiresAt),
    ...(type === 'approval.asked' ? {} : { outcome: row.decision, decidedAt: iso(row.decidedAt) }),
    link: linkTo(s, `/approvals/${row.id}`),
  });

/** Of a grant. */
export const tellOfGrant = (s: Services, tx: Transaction, type: TypeOf<'grant'>, row: Row<'grants'>): Promise<void> =>
  enqueueWebhooks(s, tx, type, {
    grantId: row.id,
    kind: row.kind,
    entitlementId: row.entitlementId,
    userId: row.userId,
    source: row.sourceKind,
    sourceId: row.sourceId,
    extendsGrantId: row.extendsGrantId,
    startsAt: iso(row.startsAt),
    expiresAt: iso(row.expiresAt),
    ...(type === 'grant.given' ? {} : { endedAt: iso(row.endedAt), endReason: row.endReason }),
    link: linkTo(s, '/grants'),
  });

/** Of a review. */
export const tellOfReview = (
  s: Services,
  tx: Transaction,
  type: TypeOf<'review'>,
  row: Row<'campaigns'>,
): Promise<void> =>
  enqueueWebhooks(s, tx, type, {
    campaignId: row.id,
    seriesId: row.seriesId,
    items: Number(row.itemCount),
    startsAt: iso(row.startAt),
    endsAt: iso(row.endsAt),
    ...(type === 'review.launched' ? {} : { closedAt: iso(row.closedAt), reportSha256: row.digest }),
    link: linkTo(s, `/reviews/${row.id}`),
  });
