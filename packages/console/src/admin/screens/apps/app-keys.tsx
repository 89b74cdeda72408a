import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, describeFailure, post } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { shortId } from '../../ui/short-id.ts';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { type App, type AppKey, appPath } from './app-answer.ts';
import { KeyFields, type KeySource, NEW_KEY } from './key-fields.tsx';
import { makeKey, readPastedKeys } from './machine-key.ts';
import { ShownOnce } from './shown-once.tsx';

const ACTION = 'service-app.update';

const AddKey = ({ app, onDone, onClose }: { app: App; onDone: () => void; onClose: () => void }) => {
  const [source, setSource] = useState<KeySource>(NEW_KEY);
  const [secret, setSecret] = useState<string | null>(null);
  const pasted = source.way === 'paste' && source.pasted !== '' ? readPastedKeys(source.pasted) : null;
  const add = useMutation({
    mutationFn: async () => {
      const key = source.way === 'make' ? await makeKey() : null;
      const keys = key === null ? (Array.isArray(pasted) ? pasted : []) : [key.publicJwk];
      for (const one of keys) await post(`${appPath(app.id)}/credentials/jwks`, one);
      return key;
    },
    onSuccess: (key) => (key === null ? onDone() : setSecret(key.privateText)),
  });
  if (secret !== null) return <ShownOnce label={app.label} privateText={secret} onDone={onDone} />;
  const cause = add.isError ? describeFailure(add.error).causes[0] : undefined;
  const fault = typeof pasted === 'string' ? pasted : (cause?.replace(/^[^:]*: /, '') ?? null);
  return (
    <Dialog title={`Add a key to ${app.label}`} onClose={onClose} closeOnClickOutside={false}>
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <BeforeSaving action={ACTION} />
        <KeyFields value={source} onChange={setSource} error={fault} hasAddress={false} />
        {add.isError && (source.way !== 'paste' || fault === null) && (
          <Failure what="The key was not added" error={add.error} wasChange />
        )}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={add.isPending}>
            Cancel
          </Button>
          <ProtectedButton
            action={ACTION}
            type="submit"
            loading={add.isPending}
            disabled={source.way === 'paste' && !Array.isArray(pasted)}
          >
            Add
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};

type Asking = { readonly kind: 'add' } | { readonly kind: 'retire' | 'delete'; readonly key: AppKey } | null;

/** The keys with which a service app proves itself: added, retired, and when each was last used. */
export const AppKeys = ({ app, mayManage }: { readonly app: App; readonly mayManage: boolean }) => {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    close();
    toast(words);
    void client.invalidateQueries();
  };
  const path = `${appPath(app.id)}/credentials/jwks`;
  const activate = useMutation({
    mutationFn: (key: AppKey) => post(`${path}/${encodeURIComponent(key.id)}/lifecycle/activate`),
    onSuccess: () => done('The key counts again.'),
  });
  const { jwks, jwks_uri } = app.settings.oauthClient ?? {};
  if (jwks_uri !== undefined)
    return (
      <Section title="Keys">
        <p>
          It publishes its keys at <code>{jwks_uri}</code>. They are fetched when it asks for a token.
        </p>
      </Section>
    );
  const keys = jwks?.keys ?? [];
  return (
    <Section
      title="Keys"
      tools={
        mayManage && (
          <ProtectedButton action={ACTION} variant="default" onClick={() => setAsking({ kind: 'add' })}>
            Add a key…
          </ProtectedButton>
        )
      }
    >
      {activate.isError && <Failure what="The key was not changed" error={activate.error} wasChange />}
      {keys.length === 0 ? (
        <p className="sp-quiet">None: it gets no token.</p>
      ) : (
        <DataTable
          caption={`Keys of ${app.label}`}
          rows={keys}
          rowKey={({ id }) => id}
          columns={[
            { key: 'kid', head: 'Key', cell: ({ kid }) => <code title={kid}>{shortId(kid)}</code> },
            { key: 'alg', head: 'Algorithm', cell: ({ alg }) => alg },
            {
              key: 'status',
              head: 'Status',
              cell: ({ status }) =>
                status === 'ACTIVE' ? <Word tone="good">counts</Word> : <Word tone="quiet">retired</Word>,
            },
            { key: 'created', head: 'Added', isNumeric: true, cell: ({ created }) => <Instant at={created} /> },
            {
              key: 'used',
              head: 'Last used',
              isNumeric: true,
              cell: ({ lastUsed }) => <Instant at={lastUsed} as="relative" />,
            },
            ...(mayManage
              ? [
                  {
                    key: 'change',
                    head: 'Change',
                    cell: (key: AppKey) =>
                      key.status === 'ACTIVE' ? (
                        <ProtectedButton
                          action={ACTION}
                          size="xs"
                          color="red"
                          variant="outline"
                          aria-label={`Retire ${key.kid}…`}
                          onClick={() => setAsking({ kind: 'retire', key })}
                        >
                          Retire…
                        </ProtectedButton>
                      ) : (
                        <span className="sp-actions">
                          <ProtectedButton
                            action={ACTION}
                            size="xs"
                            variant="default"
                            aria-label={`Let ${key.kid} count again`}
                            onClick={() => activate.mutate(key)}
                          >
                            Count again
                          </ProtectedButton>
                          <ProtectedButton
                            action={ACTION}
                            size="xs"
                            color="red"
                            variant="outline"
                            aria-label={`Delete ${key.kid}…`}
                            onClick={() => setAsking({ kind: 'delete', key })}
                          >
                            Delete…
                          </ProtectedButton>
                        </span>
                      ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {asking?.kind === 'add' && <AddKey app={app} onDone={() => done('The key is added.')} onClose={close} />}
      {asking?.kind === 'retire' && (
        <ConfirmDialog
          title="Retire this key?"
          confirmLabel="Retire"
          protectedAction={ACTION}
          action={() => post(`${path}/${encodeURIComponent(asking.key.id)}/lifecycle/deactivate`)}
          onDone={() => done('The key is retired.')}
          onClose={close}
        >
          <p>
            {app.label} gets no token with it any more, and its tokens end at once: they may have been got with it. With
            another key it gets new ones.
          </p>
        </ConfirmDialog>
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title="Delete this key?"
          confirmLabel="Delete"
          protectedAction={ACTION}
          action={() => del(`${path}/${encodeURIComponent(asking.key.id)}`)}
          onDone={() => done('The key is deleted.')}
          onClose={close}
        >
          <p>It is retired already, so nothing stops working.</p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
