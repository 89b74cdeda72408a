import { NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { del } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty, EmptyByFilter } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';

/** An item of `GET /sallyport/v1/api-tokens`. */
interface Token {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly owner: { readonly id: string; readonly login: string; readonly name: string };
  readonly network: { readonly words: string; readonly isAnywhere: boolean };
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: { readonly address: string; readonly network: string | null } | null;
  readonly expiresAt: string;
}

const LIST = '/sallyport/v1/api-tokens';
const SHOWS: Readonly<Record<string, string>> = {
  anywhere: 'usable from anywhere',
  unused: 'unused for 30 days',
  expiring: 'expire within 7 days',
};

const COLUMNS: readonly Column<Token>[] = [
  {
    key: 'name',
    head: 'Token',
    cell: ({ name, purpose, id }) => (
      <span>
        <strong>{name}</strong>
        <br />
        <span className="sp-quiet">{purpose}</span>
        <br />
        <CopyId id={id} />
      </span>
    ),
  },
  {
    key: 'owner',
    head: 'Owner',
    cell: ({ owner }) => (
      <span>
        {owner.name}
        <br />
        <span className="sp-quiet">{owner.login}</span>
      </span>
    ),
  },
  {
    key: 'network',
    head: 'Usable from',
    cell: ({ network }) => (network.isAnywhere ? <Word tone="warn">anywhere</Word> : network.words),
  },
  {
    key: 'used',
    head: 'Last used',
    cell: ({ lastUsedAt, lastUsedFrom }) => (
      <span>
        <Instant at={lastUsedAt} as="relative" />
        {lastUsedFrom !== null && (
          <>
            <br />
            <span className="sp-quiet sp-nowrap">
              {lastUsedFrom.address} {lastUsedFrom.network !== null && `· ${lastUsedFrom.network}`}
            </span>
          </>
        )}
      </span>
    ),
  },
  { key: 'created', head: 'Created', isNumeric: true, cell: ({ createdAt }) => <Instant at={createdAt} /> },
  {
    key: 'expires',
    head: 'Expires',
    isNumeric: true,
    cell: ({ expiresAt }) => <Instant at={expiresAt} as="relative" />,
  },
];

/** What is outside human hands? */
export const Tokens = () => {
  const { search, set } = useUrlState();
  const { q, show } = search;
  const mayRevoke = useMay('okta.apiTokens.manage');
  const client = useQueryClient();
  const [revoking, setRevoking] = useState<Token | null>(null);
  const query = useList<Token>(LIST, { q, show });
  const search_ = useCallback((text: string) => set({ q: text === '' ? undefined : text }, 'replace'), [set]);
  const chips = [
    ...(q === undefined ? [] : [{ key: 'q', text: `name or owner: ${q}` }]),
    ...(show === undefined ? [] : [{ key: 'show', text: SHOWS[show] ?? show }]),
  ];
  const columns: readonly Column<Token>[] = mayRevoke
    ? [
        ...COLUMNS,
        {
          key: 'revoke',
          head: 'Actions',
          cell: (token) => (
            <ProtectedButton
              action="api-token.revoke"
              size="xs"
              color="red"
              variant="outline"
              aria-label={`Revoke ${token.name}…`}
              onClick={() => setRevoking(token)}
            >
              Revoke…
            </ProtectedButton>
          ),
        },
      ]
    : COLUMNS;
  return (
    <Page
      title="API tokens"
      lead="What acts without a person: each token has its owner’s rights at each call."
      command={<CliFor command="sallyport api GET /sallyport/v1/api-tokens" />}
    >
      <search className="sp-filters">
        <SearchBox label="Name or owner" value={q ?? ''} onChange={search_} />
        <NativeSelect
          label="Show"
          data={[
            { value: '', label: 'every token that works now' },
            ...Object.entries(SHOWS).map(([value, label]) => ({ value, label })),
          ]}
          value={show ?? ''}
          onChange={(event) => set({ show: event.currentTarget.value || undefined })}
        />
      </search>
      <FilterChips chips={chips} onRemove={(key) => set({ [key]: undefined })} />
      <QueryView query={query} what="the API tokens">
        {(tokens) =>
          tokens.length > 0 ? (
            <div className="sp-stack">
              <DataTable caption="API tokens" columns={columns} rows={tokens} rowKey={({ id }) => id} />
              <More query={query} count={tokens.length} what={tokens.length === 1 ? 'token' : 'tokens'} />
            </div>
          ) : chips.length > 0 ? (
            <EmptyByFilter
              what="API tokens"
              filters={chips.map(({ text }) => text)}
              onClear={() => set({ q: undefined, show: undefined })}
            />
          ) : (
            <Empty
              title="No API tokens"
              command="sallyport setup token --owner you@example.org --zone loopback --ttl 1h --json"
            >
              A token lets a program act with its owner’s rights. It is made for a network, and shown once.
            </Empty>
          )
        }
      </QueryView>
      {revoking !== null && (
        <ConfirmDialog
          title={`Revoke ${revoking.name}?`}
          confirmLabel="Revoke"
          protectedAction="api-token.revoke"
          action={() => del(`/api/v1/api-tokens/${encodeURIComponent(revoking.id)}`)}
          onDone={() => {
            toast(
              <>
                {revoking.name} is revoked.{' '}
                <GoTo href={`/log?${new URLSearchParams({ filter: `target.id eq "${revoking.id}"` }).toString()}`}>
                  Its events
                </GoTo>
              </>,
            );
            setRevoking(null);
            void client.invalidateQueries({ queryKey: [LIST] });
          }}
          onClose={() => setRevoking(null)}
        >
          <p>
            The token of {revoking.owner.name} stops working at once; what uses it gets “Invalid token”. It cannot be
            brought back: a new one would have to be made.
          </p>
          <p>
            Last used: <Instant at={revoking.lastUsedAt} />
            {revoking.lastUsedFrom !== null && ` from ${revoking.lastUsedFrom.address}`}.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
