import { Button, NativeSelect } from '@mantine/core';
import type { AccessRequestAnswer, AccessRequestDetailAnswer } from '@sallyport/client/answers';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMe } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { AskDialog, ExtendDialog } from './ask-dialog.tsx';
import { REQUESTS, statusWords } from './request-answer.ts';

const COLUMNS: readonly Column<AccessRequestAnswer>[] = [
  {
    key: 'what',
    head: 'What',
    cell: ({ id, words }) => <GoTo href={`/requests/${id}`}>{words}</GoTo>,
  },
  {
    key: 'status',
    head: 'Status',
    cell: (request) => {
      const [tone, words] = statusWords(request);
      return <Word tone={tone}>{words}</Word>;
    },
  },
  { key: 'asked', head: 'Asked', isNumeric: true, cell: ({ createdAt }) => <Instant at={createdAt} as="relative" /> },
  {
    key: 'until',
    head: 'Decide within',
    isNumeric: true,
    cell: ({ status, decideBy }) => (status === 'PENDING' ? <Countdown until={decideBy} /> : ''),
  },
];

const VIEWS: Readonly<Record<string, { readonly show: string; readonly status?: string; readonly empty: string }>> = {
  waiting: { show: 'decide', empty: 'Nothing waits for you' },
  mine: { show: 'mine', empty: 'You asked for nothing' },
  open: { show: 'all', status: 'OPEN', empty: 'Nothing waits for anybody' },
  past: { show: 'all', status: 'PAST', empty: 'Nothing was decided yet' },
};
const OWN = [
  { value: 'waiting', label: 'what waits for my decision' },
  { value: 'mine', label: 'what I asked for, or get' },
];
const ALL = [
  { value: 'open', label: 'everything that waits' },
  { value: 'past', label: 'everything that ended' },
];

/** What waits for my yes, and what do I wait for? */
export const Requests = () => {
  const { search, set } = useUrlState();
  const navigate = useNavigate();
  const me = useMe();
  const [isAsking, setIsAsking] = useState(false);
  const view = VIEWS[search['view'] ?? 'waiting'] ?? VIEWS['waiting'];
  const query = useList<AccessRequestAnswer>(REQUESTS, { show: view?.show, status: view?.status });
  const seesAll = me?.permissions.includes('okta.governance.accessRequests.manage') ?? false;
  const longerId = search['extend'];
  const goTo = ({ id, words }: AccessRequestDetailAnswer): void => {
    toast(`Asked for: ${words}.`);
    void navigate({ to: `/requests/${id}` as '/' });
  };
  return (
    <Page
      title="Access requests"
      lead="Access for a while: asked for, approved by others with their keys, and gone by itself."
      tools={<Button onClick={() => setIsAsking(true)}>Ask for access…</Button>}
      command={<CliFor command="sallyport request list" />}
    >
      <search className="sp-filters">
        <NativeSelect
          label="Show"
          data={seesAll ? [...OWN, ...ALL] : OWN}
          value={search['view'] ?? 'waiting'}
          onChange={({ currentTarget: { value } }) => set({ view: value === 'waiting' ? undefined : value })}
        />
      </search>
      <QueryView query={query} what="the requests">
        {(requests) =>
          requests.length > 0 ? (
            <div className="sp-stack">
              <DataTable caption="Access requests" columns={COLUMNS} rows={requests} rowKey={({ id }) => id} />
              <More query={query} count={requests.length} what={requests.length === 1 ? 'request' : 'requests'} />
            </div>
          ) : (
            <Empty title={view?.empty ?? ''}>
              Who may ask for what, and whose yes it takes, is set for each group, app and bundle of admin roles.
            </Empty>
          )
        }
      </QueryView>
      {isAsking && <AskDialog onClose={() => setIsAsking(false)} onDone={goTo} />}
      {longerId !== undefined && (
        <ExtendDialog grantId={longerId} onClose={() => set({ extend: undefined }, 'replace')} onDone={goTo} />
      )}
    </Page>
  );
};
