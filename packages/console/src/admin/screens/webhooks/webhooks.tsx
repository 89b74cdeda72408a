import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, post, put } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { RotateWebhook } from './rotate-webhook.tsx';
import {
  ALARM,
  TYPE_WORDS,
  TYPES,
  WEBHOOKS,
  type Webhook,
  type WebhookWithSecret,
  webhookPath,
} from './webhook-answer.ts';
import { WebhookForm } from './webhook-form.tsx';
import { WebhookSecret } from './webhook-secret.tsx';

type Asking =
  | { readonly kind: 'make' }
  | { readonly kind: 'change' | 'rotate' | 'delete'; readonly webhook: Webhook }
  | { readonly kind: 'secret'; readonly made: WebhookWithSecret }
  | null;

const waitingWords = ({ queue: { waiting } }: Webhook): string =>
  waiting === 0 ? 'Nothing waits for it.' : `${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'} for it.`;

/** What it is told of: by name what it alone is, the rest by its number. */
const typesWords = ({ types }: Webhook): string => {
  const [first] = types;
  if (types.length === TYPES.length) return 'everything';
  if (first === undefined) return 'nothing';
  return types.length === 1 ? TYPE_WORDS[first] : `${TYPE_WORDS[first]}, and ${types.length - 1} more`;
};

/** What went wrong, without the name of its kind. */
const errorWords = (error: string): string => error.replace(/^(\w*Error|Undeliverable): /, '');

interface Tested {
  readonly hasArrived: boolean;
  readonly error: string | null;
  readonly willRetry: boolean;
}

const retryWords = ({ willRetry }: Tested, { status }: Webhook): string => {
  if (willRetry) return 'It is tried again.';
  return status === 'ACTIVE' ? 'It is not tried again.' : 'It is not tried again while it is paused.';
};

const COLUMNS: readonly Column<Webhook>[] = [
  {
    key: 'name',
    head: 'Webhook',
    cell: ({ name, url }) => (
      <span className="sp-two">
        <span className="sp-strong">{name}</span>
        <code className="sp-path">{url}</code>
      </span>
    ),
  },
  {
    key: 'types',
    head: 'Told of',
    cell: (webhook) => (
      <span className="sp-two">
        <span>{typesWords(webhook)}</span>
        {!webhook.types.includes(ALARM) && <span className="sp-quiet">no alarms</span>}
      </span>
    ),
  },
  {
    key: 'status',
    head: 'Status',
    cell: ({ status }) => (
      <Word tone={status === 'ACTIVE' ? 'good' : 'quiet'}>{status === 'ACTIVE' ? 'on' : 'paused'}</Word>
    ),
  },
  {
    key: 'queue',
    head: 'Messages',
    cell: ({ queue: { waiting, dead, lastError, lastDeliveredAt } }) => (
      <span className="sp-two">
        <span>
          last arrived: <Instant at={lastDeliveredAt} as="relative" />
        </span>
        {waiting > 0 && <Word tone="warn">{waiting} waiting</Word>}
        {lastError !== null && <span>{errorWords(lastError)}</span>}
        {dead > 0 && <Word tone="bad">{dead} given up</Word>}
      </span>
    ),
  },
  {
    key: 'secret',
    head: 'Secret',
    cell: ({ secretSetAt, oldSecretEndsAt }) => (
      <span className="sp-two">
        <span>
          set <Instant at={secretSetAt} as="relative" />
        </span>
        {oldSecretEndsAt !== null && (
          <span className="sp-quiet">
            the one before ends <Instant at={oldSecretEndsAt} as="relative" />
          </span>
        )}
      </span>
    ),
  },
];

/** Who is told of what, outside this console? */
export const Webhooks = () => {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const query = useQuery({ queryKey: [WEBHOOKS], queryFn: () => get<readonly Webhook[]>(WEBHOOKS) });
  const reload = (): void => void client.invalidateQueries({ queryKey: [WEBHOOKS] });
  // What was refused because somebody else changed it is opened anew as it is now.
  const close = (): void => {
    setAsking(null);
    reload();
  };
  const done = (words: string): void => {
    close();
    toast(words);
  };
  const turn = useMutation({
    mutationFn: (webhook: Webhook) =>
      put(webhookPath(webhook), { status: webhook.status === 'ACTIVE' ? 'INACTIVE' : 'ACTIVE' }),
    onSuccess: (_, { name, status }) => {
      // Another dialog may be open by now, with something typed into it, or a secret in it.
      toast(status === 'ACTIVE' ? `${name} is paused: it is told of nothing.` : `${name} is told again.`);
      reload();
    },
  });
  const test = useMutation({
    mutationFn: (webhook: Webhook) => post<Tested>(`${webhookPath(webhook)}/test`),
    onSettled: reload,
  });
  // It may have been paused, or resumed, since its test was begun.
  const tested = query.data?.find(({ id }) => id === test.variables?.id) ?? test.variables;
  const change: Column<Webhook> = {
    key: 'change',
    head: 'Change',
    cell: (webhook) => {
      const { name, status } = webhook;
      const isOn = status === 'ACTIVE';
      return (
        <span className="sp-actions">
          <Button
            variant="default"
            size="xs"
            aria-label={`Test now: ${name}`}
            loading={test.isPending && test.variables.id === webhook.id}
            onClick={() => test.mutate(webhook)}
          >
            Test now
          </Button>
          <ProtectedButton
            action="webhook.update"
            variant="default"
            size="xs"
            aria-label={`${isOn ? 'Pause' : 'Resume'} ${name}`}
            loading={turn.isPending && turn.variables.id === webhook.id}
            onClick={() => turn.mutate(webhook)}
          >
            {isOn ? 'Pause' : 'Resume'}
          </ProtectedButton>
          <ProtectedButton
            action="webhook.update"
            variant="default"
            size="xs"
            aria-label={`Change ${name}…`}
            onClick={() => setAsking({ kind: 'change', webhook })}
          >
            Change…
          </ProtectedButton>
          <ProtectedButton
            action="webhook.rotate"
            variant="default"
            size="xs"
            aria-label={`New secret for ${name}…`}
            onClick={() => setAsking({ kind: 'rotate', webhook })}
          >
            New secret…
          </ProtectedButton>
          <ProtectedButton
            action="webhook.delete"
            color="red"
            variant="outline"
            size="xs"
            aria-label={`Delete ${name}…`}
            onClick={() => setAsking({ kind: 'delete', webhook })}
          >
            Delete…
          </ProtectedButton>
        </span>
      );
    },
  };
  return (
    <Page
      title="Webhooks"
      lead="Who is told outside this console, of alarms and of what they choose: at once, signed, and until it has arrived."
      tools={
        <ProtectedButton action="webhook.create" onClick={() => setAsking({ kind: 'make' })}>
          New webhook…
        </ProtectedButton>
      }
      command={<CliFor command="sallyport webhook list" />}
    >
      {turn.isError && <Failure what="The webhook was not changed" error={turn.error} wasChange />}
      {test.isError && <Failure what="The webhook was not tested" error={test.error} />}
      {/* What is told later must be in a region that was there before (WCAG 4.1.3). */}
      <div role="status">
        {test.isSuccess && tested !== undefined && (
          <p className={`sp-state slim ${test.data.hasArrived ? '' : 'bad'}`}>
            {test.data.hasArrived
              ? `The test has arrived: ${tested.name} answered that it has it.`
              : `The test has not arrived at ${tested.name}${test.data.error === null ? ': others wait before it' : `: ${errorWords(test.data.error)}`}. ${retryWords(test.data, tested)}`}
          </p>
        )}
      </div>
      <QueryView query={query} what="the webhooks">
        {(webhooks) =>
          webhooks.length === 0 ? (
            <Empty title="Nobody is told" command="sallyport webhook create --help">
              When a break-glass account is used, mail alone tells of it, where there is mail at all.
            </Empty>
          ) : (
            <DataTable caption="Webhooks" rows={webhooks} rowKey={({ id }) => id} columns={[...COLUMNS, change]} />
          )
        }
      </QueryView>
      {(asking?.kind === 'make' || asking?.kind === 'change') && (
        <WebhookForm
          webhook={asking.kind === 'change' ? asking.webhook : null}
          onClose={close}
          onDone={(saved) => {
            done(`${saved.name} is saved.`);
            if ('secret' in saved) setAsking({ kind: 'secret', made: saved });
          }}
        />
      )}
      {asking?.kind === 'rotate' && (
        <RotateWebhook
          webhook={asking.webhook}
          onClose={close}
          onDone={(made) => {
            done(`${made.name} has a new secret.`);
            setAsking({ kind: 'secret', made });
          }}
        />
      )}
      {asking?.kind === 'secret' && <WebhookSecret made={asking.made} onClose={close} />}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Delete ${asking.webhook.name}?`}
          confirmLabel="Delete"
          protectedAction="webhook.delete"
          action={() => del(webhookPath(asking.webhook))}
          onClose={close}
          onDone={() => done(`${asking.webhook.name} is deleted.`)}
        >
          <p>
            It is told of nothing from now on. {waitingWords(asking.webhook)}
            {asking.webhook.queue.waiting > 0 && ' What waits is given up with it.'} To stop it for a while, pause it.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
