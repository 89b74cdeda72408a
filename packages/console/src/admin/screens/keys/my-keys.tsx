import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CreationOptionsJson, createKey, KeyError } from '../../../browser/webauthn.ts';
import { del, get, post, put } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { type Authenticator, FACTORS_PATH, type Factor } from './authenticator.ts';
import { AuthenticatorTable } from './authenticator-table.tsx';

const NAME_MAX = 100;

interface Enrolled {
  readonly id: string;
  readonly _embedded: { readonly activation: CreationOptionsJson };
}

/** Registers a key: the server is asked, then the browser and the key, then the server again. */
const register = async (name: string): Promise<void> => {
  const authenticatorName = name.trim();
  const { id, _embedded } = await post<Enrolled>(FACTORS_PATH, {
    factorType: 'webauthn',
    provider: 'FIDO',
    ...(authenticatorName === '' ? {} : { profile: { authenticatorName } }),
  });
  const answer = await createKey(_embedded.activation);
  await post(`${FACTORS_PATH}/${encodeURIComponent(id)}/lifecycle/activate`, answer);
};

/** Adding one. What was typed stays when the key, or the server, said no. */
const AddKey = ({ onChanged }: { readonly onChanged: () => void }) => {
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => register(name),
    onSuccess: () => {
      toast('The key is registered. It opens your account from now on.');
      setName('');
      onChanged();
    },
  });
  return (
    <Section title="Add a security key">
      <p>
        Keep a second key somewhere else than the first: if one is lost or breaks, the other lets you in. It must stay
        on a device, such as a security key; a passkey that is synced to a cloud account is refused.
      </p>
      <form
        className="sp-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!add.isPending) add.mutate();
        }}
      >
        <TextInput
          label="Name"
          description="So that you know it again, such as “blue one, at home”. Left empty, it gets a number."
          value={name}
          maxLength={NAME_MAX}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {add.error instanceof KeyError ? (
          <div className="sp-state bad slim" role="alert">
            <p>{add.error.message}</p>
          </div>
        ) : (
          add.isError && <Failure what="The key was not registered" error={add.error} wasChange />
        )}
        <p role="status" className="sp-quiet">
          {add.isPending ? 'Touch your key, or follow your browser…' : ''}
        </p>
        <div>
          <ProtectedButton action="my.factor.enrol" type="submit" loading={add.isPending}>
            Add a security key
          </ProtectedButton>
        </div>
      </form>
    </Section>
  );
};

const RenameDialog = ({
  row,
  onDone,
  onClose,
}: {
  readonly row: Authenticator;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(row.name);
  return (
    <FormDialog
      title={`Rename ${row.name}`}
      action={null}
      isReady
      save={() => put(`/sallyport/v1/users/me/factors/${encodeURIComponent(row.id)}`, { name })}
      saveLabel="Rename"
      failed="It was not renamed"
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        value={name}
        maxLength={NAME_MAX}
        autoComplete="off"
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  );
};

/** With what do I get in, and what if I lose it? */
export const MyKeys = () => {
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ readonly verb: 'rename' | 'remove'; readonly row: Authenticator } | null>(null);
  const query = useQuery({ queryKey: [FACTORS_PATH], queryFn: () => get<readonly Factor[]>(FACTORS_PATH) });
  const refresh = (): void => void client.invalidateQueries();
  const close = (): void => setAsked(null);
  const done = (sentence: string): void => {
    close();
    toast(sentence);
    refresh();
  };
  return (
    <Page
      title="My keys"
      lead="What opens your account. Each one alone is enough, so keep only those that you have."
      command={<CliFor command="sallyport key list" />}
    >
      <QueryView query={query} what="your keys">
        {(factors) => {
          const rows = factors.filter(({ status }) => status === 'ACTIVE').map(({ sallyport }) => sallyport);
          const isOnlyOne = rows.filter(({ qualifies }) => qualifies).length === 1;
          return (
            <div className="sp-stack">
              {rows.length === 0 ? (
                <p>No authenticator is enrolled.</p>
              ) : (
                <AuthenticatorTable
                  caption="My keys"
                  rows={rows}
                  actions={(row) => (
                    <span className="sp-actions">
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={`Rename ${row.name}…`}
                        onClick={() => setAsked({ verb: 'rename', row })}
                      >
                        Rename…
                      </Button>
                      {isOnlyOne && row.qualifies ? (
                        <span className="sp-quiet">Your last key. To remove it, add another one first.</span>
                      ) : (
                        <ProtectedButton
                          action="my.factor.remove"
                          size="xs"
                          color="red"
                          variant="outline"
                          aria-label={`Remove ${row.name}…`}
                          onClick={() => setAsked({ verb: 'remove', row })}
                        >
                          Remove…
                        </ProtectedButton>
                      )}
                    </span>
                  )}
                />
              )}
              <AddKey onChanged={refresh} />
            </div>
          );
        }}
      </QueryView>
      {asked?.verb === 'rename' && (
        <RenameDialog row={asked.row} onDone={() => done(`It is renamed.`)} onClose={close} />
      )}
      {asked?.verb === 'remove' && (
        <ConfirmDialog
          title={`Remove ${asked.row.name}?`}
          confirmLabel="Remove"
          protectedAction="my.factor.remove"
          action={() => del(`${FACTORS_PATH}/${encodeURIComponent(asked.row.id)}`)}
          onDone={() => done(`${asked.row.name} is removed. Nothing accepts it any more.`)}
          onClose={close}
        >
          <p>
            It does not open your account any more, and your other sessions that it opened end at once. This one goes
            on. To use it again you would register it anew.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
