import type { RequestSequenceAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get } from '../../api.ts';
import { SEQUENCES, SETTINGS_ACTION } from '../../ui/asking-paths.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { lengthWords } from '../../ui/length.ts';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { SequenceForm } from './sequence-form.tsx';

type Sequence = RequestSequenceAnswer;
type Asking = { readonly kind: 'make' } | { readonly kind: 'change' | 'delete'; readonly sequence: Sequence } | null;

const ableWords = (able: number): string => (able === 0 ? 'nobody could say yes now' : `only ${able} could now`);

const COLUMNS: readonly Column<Sequence>[] = [
  {
    key: 'name',
    head: 'Sequence',
    cell: ({ name, description }) => (
      <span className="sp-two">
        <span className="sp-strong">{name}</span>
        {description !== '' && <span className="sp-quiet">{description}</span>}
      </span>
    ),
  },
  {
    key: 'steps',
    head: 'Steps',
    cell: ({ steps, outlook }) => (
      <ol>
        {outlook.map(({ words, ableNow, needed, passesOnTo }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={index}>
            {words} {ableNow !== null && ableNow < needed && <Word tone="warn">{ableWords(ableNow)}</Word>}
            {passesOnTo !== null && (
              <p className="sp-quiet">
                after {lengthWords(steps[index]?.escalateAfter ?? '')} also {passesOnTo}
              </p>
            )}
          </li>
        ))}
      </ol>
    ),
  },
  {
    key: 'within',
    head: 'Decide within',
    isNumeric: true,
    cell: ({ decideWithin }) => <span className="sp-nowrap">{lengthWords(decideWithin)}</span>,
  },
  {
    key: 'used',
    head: 'Used for',
    cell: ({ usedBy }) =>
      usedBy.length === 0 ? (
        <span className="sp-quiet">nothing</span>
      ) : (
        <ul>
          {usedBy.map(({ id, name }) => (
            <li key={id}>
              <GoTo href="/request-conditions">{name}</GoTo>
            </li>
          ))}
        </ul>
      ),
  },
];

/** Whose yes does it take, and could they give it now? */
export const RequestSequences = () => {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const query = useQuery({ queryKey: [SEQUENCES], queryFn: () => get<readonly Sequence[]>(SEQUENCES) });
  // What was refused because somebody else changed it is opened anew as it is now.
  const close = (): void => {
    setAsking(null);
    void client.invalidateQueries({ queryKey: [SEQUENCES] });
  };
  const done = (words: string): void => {
    close();
    toast(words);
  };
  const change: Column<Sequence> = {
    key: 'change',
    head: 'Change',
    cell: (sequence) => (
      <span className="sp-actions">
        <ProtectedButton
          action={SETTINGS_ACTION}
          variant="default"
          size="xs"
          aria-label={`Change ${sequence.name}…`}
          onClick={() => setAsking({ kind: 'change', sequence })}
        >
          Change…
        </ProtectedButton>
        <ProtectedButton
          action={SETTINGS_ACTION}
          color="red"
          variant="outline"
          size="xs"
          aria-label={`Delete ${sequence.name}…`}
          disabled={sequence.usedBy.length > 0}
          onClick={() => setAsking({ kind: 'delete', sequence })}
        >
          Delete…
        </ProtectedButton>
        {sequence.usedBy.length > 0 && <span className="sp-quiet">in use: it cannot be deleted</span>}
      </span>
    ),
  };
  return (
    <Page
      title="Whose yes it takes"
      lead="Sequences of approvals. What can be asked for names one of them; its steps come strictly one after another."
      tools={
        <ProtectedButton action={SETTINGS_ACTION} onClick={() => setAsking({ kind: 'make' })}>
          New sequence…
        </ProtectedButton>
      }
      command={<CliFor command={`sallyport api GET ${SEQUENCES}`} />}
    >
      <QueryView query={query} what="the sequences">
        {(sequences) =>
          sequences.length === 0 ? (
            <Empty title="There is no sequence">Without one nothing can be asked for: nobody could say yes.</Empty>
          ) : (
            <DataTable
              caption="Sequences of approvals"
              rows={sequences}
              rowKey={({ id }) => id}
              columns={[...COLUMNS, change]}
            />
          )
        }
      </QueryView>
      {(asking?.kind === 'make' || asking?.kind === 'change') && (
        <SequenceForm
          sequence={asking.kind === 'change' ? asking.sequence : null}
          onClose={close}
          onDone={({ name }) => done(`${name} is saved. It counts for what is asked from now on.`)}
        />
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Delete ${asking.sequence.name}?`}
          confirmLabel="Delete"
          protectedAction={SETTINGS_ACTION}
          action={() => del(`/governance/api/v2/request-sequences/${encodeURIComponent(asking.sequence.id)}`)}
          onClose={() => setAsking(null)}
          onDone={() => done(`${asking.sequence.name} is deleted.`)}
        >
          <p>Nothing that can be asked for names it. Open requests that were submitted with it keep its steps.</p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
