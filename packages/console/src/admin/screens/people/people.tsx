import { Button, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty, EmptyByFilter } from '../../ui/states.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { PersonForm } from './person-form.tsx';
import { KINDS, nameOfPerson, type PersonRow, STATUSES, searchOf, statusWords, USERS } from './person-words.ts';

/** Who has an account? What the list was asked for stands in its address. */
export const People = () => {
  const { search, set } = useUrlState();
  const { q, status, kind } = search;
  const navigate = useNavigate();
  const client = useQueryClient();
  const [isMaking, setIsMaking] = useState(false);
  const mayCreate = useMay('okta.users.create');
  const query = useList<PersonRow>(USERS, { search: searchOf(q, status, kind) });
  const chips = [
    ...(q === undefined ? [] : [{ key: 'q', text: `begins with: ${q}` }]),
    ...(kind === undefined ? [] : [{ key: 'kind', text: KINDS[kind] ?? kind }]),
    ...(status === undefined ? [] : [{ key: 'status', text: `status: ${statusWords(status).word}` }]),
  ];
  const clear = (): void => set({ q: undefined, status: undefined, kind: undefined });
  return (
    <Page
      title="People"
      lead="Everybody with an account, administrators among them."
      tools={
        <>
          <GoTo href="/profile-attributes" isOnlyLink>
            What profiles hold
          </GoTo>
          {mayCreate && (
            <>
              <GoTo href="/import-people" isOnlyLink>
                Import people
              </GoTo>
              <Button onClick={() => setIsMaking(true)}>New person…</Button>
            </>
          )}
        </>
      }
      command={<CliFor command="sallyport user list" />}
    >
      <div className="sp-actions">
        <SearchBox
          label="Name, login or address begins with"
          value={q ?? ''}
          onChange={(text) => set({ q: text === '' ? undefined : text }, 'replace')}
        />
        <NativeSelect
          label="Status"
          data={[
            { value: '', label: 'all but deactivated' },
            ...STATUSES.map((value) => ({ value, label: statusWords(value).word })),
          ]}
          value={status ?? ''}
          onChange={(event) =>
            set({ status: event.currentTarget.value === '' ? undefined : event.currentTarget.value })
          }
        />
        <NativeSelect
          label="Accounts of"
          data={[
            { value: '', label: 'people and programs' },
            ...Object.entries(KINDS).map(([value, label]) => ({ value, label })),
          ]}
          value={kind ?? ''}
          onChange={(event) => set({ kind: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
        />
      </div>
      <FilterChips chips={chips} onRemove={(key) => set({ [key]: undefined })} />
      <QueryView query={query} what="the people">
        {(people) => {
          if (people.length === 0)
            return chips.length > 0 ? (
              <EmptyByFilter what="people" filters={chips.map(({ text }) => text)} onClear={clear} />
            ) : (
              <Empty title="Nobody to show">Your role reaches nobody’s account yet.</Empty>
            );
          return (
            <div className="sp-stack">
              <DataTable
                caption="People"
                rows={people}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'name',
                    head: 'Person',
                    cell: (person) => (
                      <span className="sp-two">
                        <Link to={'/people/$id' as '/'} params={{ id: person.id } as never} className="sp-strong">
                          {nameOfPerson(person)}
                        </Link>
                        <span className="sp-quiet">{person.profile.login}</span>
                      </span>
                    ),
                  },
                  {
                    key: 'status',
                    head: 'Status',
                    cell: ({ status: now, sallyport }) => (
                      <span className="sp-two">
                        <Word tone={statusWords(now).tone}>{statusWords(now).word}</Word>
                        {sallyport !== undefined && <span className="sp-quiet">service account</span>}
                      </span>
                    ),
                  },
                  {
                    key: 'login',
                    head: 'Last sign-in',
                    cell: ({ lastLogin }) =>
                      lastLogin === null ? (
                        <span className="sp-quiet">never</span>
                      ) : (
                        <Instant at={lastLogin} as="relative" />
                      ),
                  },
                  {
                    key: 'created',
                    head: 'Created',
                    isNumeric: true,
                    cell: ({ created }) => <Instant at={created} as="relative" />,
                  },
                ]}
              />
              <More query={query} count={people.length} what={people.length === 1 ? 'person' : 'people'} />
            </div>
          );
        }}
      </QueryView>
      {isMaking && (
        <PersonForm
          onDone={({ id }) => {
            void client.invalidateQueries({ queryKey: [USERS] });
            void navigate({ to: '/people/$id' as '/', params: { id } as never });
          }}
          onClose={() => setIsMaking(false)}
        />
      )}
    </Page>
  );
};
