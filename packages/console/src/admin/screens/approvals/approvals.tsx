import { NativeSelect } from '@mantine/core';
import type { ApprovalAnswer } from '@sallyport/client/answers';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { APPROVALS, askedByWords, STATUS_WORDS } from './approval-answer.ts';
import { Waiting } from './waiting.tsx';

const COLUMNS: readonly Column<ApprovalAnswer>[] = [
  {
    key: 'what',
    head: 'What',
    cell: ({ id, words, askedBy }) => (
      <span>
        <GoTo href={`/approvals/${id}`}>{words}</GoTo>
        <br />
        <span className="sp-quiet">asked by {askedByWords(askedBy)}</span>
      </span>
    ),
  },
  {
    key: 'status',
    head: 'Status',
    cell: ({ status }) => <Word tone={STATUS_WORDS[status][0]}>{STATUS_WORDS[status][1]}</Word>,
  },
  { key: 'from', head: 'From', cell: ({ from }) => from.address ?? 'unknown' },
  { key: 'asked', head: 'Asked', isNumeric: true, cell: ({ createdAt }) => <Instant at={createdAt} as="relative" /> },
  {
    key: 'until',
    head: 'Decide within',
    isNumeric: true,
    cell: ({ status, expiresAt }) => (status === 'WAITING' ? <Countdown until={expiresAt} /> : ''),
  },
];

const VIEWS: Readonly<Record<string, { readonly show: string; readonly status?: string; readonly empty: string }>> = {
  open: { show: 'decide', status: 'WAITING', empty: 'No action waits for anybody' },
  past: { show: 'decide', status: 'PAST', empty: 'Nothing was decided yet' },
  mine: { show: 'asked', empty: 'You asked for nothing' },
};

/** Actions that ask for a yes, in one of the views. */
const Actions = ({ view }: { readonly view: keyof typeof VIEWS }) => {
  const { show, status, empty } = VIEWS[view] ?? { show: 'decide', empty: '' };
  const query = useList<ApprovalAnswer>(APPROVALS, { show, status });
  return (
    <QueryView query={query} what="the approvals">
      {(approvals) =>
        approvals.length > 0 ? (
          <div className="sp-stack">
            <DataTable caption="Approvals" columns={COLUMNS} rows={approvals} rowKey={({ id }) => id} />
            <More query={query} count={approvals.length} what={approvals.length === 1 ? 'approval' : 'approvals'} />
          </div>
        ) : (
          <Empty title={empty}>
            A token or a service app asks here for each protected action that was not allowed to it by name.
          </Empty>
        )
      }
    </QueryView>
  );
};

/** What waits for me? And what became of the actions that asked for a yes. */
export const Approvals = () => {
  const { search, set } = useUrlState();
  const view = search['view'] ?? '';
  const isPast = Object.hasOwn(VIEWS, view);
  return (
    <Page
      title="Inbox"
      lead="What waits for your answer: access that people ask for, actions that ask for a yes, and reviews of access."
      command={<CliFor command={isPast ? 'sallyport approval list' : 'sallyport inbox'} />}
    >
      <search className="sp-filters">
        <NativeSelect
          label="Show"
          data={[
            { value: 'waiting', label: 'everything that waits for me' },
            { value: 'open', label: 'actions that wait, for whomever' },
            { value: 'past', label: 'actions that were decided, or ran out' },
            { value: 'mine', label: 'actions that I and my tokens asked for' },
          ]}
          value={isPast ? view : 'waiting'}
          onChange={({ currentTarget: { value } }) => set({ view: value === 'waiting' ? undefined : value })}
        />
      </search>
      {isPast ? <Actions view={view} /> : <Waiting />}
    </Page>
  );
};
