/**
 * Every kind of message that a webhook may choose, and when it is sent. The list is closed: a kind that is added reaches no
 * webhook that did not choose it. `docs/reference/webhooks.md` is written from it.
 */
export const WEBHOOK_TYPES = {
  'break_glass.use': 'a break-glass account is touched, or its alarm is tested',
  'request.asked': 'somebody asks for access',
  'request.decided': 'the last step of a request says yes, or somebody says no',
  'request.expired': 'nobody decided a request in time',
  'request.canceled': 'whoever asked takes a request back',
  'approval.asked': 'a protected action waits for a second person',
  'approval.decided': 'a second person says yes or no to it',
  'grant.given': 'access for a while is given',
  'grant.ended': 'access for a while ends: by its time, by somebody, or because it goes on in another grant',
  'review.launched': 'a review of access begins',
  'review.ended': 'a review of access is closed',
} as const satisfies Readonly<Record<string, string>>;

export type WebhookType = keyof typeof WEBHOOK_TYPES;
export const WEBHOOK_TYPE_NAMES = Object.keys(WEBHOOK_TYPES) as readonly WebhookType[];

/** What a webhook is told of that chose nothing, as every one was before there was a choice. */
export const ALARM_TYPE = 'break_glass.use' satisfies WebhookType;
