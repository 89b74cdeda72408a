import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { post, putTagged } from '../../api.ts';
import { faultOf } from '../../ui/fault-of.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { TypesField } from './types-field.tsx';
import {
  ALARM,
  WEBHOOKS,
  type Webhook,
  type WebhookType,
  type WebhookWithSecret,
  webhookPath,
} from './webhook-answer.ts';

/** Makes a webhook, whose secret the answer alone has, or changes where one goes, and with what. */
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
  const [types, setTypes] = useState<readonly WebhookType[]>(webhook?.types ?? [ALARM]);
  const save = (): Promise<Webhook | WebhookWithSecret> => {
    const body = { name: name.trim(), url: url.trim(), types };
    return webhook === null
      ? post<WebhookWithSecret>(WEBHOOKS, body)
      : putTagged<Webhook>(webhookPath(webhook), body, webhook.version);
  };
  return (
    <FormDialog
      title={webhook === null ? 'New webhook' : `Change ${webhook.name}`}
      action={webhook === null ? 'webhook.create' : 'webhook.update'}
      isReady={name.trim() !== '' && url.trim() !== '' && types.length > 0}
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
            description="Where messages are sent to, with POST. Whoever can read it there learns of all that is sent."
            value={url}
            maxLength={1000}
            spellCheck={false}
            required
            error={faultOf(error, 'url')}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <TypesField types={types} error={faultOf(error, 'types')} onChange={setTypes} />
          {/* What is told later must be in a region that was there before (WCAG 4.1.3). */}
          <div role="status">
            {webhook?.types.includes(ALARM) && !types.includes(ALARM) && (
              <p className="sp-state warn slim">When a break-glass account is used, it is not told any more.</p>
            )}
          </div>
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
