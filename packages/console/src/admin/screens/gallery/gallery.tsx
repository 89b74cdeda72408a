import { Button } from '@mantine/core';
import { useState } from 'react';
import { CallError } from '../../../browser/call.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId, CopyLine } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Empty, EmptyByFilter, Failure, Forbidden, Loading, Offline, Partial, Stale } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';

const REFUSAL = new CallError(503, {
  errorSummary: 'The database does not answer.',
  errorCode: 'E0000009',
  errorId: 'oaeA1b2C3d4E5f6G7h8J',
  errorCauses: [{ errorSummary: 'The request waited for 5 s.' }],
});
const ROWS = [
  { id: '00uAnaRuiz0000000001', name: 'Ana Ruiz', state: 'held', seenAt: Date.now() - 42_000 },
  { id: '00uLeePark0000000002', name: 'Lee Park', state: 'roamed', seenAt: Date.now() - 5_400_000 },
];

/** Every state that a screen can be in, on one page, for whoever designs, tests or translates them. */
export const Gallery = () => {
  const [dialog, setDialog] = useState<'none' | 'plain' | 'typed'>('none');
  const [chips, setChips] = useState([
    { key: 'q', text: 'name contains ana' },
    { key: 'state', text: 'state is ended' },
  ]);
  return (
    <Page title="Gallery of states" lead="What a screen can look like, whatever it shows.">
      <div className="sp-columns">
        <Section title="Empty">
          <Empty title="No network zones yet" command="sallyport zone list" action={<Button>Add a zone</Button>}>
            A zone names addresses, so that rules and blocklists can speak of them.
          </Empty>
        </Section>
        <Section title="Empty by filter">
          <EmptyByFilter
            what="sessions"
            filters={['state: ended', 'q: nobody']}
            onClear={() => toast('Filters cleared')}
          />
        </Section>
        <Section title="Loading, slow">
          <Loading what="3.1 million events" rows={4} onCancel={() => toast('Cancelled')} />
        </Section>
        <Section title="Error">
          <Failure what="Couldn’t save the zone" error={REFUSAL} wasChange onRetry={() => toast('Tried again')} />
        </Section>
        <Section title="Forbidden">
          <Forbidden what="“API tokens” is not part of your role." permission="okta.apiTokens.read" />
        </Section>
        <Section title="Stale">
          <Stale what="This rule" onTakeTheirs={() => toast('Theirs')} onKeepMine={() => toast('Mine')}>
            <p>Ana saved another version at 14:02.</p>
          </Stale>
        </Section>
        <Section title="Partial and offline">
          <Partial>Place names are missing: the country data is 94 days old.</Partial>
          <Offline sinceSeconds={360} onRetry={() => toast('Tried again')} />
        </Section>
        <Section title="Done">
          <Button variant="default" onClick={() => toast('Session of Lee revoked. It ended at once.')}>
            Show a toast
          </Button>
        </Section>
        <Section title="Dialogs">
          <div className="sp-actions">
            <Button variant="default" onClick={() => setDialog('plain')}>
              Revoke a session…
            </Button>
            <Button color="red" onClick={() => setDialog('typed')}>
              Revoke all of them…
            </Button>
          </div>
        </Section>
        <Section title="Words, instants, ids">
          <div className="sp-actions">
            <Word tone="good">held</Word>
            <Word tone="warn">observed</Word>
            <Word tone="bad">ended</Word>
            <Word tone="info">proved</Word>
            <Word tone="quiet">not enforced</Word>
          </div>
          <p>
            <Instant at={ROWS[1]?.seenAt} /> · <Instant at={ROWS[1]?.seenAt} as="relative" /> · <Instant at={null} /> ·{' '}
            <Countdown until={Date.now() + 4_321_000} />
          </p>
          <p>
            <CopyId id="sesQ8wE4rT6yU1iO3pA5" /> <CopyLine text="203.0.113.7" label="address" />
          </p>
          <CliFor command="sallyport session list --all" />
          <JsonButton title="Session" value={ROWS[0]} />
        </Section>
      </div>
      <Section title="Table and filters">
        <FilterChips chips={chips} onRemove={(key) => setChips(chips.filter((chip) => chip.key !== key))} />
        <DataTable
          caption="Example sessions"
          columns={[
            { key: 'name', head: 'Person', cell: (row) => row.name },
            { key: 'id', head: 'Id', cell: (row) => <CopyId id={row.id} /> },
            {
              key: 'state',
              head: 'Binding',
              cell: (row) => <Word tone={row.state === 'held' ? 'good' : 'bad'}>{row.state}</Word>,
            },
            {
              key: 'seen',
              head: 'Last seen',
              isNumeric: true,
              cell: (row) => <Instant at={row.seenAt} as="relative" />,
            },
          ]}
          rows={ROWS}
          rowKey={(row) => row.id}
          onOpen={(row) => toast(`Opened ${row.name}`)}
        />
      </Section>
      {dialog !== 'none' && (
        <ConfirmDialog
          title={dialog === 'plain' ? 'Revoke Lee’s session?' : 'Revoke 14 sessions?'}
          confirmLabel="Revoke"
          {...(dialog === 'typed' ? { typeToConfirm: 'revoke 14' } : {})}
          action={async () => {
            if (dialog === 'plain') throw REFUSAL;
          }}
          onDone={() => {
            setDialog('none');
            toast('Done');
          }}
          onClose={() => setDialog('none')}
        >
          <p>
            {dialog === 'plain'
              ? 'It ends at once, and Lee has to sign in again.'
              : 'This ends 14 sessions, including yours.'}
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
