import './sessions.css';
import { Button, NativeSelect, Tabs, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { getPage, withQuery } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, EmptyByFilter, Failure, Loading } from '../../ui/states.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import type { SessionRow } from './session-types.ts';
import { BINDING_WORDS, END_CHOICES, endWords, isAlarming } from './session-words.ts';

const TYPING_PAUSE_MS = 300;

const person: Column<SessionRow> = {
  key: 'person',
  head: 'Person',
  cell: ({ id, user, roles, isCurrent, state }) => (
    <span className="sp-two">
      <Link to="/sessions/$id" params={{ id }} className="sp-strong">
        {user.name}
        {isCurrent && ' (this session)'}
      </Link>
      <span className="sp-quiet">
        {user.login}
        {state === 'active' &&
          ` · ${roles.length === 0 ? 'no admin role' : roles.map(({ label }) => label).join(', ')}`}
      </span>
    </span>
  ),
};
const device: Column<SessionRow> = { key: 'device', head: 'Device', cell: (row) => row.device };
const network: Column<SessionRow> = {
  key: 'network',
  head: 'Network',
  cell: ({ address, network: { name }, place, lastElsewhere }) => (
    <span className="sp-two">
      <span className="sp-nowrap">
        {address}
        {lastElsewhere !== null && lastElsewhere.address !== address && ` → ${lastElsewhere.address}`}
      </span>
      <span className="sp-quiet">
        {name}
        {place !== null && `, ${place}`}
        {lastElsewhere !== null && lastElsewhere.network !== name && ` → ${lastElsewhere.network}`}
      </span>
    </span>
  ),
};
const binding: Column<SessionRow> = {
  key: 'binding',
  head: 'Binding',
  cell: (row) => <Word tone={BINDING_WORDS[row.binding].tone}>{BINDING_WORDS[row.binding].word}</Word>,
};
const started: Column<SessionRow> = {
  key: 'started',
  head: 'Started',
  cell: ({ createdAt }) => <Instant at={createdAt} />,
};
const ACTIVE: readonly Column<SessionRow>[] = [
  person,
  device,
  network,
  binding,
  started,
  { key: 'seen', head: 'Last seen', cell: (row) => <Instant at={row.lastActivityAt} as="relative" /> },
  {
    key: 'ends',
    head: 'Ends',
    cell: (row) => (
      <span className="sp-two">
        <span className="sp-nowrap">
          <Instant at={row.idleEndsAt} as="relative" /> if idle
        </span>
        <span className="sp-quiet">
          <Instant at={row.endsAt} /> at the latest
        </span>
      </span>
    ),
  },
];
const ENDED: readonly Column<SessionRow>[] = [
  person,
  device,
  network,
  started,
  { key: 'ended', head: 'Ended', cell: ({ endedAt }) => <Instant at={endedAt} /> },
  {
    key: 'why',
    head: 'Why',
    cell: ({ endReason }) => (
      <Word tone={isAlarming(endReason) ? 'bad' : 'quiet'}>
        <span className="sp-wraps">{endWords(endReason)}</span>
      </Word>
    ),
  },
];

/** Who is inside, and who was. Everything that the list was asked for stands in the address of the page. */
export const Sessions = () => {
  const { search, set } = useUrlState();
  const navigate = useNavigate();
  const mayRevoke = useMay('okta.sessions.manage');
  const [revoking, setRevoking] = useState<SessionRow | null>(null);
  const state = search['state'] === 'ended' ? 'ended' : 'active';
  const { q = '', userId = '' } = search;
  const reason = state === 'ended' ? (search['reason'] ?? '') : '';
  const path = withQuery('/sallyport/v1/sessions', { state, q, userId, reason });
  const query = useInfiniteQuery({
    queryKey: ['sessions', path],
    queryFn: ({ pageParam }) => getPage<SessionRow>(pageParam),
    initialPageParam: path,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const chips = [
    ...(q === '' ? [] : [{ key: 'q', text: `matches ${q}` }]),
    ...(userId === '' ? [] : [{ key: 'userId', text: `person is ${userId}` }]),
    ...(reason === '' ? [] : [{ key: 'reason', text: endWords(reason) }]),
  ];
  const clear = (): void => set({ q: undefined, userId: undefined, reason: undefined });
  const columns: readonly Column<SessionRow>[] =
    state === 'active' && mayRevoke
      ? [
          ...ACTIVE,
          {
            key: 'tools',
            head: 'Actions',
            cell: (row) => (
              <Button
                size="xs"
                variant="default"
                aria-label={`Revoke the session of ${row.user.name} on ${row.device}, ${row.address}`}
                onClick={() => setRevoking(row)}
              >
                Revoke…
              </Button>
            ),
          },
        ]
      : state === 'active'
        ? ACTIVE
        : ENDED;
  return (
    <Page
      title="Sessions"
      lead="Who is inside, from where, on what, and until when."
      command={
        <CliFor
          command={`sallyport session list --all${state === 'ended' ? ' --state ended' : ''}${q === '' ? '' : ` --words ${JSON.stringify(q)}`}`}
        />
      }
    >
      <Tabs
        value={state}
        onChange={(value) => set({ state: value === 'ended' ? 'ended' : undefined, reason: undefined })}
      >
        <Tabs.List aria-label="Sessions that">
          <Tabs.Tab value="active">Active</Tabs.Tab>
          <Tabs.Tab value="ended">Ended</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={state} pt="md">
          <div className="sp-stack">
            <search className="sp-filters">
              <Search q={q} onSearch={(text) => set({ q: text === '' ? undefined : text }, 'replace')} />
              {state === 'ended' && (
                <NativeSelect
                  label="Ended because"
                  value={reason}
                  onChange={(event) => set({ reason: event.currentTarget.value || undefined })}
                  data={[{ value: '', label: 'Any reason' }, ...END_CHOICES]}
                />
              )}
            </search>
            <FilterChips chips={chips} onRemove={(key) => set({ [key]: undefined })} />
            {query.isError && query.data === undefined ? (
              <Failure what="Couldn’t load the sessions" error={query.error} onRetry={() => void query.refetch()} />
            ) : query.data === undefined ? (
              <Loading what="sessions" rows={8} />
            ) : rows.length === 0 ? (
              chips.length > 0 ? (
                <EmptyByFilter what={`${state} sessions`} filters={chips.map(({ text }) => text)} onClear={clear} />
              ) : (
                <Empty title={`No ${state} session`} command="sallyport session list --all">
                  {state === 'ended'
                    ? 'Sessions that ended stay here, with the reason.'
                    : 'Whoever signs in is listed here while their session lives.'}
                </Empty>
              )
            ) : (
              <div className={query.isPlaceholderData ? 'sp-refreshing' : undefined}>
                {query.isError && (
                  <Failure
                    what="Couldn’t refresh the sessions"
                    error={query.error}
                    onRetry={() => void query.refetch()}
                  />
                )}
                <DataTable
                  caption={`${state === 'active' ? 'Active' : 'Ended'} sessions, the newest first`}
                  columns={columns}
                  rows={rows}
                  rowKey={({ id }) => id}
                  isCurrent={({ isCurrent }) => isCurrent}
                  onOpen={({ id }) => void navigate({ to: '/sessions/$id', params: { id } })}
                />
                <div className="sp-actions sp-below">
                  <p className="sp-quiet" role="status">
                    {rows.length} {rows.length === 1 ? 'session' : 'sessions'}
                    {query.hasNextPage ? ', and there are more' : ''} · as of <Instant at={query.dataUpdatedAt} />
                  </p>
                  {query.hasNextPage && (
                    <Button
                      variant="default"
                      loading={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      Show more
                    </Button>
                  )}
                </div>
              </div>
            )}
          </div>
        </Tabs.Panel>
      </Tabs>
      {revoking !== null && <RevokeDialog session={revoking} onClose={() => setRevoking(null)} />}
    </Page>
  );
};

/** Asks when the typing pauses; the address says what was asked, and Back brings it here again. */
const Search = ({ q, onSearch }: { readonly q: string; readonly onSearch: (q: string) => void }) => {
  const [typed, setTyped] = useState(q);
  const search = useDebouncedCallback((text: string) => onSearch(text.trim()), TYPING_PAUSE_MS);
  useEffect(() => setTyped((before) => (before.trim() === q ? before : q)), [q]);
  return (
    <TextInput
      className="grows"
      type="search"
      data-search
      label="Find"
      placeholder="Person, address, or id"
      autoComplete="off"
      spellCheck={false}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
};
