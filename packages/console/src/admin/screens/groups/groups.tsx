import { Button } from '@mantine/core';
import type { GroupAnswer } from '@sallyport/client/answers';
import { useNavigate } from '@tanstack/react-router';
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
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { GROUPS, GroupForm } from './group-form.tsx';

/** Which groups are there? What the list was asked for stands in its address. */
export const Groups = () => {
  const { search, set } = useUrlState();
  const navigate = useNavigate();
  const mayCreate = useMay('okta.groups.create');
  const [isMaking, setIsMaking] = useState(false);
  const { q } = search;
  const query = useList<GroupAnswer>(GROUPS, { q, expand: 'stats' });
  const chips = q === undefined ? [] : [{ key: 'q', text: `begins with: ${q}` }];
  const clear = (): void => set({ q: undefined });
  const open = (id: string): void => void navigate({ to: '/groups/$id' as '/', params: { id } as never });
  return (
    <Page
      title="Groups"
      lead="People put together: what is given to a group is given to everybody in it, whoever joins later too."
      tools={
        <>
          <GoTo href="/group-rules" isOnlyLink>
            Group rules
          </GoTo>
          {mayCreate && <Button onClick={() => setIsMaking(true)}>New group…</Button>}
        </>
      }
      command={<CliFor command="sallyport group list" />}
    >
      <div className="sp-actions">
        <SearchBox
          label="Name begins with"
          value={q ?? ''}
          onChange={(text) => set({ q: text === '' ? undefined : text }, 'replace')}
        />
      </div>
      <FilterChips chips={chips} onRemove={clear} />
      <QueryView query={query} what="the groups">
        {(groups) => {
          if (groups.length === 0)
            return chips.length > 0 ? (
              <EmptyByFilter what="groups" filters={chips.map(({ text }) => text)} onClear={clear} />
            ) : (
              <Empty title="No groups to show">Your role reaches no group yet.</Empty>
            );
          return (
            <div className="sp-stack">
              <DataTable
                caption="Groups"
                rows={groups}
                rowKey={({ id }) => id}
                onOpen={({ id }) => open(id)}
                columns={[
                  {
                    key: 'name',
                    head: 'Group',
                    cell: ({ id, profile, type }) => (
                      <span className="sp-two">
                        <GoTo href={`/groups/${id}`} className="sp-strong">
                          {profile.name}
                        </GoTo>
                        <span className="sp-quiet">
                          {type === 'BUILT_IN' ? 'built in: everybody is in it' : profile.description}
                        </span>
                      </span>
                    ),
                  },
                  {
                    key: 'members',
                    head: 'Members',
                    isNumeric: true,
                    cell: ({ _embedded }) => _embedded?.stats.usersCount,
                  },
                  {
                    key: 'changed',
                    head: 'Members changed',
                    isNumeric: true,
                    cell: ({ lastMembershipUpdated }) => <Instant at={lastMembershipUpdated} as="relative" />,
                  },
                ]}
              />
              <More query={query} count={groups.length} what={groups.length === 1 ? 'group' : 'groups'} />
            </div>
          );
        }}
      </QueryView>
      {isMaking && (
        <GroupForm
          group={null}
          action={null}
          onClose={() => setIsMaking(false)}
          onDone={({ id, profile }) => {
            toast(`${profile.name} is there. Nobody is in it yet.`);
            open(id);
          }}
        />
      )}
    </Page>
  );
};
