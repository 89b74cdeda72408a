import type { WebhookAnswer } from '@sallyport/client/answers';

export type { WebhookAnswer as Webhook, WebhookWithSecretAnswer as WebhookWithSecret } from '@sallyport/client/answers';

export const WEBHOOKS = '/sallyport/v1/webhooks';
export const webhookPath = ({ id }: { readonly id: string }): string => `${WEBHOOKS}/${encodeURIComponent(id)}`;

export type WebhookType = WebhookAnswer['types'][number];
/** What a webhook can be told of, in words. */
export const TYPE_WORDS = {
  'break_glass.use': 'alarms of break-glass accounts',
  'request.asked': 'requests that are asked',
  'request.decided': 'requests that are decided',
  'request.expired': 'requests that nobody decided',
  'request.canceled': 'requests that are taken back',
  'approval.asked': 'approvals that are asked',
  'approval.decided': 'approvals that are decided',
  'grant.given': 'access for a while that begins',
  'grant.ended': 'access for a while that ends',
  'review.launched': 'reviews that begin',
  'review.ended': 'reviews that end',
} as const satisfies Readonly<Record<WebhookType, string>>;
export const TYPES = Object.keys(TYPE_WORDS) as readonly WebhookType[];
export const ALARM = 'break_glass.use' satisfies WebhookType;

/** What they are of, in a form, and what each says there beside that. */
export const TYPE_HEADS = {
  break_glass: 'Alarms',
  request: 'Requests',
  approval: 'Approvals',
  grant: 'Access for a while',
  review: 'Reviews',
} as const satisfies Readonly<Record<WebhookType extends `${infer Of}.${string}` ? Of : never, string>>;
export const SHORT_WORDS = {
  'break_glass.use': 'break-glass accounts',
  'request.asked': 'asked',
  'request.decided': 'decided',
  'request.expired': 'nobody decided',
  'request.canceled': 'taken back',
  'approval.asked': 'asked',
  'approval.decided': 'decided',
  'grant.given': 'begins',
  'grant.ended': 'ends',
  'review.launched': 'begin',
  'review.ended': 'end',
} as const satisfies Readonly<Record<WebhookType, string>>;
