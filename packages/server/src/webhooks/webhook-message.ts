import { createHmac } from 'node:crypto';

/** What is sent, the same bytes at each attempt. */
export interface WebhookMessage {
  readonly webhookId: string;
  /** The same at each attempt, so that a receiver which saw it knows it again. */
  readonly id: string;
  readonly body: string;
}

/** https://www.standardwebhooks.com: HMAC-SHA256 over id, time and body, each followed by a dot but the last. */
export const signatureOf = (secret: string, id: string, seconds: number, body: string): string => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
};

/** The three headers of Standard Webhooks; while secrets overlap one signature for each, with a space between. */
export const webhookHeaders = (
  secrets: readonly string[],
  { id, body }: Pick<WebhookMessage, 'id' | 'body'>,
  now: number,
): Readonly<Record<string, string>> => {
  const seconds = Math.floor(now / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets.map((secret) => signatureOf(secret, id, seconds, body)).join(' '),
  };
};
