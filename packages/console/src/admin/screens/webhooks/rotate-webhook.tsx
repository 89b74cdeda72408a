import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { post } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { type Webhook, type WebhookWithSecret, webhookPath } from './webhook-answer.ts';

const OVERLAPS = [
  { value: '0', label: 'not at all: somebody else saw it' },
  { value: '1', label: 'an hour' },
  { value: '24', label: 'a day' },
  { value: '72', label: 'three days' },
  { value: '168', label: 'a week' },
];

/** A new signing secret, and how long messages are signed with the old one, too. */
export const RotateWebhook = ({
  webhook,
  onDone,
  onClose,
}: {
  readonly webhook: Webhook;
  readonly onDone: (made: WebhookWithSecret) => void;
  readonly onClose: () => void;
}) => {
  const [hours, setHours] = useState('24');
  return (
    <FormDialog
      title={`A new secret for ${webhook.name}`}
      action="webhook.rotate"
      isReady
      save={() => post<WebhookWithSecret>(`${webhookPath(webhook)}/rotate`, { overlapHours: Number(hours) })}
      saveLabel="Make a new secret"
      failed="It has no new secret"
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        The secret is the same since <Instant at={webhook.secretSetAt} />. Name and address stay as they are.
      </p>
      <NativeSelect
        label="How long messages are signed with the old secret, too"
        data={OVERLAPS}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
      />
      {webhook.oldSecretEndsAt !== null && (
        <p className="sp-state warn slim">
          An overlap runs until <Instant at={webhook.oldSecretEndsAt} />. The secret before the last one ends now,
          whatever is chosen.
        </p>
      )}
    </FormDialog>
  );
};
