import { Button, TextInput } from '@mantine/core';
import type { AlarmTestAnswer, BreakGlassAnswer, SealedAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type CreationOptionsJson, createKey, KeyError } from '../../../browser/webauthn.ts';
import { del, get, post } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { accountPath, BREAK_GLASS, NetworksForm, SealForm } from './account-form.tsx';
import { StateWord } from './break-glass.tsx';
import { SealedSecret } from './sealed-secret.tsx';
import { Uses } from './uses.tsx';

interface Enrolled {
  readonly id: string;
  readonly _embedded: { readonly activation: CreationOptionsJson };
}

const register = async (id: string, name: string): Promise<void> => {
  const begun = await post<Enrolled>(`${accountPath(id)}/keys`, { name: name.trim() });
  const answer = await createKey(begun._embedded.activation);
  await post(`${accountPath(id)}/keys/${encodeURIComponent(begun.id)}/activate`, answer);
};

/** Registering one, here, in the browser of whoever keeps the account. */
const AddKey = ({ account, onChanged }: { readonly account: BreakGlassAnswer; readonly onChanged: () => void }) => {
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => register(account.id, name),
    onSuccess: () => {
      toast('The key is registered for the account.');
      setName('');
      onChanged();
    },
  });
  return (
    <form
      className="sp-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!add.isPending && name.trim() !== '') add.mutate();
      }}
    >
      <TextInput
        label="Name of another key"
        description="Who keeps it, or where it lies: “Bo”, “safe in Oslo”. One key for each hand."
        value={name}
        maxLength={100}
        required
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
        {add.isPending ? 'Plug in the key of the account and touch it, not your own…' : ''}
      </p>
      <div>
        <ProtectedButton action="break-glass.key" type="submit" loading={add.isPending} disabled={name.trim() === ''}>
          Register a key
        </ProtectedButton>
      </div>
    </form>
  );
};

const told = ({ mailTo, webhooks, late }: AlarmTestAnswer): string => {
  if (mailTo + webhooks === 0) return 'Nobody was told: neither mail nor a webhook is set up.';
  const people = `${mailTo} ${mailTo === 1 ? 'person' : 'people'} by mail`;
  const hooks = `${webhooks} ${webhooks === 1 ? 'webhook' : 'webhooks'}`;
  const rest = late.length === 0 ? 'All has arrived.' : `${late.length} did not arrive yet, and will be tried again.`;
  return `Sent to ${people} and to ${hooks}. ${rest}`;
};

/** Both really send, and say what came of it. */
const Alarms = ({ account, onChanged }: { readonly account: BreakGlassAnswer; readonly onChanged: () => void }) => {
  const test = useMutation({ mutationFn: () => post<AlarmTestAnswer>(`${accountPath(account.id)}/test-alarm`) });
  const drill = useMutation({
    mutationFn: () => post(`${accountPath(account.id)}/drill`),
    onSuccess: () => {
      toast('The drill is announced. For an hour its use is one.');
      onChanged();
    },
  });
  return (
    <Section title="Alarms and drills">
      <dl className="sp-facts">
        <dt>Told by mail</dt>
        <dd>
          {account.alarms.mailTo === 0 ? 'nobody: no mail server is set up' : `${account.alarms.mailTo} super admins`}
        </dd>
        <dt>Webhooks</dt>
        <dd>
          {account.alarms.webhooks === 0 ? (
            <>
              none: <GoTo href="/webhooks">set one up</GoTo>
            </>
          ) : (
            account.alarms.webhooks
          )}
        </dd>
        <dt>Last drill</dt>
        <dd>{account.lastDrillAt === null ? 'never' : <Instant at={account.lastDrillAt} />}</dd>
        <dt>Next drill due</dt>
        <dd>
          <Instant at={account.drillDueAt} /> {account.isDrillDue && <Word tone="warn">due</Word>}
        </dd>
        {account.drillUntil !== null && (
          <>
            <dt>A drill is on</dt>
            <dd>
              until <Instant at={account.drillUntil} />
            </dd>
          </>
        )}
      </dl>
      {test.isError && <Failure what="The alarm was not tested" error={test.error} wasChange />}
      {drill.isError && <Failure what="The drill was not announced" error={drill.error} wasChange />}
      <p role="status">{test.data === undefined ? '' : told(test.data)}</p>
      <div className="sp-actions">
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Test the alarm
        </Button>
        <ProtectedButton
          action="break-glass.drill"
          variant="default"
          loading={drill.isPending}
          onClick={() => drill.mutate()}
        >
          Announce a drill
        </ProtectedButton>
      </div>
    </Section>
  );
};

type Asking = 'networks' | 'seal' | 'delete' | { readonly keyId: string; readonly name: string } | null;

const Account = ({ account, onChanged }: { readonly account: BreakGlassAnswer; readonly onChanged: () => void }) => {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>(null);
  const [sealed, setSealed] = useState<SealedAnswer | null>(null);
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    onChanged();
  };
  const path = accountPath(account.id);
  return (
    <div className="sp-stack">
      <Section
        title="Readiness"
        tools={
          <span className="sp-actions">
            <ProtectedButton action="break-glass.seal" onClick={() => setAsking('seal')}>
              Give it a new secret…
            </ProtectedButton>
            <ProtectedButton
              action="break-glass.delete"
              color="red"
              variant="outline"
              onClick={() => setAsking('delete')}
            >
              Delete…
            </ProtectedButton>
          </span>
        }
      >
        <p>
          <StateWord state={account.state} /> sealed{' '}
          {account.split !== null && `in ${account.split.count} shares, any ${account.split.needed} of which open it, `}
          <Instant at={account.sealedAt} />
          {account.unsealedAt !== null && (
            <>
              , its secret was used <Instant at={account.unsealedAt} />
            </>
          )}
        </p>
        {account.todo.length > 0 && (
          <ul aria-label="To do">
            {account.todo.map((sentence) => (
              <li key={sentence}>
                <Word tone="warn">{sentence}</Word>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section
        title="Networks"
        lead="It signs in from these and nowhere else, and no blocklist holds them."
        tools={
          <ProtectedButton action="break-glass.update" variant="default" onClick={() => setAsking('networks')}>
            Change…
          </ProtectedButton>
        }
      >
        <dl className="sp-facts">
          <dt>Primary</dt>
          <dd>{account.networks.primary.join(', ')}</dd>
          <dt>Secondary</dt>
          <dd>{account.networks.secondary.join(', ') || 'none'}</dd>
          <dt>Tertiary</dt>
          <dd>{account.networks.tertiary.join(', ') || 'none'}</dd>
        </dl>
      </Section>
      <Section title="Hardware keys" lead="Two or more, in different hands: one is lost, the other lets you in.">
        {account.keys.length > 0 && (
          <DataTable
            caption="Its hardware keys"
            rows={account.keys}
            rowKey={({ id }) => id}
            columns={[
              { key: 'name', head: 'Name', cell: ({ name }) => name },
              {
                key: 'usable',
                head: 'Counts',
                cell: ({ isUsable }) =>
                  isUsable ? <Word tone="good">yes</Word> : <Word tone="warn">no: it is synced or built in</Word>,
              },
              { key: 'created', head: 'Registered', cell: ({ created }) => <Instant at={created} /> },
              {
                key: 'used',
                head: 'Last used',
                cell: ({ lastUsed }) => (lastUsed === null ? 'never' : <Instant at={lastUsed} as="relative" />),
              },
              {
                key: 'remove',
                head: 'Change',
                cell: ({ id, name }) => (
                  <ProtectedButton
                    action="break-glass.key.remove"
                    color="red"
                    variant="outline"
                    size="xs"
                    aria-label={`Remove ${name}…`}
                    onClick={() => setAsking({ keyId: id, name })}
                  >
                    Remove…
                  </ProtectedButton>
                ),
              },
            ]}
          />
        )}
        <AddKey account={account} onChanged={onChanged} />
      </Section>
      <Alarms account={account} onChanged={onChanged} />
      <Uses account={account} onChanged={onChanged} />
      {asking === 'networks' && (
        <NetworksForm
          account={account}
          onClose={close}
          onDone={() => done('The networks count from the next sign-in on.')}
        />
      )}
      {asking === 'seal' && (
        <SealForm
          account={account}
          onClose={close}
          onDone={(made) => {
            setSealed(made);
            done('The old secret opens nothing any more.');
          }}
        />
      )}
      {asking === 'delete' && (
        <ConfirmDialog
          title={`Delete ${account.login}?`}
          confirmLabel="Delete"
          protectedAction="break-glass.delete"
          typeToConfirm={account.login}
          action={() => del(path)}
          onClose={close}
          onDone={() => {
            done('The account is gone. What was done with it stays in the log.');
            void navigate({ to: '/break-glass' });
          }}
        >
          <p>Its secret and its keys open nothing any more. It cannot be undone.</p>
        </ConfirmDialog>
      )}
      {asking !== null && typeof asking === 'object' && (
        <ConfirmDialog
          title={`Remove ${asking.name}?`}
          confirmLabel="Remove"
          protectedAction="break-glass.key.remove"
          action={() => del(`${path}/keys/${encodeURIComponent(asking.keyId)}`)}
          onClose={close}
          onDone={() => done(`${asking.name} does not open it any more.`)}
        >
          <p>Without two keys the account is not ready.</p>
        </ConfirmDialog>
      )}
      {sealed !== null && <SealedSecret sealed={sealed} onClose={() => setSealed(null)} />}
    </div>
  );
};

/** One account: ready, untouched, who is told, and what was done with it. */
export const BreakGlassAccount = () => {
  const { id } = useParams({ strict: false });
  const client = useQueryClient();
  const path = accountPath(id ?? '');
  const query = useQuery({ queryKey: [BREAK_GLASS, id], queryFn: () => get<BreakGlassAnswer>(path) });
  return (
    <Page
      title={query.data?.login ?? 'Break-glass account'}
      lead="A break-glass account: nobody’s own, super admin for good, sealed."
      command={<CliFor command={`sallyport break-glass show ${query.data?.login ?? id ?? ''}`} />}
    >
      <QueryView query={query} what="the account">
        {(account) => (
          <Account account={account} onChanged={() => void client.invalidateQueries({ queryKey: [BREAK_GLASS] })} />
        )}
      </QueryView>
    </Page>
  );
};
