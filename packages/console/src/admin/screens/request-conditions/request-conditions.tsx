import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { patch, post } from '../../api.ts';
import { SETTINGS_ACTION } from '../../ui/asking-paths.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { Word } from '../../ui/word.tsx';
import { ConditionForm } from './condition-form.tsx';
import {
  CONDITIONS,
  type Condition,
  durationWords,
  givesWords,
  pathOf,
  requesterWords,
  resourceWords,
  STATUS_WORDS,
} from './condition-words.ts';
import { DeleteConditionDialog } from './delete-condition-dialog.tsx';

type Asking = { readonly kind: 'make' } | { readonly kind: 'change' | 'delete'; readonly condition: Condition } | null;
/** What one press does, without a dialog of its own. */
type Press =
  | { readonly condition: Condition; readonly kind: 'turn' }
  | { readonly condition: Condition; readonly kind: 'move'; readonly to: number };

const COLUMNS: readonly Column<Condition>[] = [
  {
    key: 'what',
    head: 'What',
    cell: (condition) => (
      <span className="sp-two">
        <span className="sp-strong">{condition.name}</span>
        <span>{resourceWords(condition)}</span>
        {givesWords(condition).map((words) => (
          <span key={words} className="sp-quiet">
            {words}
          </span>
        ))}
      </span>
    ),
  },
  { key: 'who', head: 'Who may ask', cell: requesterWords },
  {
    key: 'long',
    head: 'For how long',
    cell: (condition) => (
      <span className="sp-two">
        <span>{durationWords(condition)}</span>
        {condition.ticket === 'required' && <span className="sp-quiet">with a ticket</span>}
      </span>
    ),
  },
  {
    key: 'yes',
    head: 'Whose yes',
    cell: ({ sequence: { name } }) => name ?? <span className="sp-quiet">nobody’s: it was deleted</span>,
  },
  {
    key: 'status',
    head: 'State',
    cell: ({ status, faults, openRequests }) => {
      const [tone, words] = STATUS_WORDS[status];
      return (
        <span className="sp-two">
          <Word tone={tone}>{words}</Word>
          {faults.map((fault) => (
            <span key={fault}>{fault}</span>
          ))}
          {status === 'INVALID' && faults.length === 0 && (
            <span>Something it refers to was gone, and is there again. Turn it on if it shall count.</span>
          )}
          {openRequests > 0 && (
            <span className="sp-quiet">
              {openRequests} {openRequests === 1 ? 'request' : 'requests'} open
            </span>
          )}
        </span>
      );
    },
  },
];

/** Who may ask for what, for how long, and whose yes does it take? */
export const RequestConditions = () => {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const query = useList<Condition>(CONDITIONS);
  const reload = (): void => void client.invalidateQueries({ queryKey: [CONDITIONS] });
  // What was refused because somebody else changed it is opened anew as it is now.
  const close = (): void => {
    setAsking(null);
    reload();
  };
  const done = (words: string): void => {
    close();
    toast(words);
  };
  const run = useMutation({
    mutationFn: (press: Press) =>
      press.kind === 'move'
        ? patch(pathOf(press.condition), { priority: press.to })
        : post(`${pathOf(press.condition)}/${press.condition.status === 'ACTIVE' ? 'deactivate' : 'activate'}`),
    onSuccess: (_, { kind, condition: { name, status } }) => {
      // Another dialog may be open by now, with something typed into it.
      if (kind === 'move') toast(`${name} has another place.`);
      else
        toast(status === 'ACTIVE' ? `Nobody asks by ${name} now. Open requests go on.` : `${name} can be asked for.`);
      reload();
    },
  });
  const isBusy = (condition: Condition, kind: Press['kind']): boolean =>
    run.isPending && run.variables.kind === kind && run.variables.condition.id === condition.id;
  const order: Column<Condition> = {
    key: 'place',
    head: 'Place',
    cell: (condition) => {
      const { priority, places, name } = condition;
      if (places === 1) return <span className="sp-quiet">the only one</span>;
      const move = (to: number, word: string, sign: string) => (
        <ProtectedButton
          action={SETTINGS_ACTION}
          variant="default"
          size="xs"
          aria-label={`Move ${name} ${word}`}
          disabled={to < 0 || to >= places || condition.faults.length > 0}
          loading={isBusy(condition, 'move') && run.variables?.kind === 'move' && run.variables.to === to}
          onClick={() => run.mutate({ kind: 'move', condition, to })}
        >
          {sign}
        </ProtectedButton>
      );
      return (
        <span className="sp-two">
          <span>
            {priority + 1} of {places}
          </span>
          <span className="sp-actions">
            {move(priority - 1, 'up', '↑')}
            {move(priority + 1, 'down', '↓')}
          </span>
        </span>
      );
    },
  };
  const change: Column<Condition> = {
    key: 'change',
    head: 'Change',
    cell: (condition) => {
      const { name, status, faults, resource } = condition;
      const isOn = status === 'ACTIVE';
      return (
        <span className="sp-actions">
          <ProtectedButton
            action={SETTINGS_ACTION}
            variant="default"
            size="xs"
            aria-label={`Turn ${isOn ? 'off' : 'on'} ${name}`}
            disabled={faults.length > 0}
            loading={isBusy(condition, 'turn')}
            onClick={() => run.mutate({ kind: 'turn', condition })}
          >
            {isOn ? 'Turn off' : 'Turn on'}
          </ProtectedButton>
          {resource.name !== null && (
            <ProtectedButton
              action={SETTINGS_ACTION}
              variant="default"
              size="xs"
              aria-label={`Change ${name}…`}
              onClick={() => setAsking({ kind: 'change', condition })}
            >
              Change…
            </ProtectedButton>
          )}
          <ProtectedButton
            action={SETTINGS_ACTION}
            color="red"
            variant="outline"
            size="xs"
            aria-label={`Delete ${name}…`}
            onClick={() => setAsking({ kind: 'delete', condition })}
          >
            Delete…
          </ProtectedButton>
          {faults.length > 0 && (
            <span className="sp-quiet">
              {resource.name === null ? 'nothing is left that it could give' : 'change it before it is turned on'}
            </span>
          )}
        </span>
      );
    },
  };
  return (
    <Page
      title="What can be asked for"
      lead="Who may ask for what, for how long, and whose yes it takes. Of one resource the first that lets somebody ask decides."
      tools={
        <ProtectedButton action={SETTINGS_ACTION} onClick={() => setAsking({ kind: 'make' })}>
          Let something be asked for…
        </ProtectedButton>
      }
      command={<CliFor command={`sallyport api GET ${CONDITIONS}`} />}
    >
      {run.isError && <Failure what="It was not changed" error={run.error} wasChange />}
      <QueryView query={query} what="what can be asked for">
        {(conditions) =>
          conditions.length === 0 ? (
            <Empty title="Nothing can be asked for" command={`sallyport api GET ${CONDITIONS}`}>
              Until something can, whoever needs a role has it all day, or asks you by word of mouth.
            </Empty>
          ) : (
            <div className="sp-stack">
              <DataTable
                caption="What can be asked for"
                rows={conditions}
                rowKey={({ id }) => id}
                columns={[...COLUMNS, order, change]}
              />
              <More query={query} count={conditions.length} what={conditions.length === 1 ? 'entry' : 'entries'} />
            </div>
          )
        }
      </QueryView>
      {(asking?.kind === 'make' || asking?.kind === 'change') && (
        <ConditionForm
          condition={asking.kind === 'change' ? asking.condition : null}
          onClose={() => setAsking(null)}
          onDone={({ name }) =>
            done(
              asking.kind === 'make'
                ? `${name} is there, and off. Turn it on when it shall count.`
                : `${name} is saved.`,
            )
          }
        />
      )}
      {asking?.kind === 'delete' && (
        <DeleteConditionDialog
          condition={asking.condition}
          onClose={() => setAsking(null)}
          onDone={() => done(`${asking.condition.name} is deleted.`)}
        />
      )}
    </Page>
  );
};
