import type { GroupDetailAnswer, GroupMemberAnswer } from '@sallyport/client/answers';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, put } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ChooseDialog } from '../../ui/choose-dialog.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyByFilter } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { statusWords } from '../people/person-words.ts';
import { GROUPS } from './group-form.tsx';

const byWords = ({ kind, name }: GroupMemberAnswer['by']): string =>
  kind === 'rule' ? `by the rule ${name ?? '(you may not see which)'}` : name === null ? '' : `by ${name}`;

type Asking = { readonly kind: 'add' } | { readonly kind: 'remove'; readonly member: GroupMemberAnswer } | null;

/** Who is in the group, since when and why; and the way to change it by hand. */
export const GroupMembers = ({ group }: { readonly group: GroupDetailAnswer }) => {
  const { search, set } = useUrlState();
  const client = useQueryClient();
  const mayManage = useMay('okta.groups.members.manage') && group.refusals.members === null;
  const [asking, setAsking] = useState<Asking>(null);
  const { q } = search;
  const query = useList<GroupMemberAnswer>(`/sallyport/v1/groups/${encodeURIComponent(group.id)}/members`, { q });
  const actionTo = (verb: 'add' | 'remove'): string => `${group.givesRole ? 'admin-group' : 'group'}.member.${verb}`;
  const memberPath = (id: string): string =>
    `${GROUPS}/${encodeURIComponent(group.id)}/users/${encodeURIComponent(id)}`;
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries();
  };
  const clear = (): void => set({ q: undefined });
  const remove: Column<GroupMemberAnswer> = {
    key: 'remove',
    head: 'Take out',
    cell: (member) =>
      member.by.isOn ? (
        <span className="sp-quiet">stays while the rule fits</span>
      ) : member.refusal !== null ? (
        <span className="sp-quiet">{member.refusal}</span>
      ) : (
        <ProtectedButton
          action={actionTo('remove')}
          size="xs"
          color="red"
          variant="outline"
          aria-label={`Take out ${member.name}…`}
          onClick={() => setAsking({ kind: 'remove', member })}
        >
          Take out…
        </ProtectedButton>
      ),
  };
  return (
    <Section
      title="Members"
      tools={
        mayManage && (
          <ProtectedButton action={actionTo('add')} variant="default" onClick={() => setAsking({ kind: 'add' })}>
            Add somebody…
          </ProtectedButton>
        )
      }
      {...(group.refusals.members === null ? {} : { lead: group.refusals.members })}
    >
      <div className="sp-actions">
        <SearchBox
          label="Name, login or address begins with"
          value={q ?? ''}
          onChange={(text) => set({ q: text === '' ? undefined : text }, 'replace')}
        />
      </div>
      <QueryView query={query} what="the members">
        {(members) =>
          members.length === 0 ? (
            q === undefined ? (
              <p className="sp-quiet">Nobody whom you may see.</p>
            ) : (
              <EmptyByFilter what="members" filters={[`begins with: ${q}`]} onClear={clear} />
            )
          ) : (
            <div className="sp-stack">
              <DataTable
                caption={`Members of ${group.name}`}
                rows={members}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'name',
                    head: 'Person',
                    cell: ({ id, name, login }) => (
                      <span className="sp-two">
                        <GoTo href={`/admins/${id}`} className="sp-strong">
                          {name}
                        </GoTo>
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
                    key: 'since',
                    head: 'In it since',
                    cell: ({ since, until, by }) => (
                      <span>
                        <Instant at={since} as="relative" /> <span className="sp-quiet">{byWords(by)}</span>
                        {until !== null && (
                          <span className="sp-quiet">
                            {' '}
                            until <Instant at={until} />
                          </span>
                        )}
                      </span>
                    ),
                  },
                  ...(mayManage ? [remove] : []),
                ]}
              />
              <More query={query} count={members.length} what={members.length === 1 ? 'member' : 'members'} />
            </div>
          )
        }
      </QueryView>
      {asking?.kind === 'add' && (
        <ChooseDialog
          title={`Add somebody to ${group.name}`}
          kinds={['USER']}
          action={actionTo('add')}
          confirmLabel="Add"
          failed="Nobody was added"
          choose={(_, id) => put(memberPath(id), {})}
          onClose={() => setAsking(null)}
          onDone={(name) => done(`${name} is in ${group.name}.`)}
        >
          <p className="sp-quiet">
            {group.givesRole
              ? 'The group gives an admin role: they hold it from their next click on.'
              : 'What is given to the group is theirs from their next click on.'}
          </p>
        </ChooseDialog>
      )}
      {asking?.kind === 'remove' && (
        <ConfirmDialog
          title={`Take ${asking.member.name} out of ${group.name}?`}
          confirmLabel="Take out"
          protectedAction={actionTo('remove')}
          action={() => del(memberPath(asking.member.id))}
          onClose={() => setAsking(null)}
          onDone={() => done(`${asking.member.name} is not in ${group.name} any more.`)}
        >
          <p>
            {group.givesRole
              ? 'They lose the admin role that it gives, at their next click. Their account stays.'
              : 'They lose what the group gives them, at their next click. Their account stays.'}
          </p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
