import type { GroupDetailAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { del, get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RolesHeld } from '../../ui/roles/roles-held.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { STATUS_WORDS } from '../group-rules/group-rule-answer.ts';
import { GROUPS, GroupForm } from './group-form.tsx';
import { GroupMembers } from './group-members.tsx';
import { GroupOwners } from './group-owners.tsx';

type Rule = NonNullable<GroupDetailAnswer['rules']>[number];

const logOf = (id: string): string => `/log?${new URLSearchParams({ filter: `target.id eq "${id}"` }).toString()}`;

const Facts = ({ group }: { readonly group: GroupDetailAnswer }) => (
  <Section title="About it">
    <dl className="sp-facts">
      <dt>Gives an admin role</dt>
      <dd>{group.givesRole ? <Word tone="warn">yes, to everybody in it</Word> : 'no'}</dd>
      <dt>Members you may see</dt>
      <dd>{group.members}</dd>
      <dt>Members changed</dt>
      <dd>
        <Instant at={group.lastMembershipUpdatedAt} />
      </dd>
      <dt>Created</dt>
      <dd>
        <Instant at={group.createdAt} />
      </dd>
      <dt>What happened to it</dt>
      <dd>
        <GoTo href={logOf(group.id)}>System Log, as target</GoTo>
      </dd>
      <dt>Id</dt>
      <dd>
        <CopyId id={group.id} />
      </dd>
    </dl>
  </Section>
);

const Rules = ({ group, rules }: { readonly group: GroupDetailAnswer; readonly rules: readonly Rule[] }) => (
  <Section
    title="Rules that fill it"
    tools={
      <GoTo href="/group-rules" isOnlyLink>
        All group rules
      </GoTo>
    }
  >
    {rules.length === 0 ? (
      <p className="sp-quiet">None: people come into it by hand.</p>
    ) : (
      <DataTable
        caption={`Rules that fill ${group.name}`}
        rows={rules}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'name',
            head: 'Rule',
            cell: ({ name, expression }) => (
              <span className="sp-two">
                <span className="sp-strong">{name}</span>
                <code className="sp-wraps">{expression}</code>
              </span>
            ),
          },
          {
            key: 'status',
            head: 'Status',
            cell: ({ status }) => <Word tone={STATUS_WORDS[status].tone}>{STATUS_WORDS[status].word}</Word>,
          },
        ]}
      />
    )}
  </Section>
);

const deletionWords = ({ members, givesRole, rules }: GroupDetailAnswer): string =>
  [
    members === 0
      ? 'Nobody whom you may see is in it.'
      : members === 1
        ? 'One person is in it, and loses what it gives.'
        : `${members} people are in it, and lose what it gives.`,
    ...(givesRole ? ['That is an admin role.'] : []),
    ...(rules !== null && rules.length > 0
      ? [`The ${rules.length === 1 ? 'rule' : 'rules'} ${rules.map(({ name }) => name).join(', ')} would stop.`]
      : []),
    'It cannot be undone.',
  ].join(' ');

/** Who is in this group, why, and what does it give them? */
export const GroupScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayManage = useMay('okta.groups.manage');
  const mayReadRoles = useMay('okta.roles.read');
  const [asking, setAsking] = useState<'edit' | 'delete' | null>(null);
  const path = `/sallyport/v1/groups/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<GroupDetailAnswer>(path) });
  const close = (): void => setAsking(null);
  const mayChange = mayManage && query.data?.refusals.change === null;
  const prefix = query.data?.givesRole ? 'admin-group' : 'group';
  return (
    <Page
      title={query.data?.name ?? 'Group'}
      {...(query.data === undefined ? {} : { lead: query.data.description })}
      tools={
        query.data !== undefined && (
          <>
            <JsonButton title={query.data.name} value={query.data} />
            {mayChange && (
              <ProtectedButton action={`${prefix}.update`} variant="default" onClick={() => setAsking('edit')}>
                Change…
              </ProtectedButton>
            )}
          </>
        )
      }
      command={<CliFor command={`sallyport group show ${id}`} />}
    >
      <QueryView query={query} what="the group">
        {(group) => (
          <div className="sp-stack">
            {mayManage && group.refusals.change !== null && (
              <p className="sp-state slim">You cannot change it: {group.refusals.change}</p>
            )}
            <Facts group={group} />
            <GroupMembers group={group} />
            {group.rules !== null && <Rules group={group} rules={group.rules} />}
            {mayReadRoles && <RolesHeld holder={{ kind: 'group', id: group.id, name: group.name }} />}
            <GroupOwners group={group} mayManage={mayChange} />
            {mayChange && (
              <p className="sp-actions">
                <ProtectedButton
                  action={`${prefix}.delete`}
                  color="red"
                  variant="outline"
                  onClick={() => setAsking('delete')}
                >
                  Delete the group…
                </ProtectedButton>
              </p>
            )}
            {asking === 'edit' && (
              <GroupForm
                group={group}
                action={`${prefix}.update`}
                onClose={close}
                onDone={({ profile }) => {
                  setAsking(null);
                  toast(`${profile.name} is saved.`);
                  void client.invalidateQueries();
                }}
              />
            )}
            {asking === 'delete' && (
              <ConfirmDialog
                title={`Delete ${group.name}?`}
                confirmLabel="Delete"
                {...(group.givesRole || group.members > 0 ? { typeToConfirm: group.name } : {})}
                protectedAction={`${prefix}.delete`}
                action={() => del(`${GROUPS}/${encodeURIComponent(id)}`)}
                onClose={close}
                onDone={() => {
                  toast(`${group.name} is deleted.`);
                  client.removeQueries({ queryKey: [path] });
                  void client.invalidateQueries();
                  void navigate({ to: '/groups' as '/' });
                }}
              >
                <p>{deletionWords(group)}</p>
              </ConfirmDialog>
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
