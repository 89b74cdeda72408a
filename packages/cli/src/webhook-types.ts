import type { WebhookAnswer } from '@sallyport/client/answers';
import { usageError } from './cli-error.ts';

type WebhookType = WebhookAnswer['types'][number];

const NAMES = {
  'break_glass.use': true,
  'request.asked': true,
  'request.decided': true,
  'request.expired': true,
  'request.canceled': true,
  'approval.asked': true,
  'approval.decided': true,
  'grant.given': true,
  'grant.ended': true,
  'review.launched': true,
  'review.ended': true,
} as const satisfies Readonly<Record<WebhookType, true>>;

/** What a webhook can be told of; one that the server knows and this does not is no program. */
export const WEBHOOK_TYPES = Object.keys(NAMES) as readonly WebhookType[];

/** What was typed, with commas between. */
export const readWebhookTypes = (typed: string): WebhookType[] =>
  typed.split(',').map((one) => {
    const name = WEBHOOK_TYPES.find((type) => type === one.trim());
    if (name === undefined) throw usageError(`there is no ${one.trim() || 'empty type'}: ${WEBHOOK_TYPES.join(', ')}`);
    return name;
  });
