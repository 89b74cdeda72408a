export type { WebhookAnswer as Webhook, WebhookWithSecretAnswer as WebhookWithSecret } from '@sallyport/client/answers';

export const WEBHOOKS = '/sallyport/v1/webhooks';
export const webhookPath = ({ id }: { readonly id: string }): string => `${WEBHOOKS}/${encodeURIComponent(id)}`;
