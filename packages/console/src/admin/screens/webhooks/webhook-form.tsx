import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { post, putTagged } from '../../api.ts';
import { faultOf } from '../../ui/fault-of.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { WEBHOOKS, type Webhook, type WebhookWithSecret, webhookPath } from './webhook-answer.ts';

/** Makes a webhook, whose secret the answer alone has, or changes where one goes. */
export const WebhookForm = ({
  webhook,
  onDone,
  onClose,
}: {
  /** Null makes one. */
  readonly webhook: Webhook | null;
  readonly onDone: (saved: Webhook | WebhookWithSecret) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? '');
  const save = (): Promise<Webhook | WebhookWithSecret> => {
    const body = { name: name.trim(), url: url.trim() };
    return webhook === null
      ? post<WebhookWithSecret>(WEBHOOKS, body)
      : putTagged<Webhook>(webhookPath(webhook), body, webhook.version);
  };
  return (
    <FormDialog
      title={webhook === null ? 'New webhook' : `Change ${webhook.name}`}
      action={webhook === null ? 'webhook.create' : 'webhook.update'}
      isReady={name.trim() !== '' && url.trim() !== ''}
      save={save}
      saveLabel={webhook === null ? 'Create' : 'Save'}
      failed="The webhook was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      {(error) => (
        <>
          <TextInput
            label="Name"
            value={name}
            maxLength={100}
            required
            data-autofocus
            error={faultOf(error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Address"
            description="Where messages are sent to, with POST. Whoever can read it there learns of alarms."
            value={url}
            maxLength={1000}
            spellCheck={false}
            required
            error={faultOf(error, 'url')}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          {webhook === null && (
            <p className="sp-quiet">
              Next its signing secret is shown, once. Have the place at hand where the receiver keeps it.
            </p>
          )}
        </>
      )}
    </FormDialog>
  );
};
