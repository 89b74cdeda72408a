import { NativeSelect } from '@mantine/core';
import type { StandingPrivilegeAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { get } from '../../api.ts';
import { useMe } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { GrantTable } from '../../ui/grants/grant-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyByFilter } from '../../ui/states.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { statusWords } from '../people/person-words.ts';
import type { Admin } from './admin-answer.ts';
import { Strongest } from './strongest.tsx';

const ROLES = [
  ['SUPER_ADMIN', 'Super Administrator'],
  ['ORG_ADMIN', 'Organization Administrator'],
  ['APP_ADMIN', 'Application Administrator'],
  ['USER_ADMIN', 'Group Administrator'],
  ['HELP_DESK_ADMIN', 'Help Desk Administrator'],
  ['GROUP_MEMBERSHIP_ADMIN', 'Group Membership Administrator'],
  ['READ_ONLY_ADMIN', 'Read-only Administrator'],
  ['REPORT_ADMIN', 'Report Administrator'],
  ['API_ACCESS_MANAGEMENT_ADMIN', 'API Access Management Administrator'],
] as const;
const SHOWS = [
  ['able', 'active, with a device-bound key'],
  ['one-key', 'with one key only'],
  ['no-key', 'without a device-bound key'],
  ['never', 'never signed in'],
  ['unused', 'not signed in for 30 days'],
  ['service-account', 'service accounts'],
  ['break-glass', 'break-glass accounts'],
] as const;

const wordsOf = (list: readonly (readonly [string, string])[], value: string | undefined): string =>
  list.find(([key]) => key === value)?.[1] ?? value ?? '';
const options = (list: readonly (readonly [string, string])[], all: string) => [
  { value: '', label: all },
  ...list.map(([value, label]) => ({ value, label })),
];

const COLUMNS: readonly Column<Admin>[] = [
  {
    key: 'name',
    head: 'Person',
    cell: ({ id, name, login }) => (
      <span>
        <Link to={'/admins/$id' as '/'} params={{ id } as never}>
          {name}
        </Link>
        <br />
        <span className="sp-quiet">{login}</span>
      </span>
    ),
  },
  {
    key: 'status',
    head: 'Status',
    cell: ({ status }) => <Word tone={statusWords(status).tone}>{statusWords(status).word}</Word>,
  },
  {
    key: 'roles',
    head: 'Roles',
    cell: ({ roles }) => (
      <ul>
        {roles.map(({ roleId, label, over, via, since }) => (
          <li key={`${roleId} ${over} ${via?.id ?? ''}`}>
            <GoTo href={`/roles/${roleId}`}>{label}</GoTo>{' '}
            <span className="sp-quiet">
              {over !== 'everything' && `over ${over}, `}
              {via !== null && `via ${via.name}, `}since <Instant at={since} as="relative" />
            </span>
          </li>
        ))}
      </ul>
    ),
  },
  {
    key: 'strongest',
    head: 'Strongest',
    cell: (admin) => <Strongest of={admin} />,
  },
  {
    key: 'keys',
    head: 'Keys',
    isNumeric: true,
    cell: ({ keys }) => `${keys.deviceBound}${keys.synced > 0 ? ` + ${keys.synced} synced` : ''}`,
  },
  { key: 'sessions', head: 'Sessions now', isNumeric: true, cell: ({ sessions }) => String(sessions) },
  {
    key: 'used',
    head: 'Power last used',
    isNumeric: true,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'not in 90 days' : <Instant at={lastUsedAt} as="relative" />),
  },
  {
    key: 'last',
    head: 'Last sign-in',
    isNumeric: true,
    cell: ({ lastSignInAt }) => <Instant at={lastSignInAt} as="relative" />,
  },
];

/** Who holds power for a while: beside the number, and never in it. */
const ForAWhile = ({ held: { people, grants, first } }: { readonly held: StandingPrivilegeAnswer['forAWhile'] }) => {
  const me = useMe();
  return grants === 0 ? (
    <p className="sp-quiet">Nobody holds power for a while now.</p>
  ) : (
    <Section
      title="For a while"
      lead={
        <>
          {people === 1 ? 'One person holds' : `${people.toLocaleString()} people hold`} power that ends by itself, and
          is not counted above{grants > first.length ? `; of ${grants.toLocaleString()} the first to end` : ''}.{' '}
          <GoTo href="/grants">All access for a while</GoTo>
        </>
      }
    >
      <GrantTable
        caption="Power for a while"
        grants={first}
        isOwn={false}
        mayEnd={me?.roles.some(({ type }) => type === 'SUPER_ADMIN') === true}
      />
    </Section>
  );
};

/** The one number: how many hold power at any moment, asked for or not; and apart from it who does for a while. */
const Standing = () => {
  const path = '/sallyport/v1/standing-privilege';
  const { data } = useQuery({ queryKey: [path], queryFn: () => get<StandingPrivilegeAnswer>(path) });
  if (data === undefined) return null;
  const { people, superAdmins, throughGroupsOnly, serviceAccounts, serviceApps, forAWhile } = data;
  return (
    <>
      <p className="sp-standing">
        <strong>{people.toLocaleString()}</strong> {people === 1 ? 'person holds' : 'people hold'} power all the time:{' '}
        {superAdmins} all of it, {throughGroupsOnly} through groups alone.
        {serviceAccounts > 0 &&
          ` ${serviceAccounts === 1 ? 'One of them is a service account' : `${serviceAccounts} of them are service accounts`}.`}
        {serviceApps > 0 && ` Beside them ${serviceApps === 1 ? 'one service app' : `${serviceApps} service apps`}.`}
      </p>
      <ForAWhile held={forAWhile} />
    </>
  );
};

/** Who holds power? */
export const Admins = () => {
  const { search, set } = useUrlState();
  const navigate = useNavigate();
  const { q, role, show } = search;
  const query = useList<Admin>('/sallyport/v1/admins', { q, role, show });
  const chips = [
    ...(q === undefined ? [] : [{ key: 'q', text: `name: ${q}` }]),
    ...(role === undefined ? [] : [{ key: 'role', text: wordsOf(ROLES, role) }]),
    ...(show === undefined ? [] : [{ key: 'show', text: wordsOf(SHOWS, show) }]),
  ];
  const search_ = useCallback((text: string) => set({ q: text === '' ? undefined : text }, 'replace'), [set]);
  const clear = (): void => set({ q: undefined, role: undefined, show: undefined });
  return (
    <Page
      title="Administrators"
      lead="Who holds an admin role, directly or through a group."
      tools={
        <GoTo href="/access" isOnlyLink>
          Who can do what
        </GoTo>
      }
      command={<CliFor command="sallyport admin list" />}
    >
      <Standing />
      <search className="sp-filters">
        <SearchBox label="Name or login" value={q ?? ''} onChange={search_} />
        <NativeSelect
          label="Role"
          data={options(ROLES, 'every role')}
          value={role ?? ''}
          onChange={(event) => set({ role: event.currentTarget.value || undefined })}
        />
        <NativeSelect
          label="Show"
          data={options(SHOWS, 'everybody')}
          value={show ?? ''}
          onChange={(event) => set({ show: event.currentTarget.value || undefined })}
        />
      </search>
      <FilterChips chips={chips} onRemove={(key) => set({ [key]: undefined })} />
      <QueryView query={query} what="the administrators">
        {(admins) =>
          admins.length === 0 ? (
            <EmptyByFilter what="administrators" filters={chips.map(({ text }) => text)} onClear={clear} />
          ) : (
            <div className="sp-stack">
              <DataTable
                caption="Administrators"
                columns={COLUMNS}
                rows={admins}
                rowKey={({ id }) => id}
                onOpen={({ id }) => void navigate({ to: '/admins/$id' as '/', params: { id } as never })}
              />
              <More query={query} count={admins.length} what={admins.length === 1 ? 'person' : 'people'} />
            </div>
          )
        }
      </QueryView>
    </Page>
  );
};
