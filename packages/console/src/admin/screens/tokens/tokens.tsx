import { NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { del } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty, EmptyByFilter } from '../../ui/states.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { RevokeToken } from './revoke-token.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { byItselfWords, TOKENS, type Token } from './token-answer.ts';
import { TokenDetails } from './token-details.tsx';
import { TokenForm } from './token-form.tsx';

const SHOWS: Readonly<Record<string, string>> = {
  anywhere: 'usable from anywhere',
  unused: 'unused for 30 days',
  expiring: 'expire within 7 days',
  old: 'same secret for 90 days',
  rotating: 'old secret works, too',
  'service-app': 'could become a service app',
};

/** What is open over the list. */
type Open =
  | { readonly kind: 'make' }
  | { readonly kind: 'details' | 'edit' | 'rotate' | 'revoke' | 'end-old'; readonly token: Token };

const COLUMNS: readonly Column<Token>[] = [
  {
    key: 'name',
    head: 'Token',
    cell: ({ name, purpose, id, protectedActions }) => (
      <span>
        <strong>{name}</strong>
        <br />
        <span className="sp-quiet">{purpose}</span>
        <br />
        {protectedActions.length > 0 && (
          <>
            <Word tone="warn">{byItselfWords(protectedActions)}</Word>
            <br />
          </>
        )}
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
    cell: ({ network }) =>
      network.isAnywhere ? (
        <span>
          <Word tone="warn">anywhere</Word>
          <br />
          <span className="sp-quiet">{network.anywhereReason ?? 'nobody said why'}</span>
        </span>
      ) : (
        network.words
      ),
  },
  {
    key: 'used',
    head: 'Last used',
    cell: ({ lastUsedAt, lastUsedFrom, use: { secondNetworks } }) => (
      <span>
        <Instant at={lastUsedAt} as="relative" />
        {secondNetworks[0] !== undefined && (
          <>
            <br />
            <Word tone="warn">two networks within the hour</Word> <Instant at={secondNetworks[0].at} as="relative" />
          </>
        )}
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
  {
    key: 'secret',
    head: 'Secret',
    cell: ({ secretSetAt, isOld, oldSecret }) => (
      <span>
        {isOld && <Word tone="warn">old</Word>} set <Instant at={secretSetAt} />
        {oldSecret !== null && (
          <>
            <br />
            <span className="sp-quiet">
              the one before ends <Instant at={oldSecret.endsAt} as="relative" />;{' '}
              {oldSecret.lastUsedAt === null ? 'not used since' : `used from ${oldSecret.lastUsedAddress ?? 'unknown'}`}
            </span>
          </>
        )}
      </span>
    ),
  },
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
  const mayMake = useMay('okta.apiTokens.create');
  const mayManage = useMay('okta.apiTokens.manage');
  const mayRevoke = useMay('okta.users.apitokens.clear');
  const client = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const query = useList<Token>(TOKENS, { q, show });
  const search_ = useCallback((text: string) => set({ q: text === '' ? undefined : text }, 'replace'), [set]);
  const chips = [
    ...(q === undefined ? [] : [{ key: 'q', text: `name or owner: ${q}` }]),
    ...(show === undefined ? [] : [{ key: 'show', text: SHOWS[show] ?? show }]),
  ];
  const button = (token: Token, kind: Exclude<Open['kind'], 'make'>, label: string, action: string | null) => (
    <ProtectedButton
      action={action}
      size="xs"
      variant={kind === 'revoke' ? 'outline' : 'default'}
      {...(kind === 'revoke' ? { color: 'red' } : {})}
      aria-label={`${label} ${token.name}…`}
      onClick={() => setOpen({ kind, token })}
    >
      {label}…
    </ProtectedButton>
  );
  const columns: readonly Column<Token>[] = [
    ...COLUMNS,
    {
      key: 'actions',
      head: 'Actions',
      cell: (token) => (
        <span className="sp-actions">
          {button(token, 'details', 'Details', null)}
          {token.isOwn && mayMake && button(token, 'rotate', 'Rotate', 'api-token.rotate')}
          {token.isOwn && token.oldSecret !== null && button(token, 'end-old', 'End old secret', null)}
          {mayManage && button(token, 'edit', 'Edit', 'api-token.update')}
          {mayRevoke && button(token, 'revoke', 'Revoke', 'api-token.revoke')}
        </span>
      ),
    },
  ];
  const close = (): void => setOpen(null);
  const done = (): void => {
    setOpen(null);
    void client.invalidateQueries({ queryKey: [TOKENS] });
  };
  return (
    <Page
      title="API tokens"
      lead="What acts without a person: each token has its owner’s rights at each call."
      {...(mayMake
        ? {
            tools: (
              <ProtectedButton action="api-token.create" onClick={() => setOpen({ kind: 'make' })}>
                New token…
              </ProtectedButton>
            ),
          }
        : {})}
      command={<CliFor command={`sallyport token list${show === undefined ? '' : ` --show ${show}`}`} />}
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
            <Empty title="No API tokens" command="sallyport token create nightly --purpose 'backs up' --zone loopback">
              A token lets a program act with its owner’s rights. It is made for a network, and shown once.
            </Empty>
          )
        }
      </QueryView>
      {open?.kind === 'make' && <TokenForm token={null} onDone={done} onClose={close} />}
      {open?.kind === 'edit' && <TokenForm token={open.token} onDone={done} onClose={close} />}
      {open?.kind === 'details' && <TokenDetails token={open.token} onClose={close} />}
      {open?.kind === 'rotate' && <RotateDialog token={open.token} onDone={done} onClose={close} />}
      {open?.kind === 'end-old' && (
        <ConfirmDialog
          title={`End the old secret of ${open.token.name}?`}
          confirmLabel="End it"
          action={() => del(`${TOKENS}/${encodeURIComponent(open.token.id)}/old-secret`)}
          onDone={done}
          onClose={close}
        >
          <p>
            The secret before the last rotation stops working at once; the new one goes on.{' '}
            {open.token.oldSecret?.lastUsedAt == null
              ? 'Nothing used it since.'
              : 'Something used it since: it will get “Invalid token”.'}
          </p>
        </ConfirmDialog>
      )}
      {open?.kind === 'revoke' && <RevokeToken token={open.token} onDone={done} onClose={close} />}
    </Page>
  );
};
