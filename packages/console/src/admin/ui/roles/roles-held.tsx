import type { RoleHolderAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { type Column, DataTable } from '../data-table.tsx';
import { GoTo } from '../go-to.tsx';
import { Instant } from '../instant.tsx';
import { Section } from '../page.tsx';
import { ProtectedButton } from '../protected-button.tsx';
import { QueryView } from '../query-view.tsx';
import { toast } from '../toasts.tsx';
import { AssignRoleDialog } from './assign-role-dialog.tsx';
import { type Holder, rolesPathOf } from './holder.ts';
import { overWords } from './over-words.ts';
import { type TakeableRole, TakeRoleDialog } from './take-role-dialog.tsx';
import { TARGET_OF } from './target-of.ts';
import { TargetsDialog } from './targets-dialog.tsx';

type Asking = { readonly kind: 'give' } | { readonly kind: 'take' | 'targets'; readonly line: TakeableRole } | null;

const COLUMNS: readonly Column<RoleHolderAnswer>[] = [
  { key: 'role', head: 'Role', cell: ({ role }) => <GoTo href={`/roles/${role.id}`}>{role.label}</GoTo> },
  {
    key: 'over',
    head: 'Over',
    cell: (line) =>
      line.resourceSet === null ? (
        overWords(line)
      ) : (
        <GoTo href={`/resource-sets/${line.resourceSet.id}`}>{overWords(line)}</GoTo>
      ),
  },
  {
    key: 'since',
    head: 'Since',
    isNumeric: true,
    cell: ({ since, by }) => (
      <span>
        <Instant at={since} as="relative" /> <span className="sp-quiet">{by === null ? '' : `by ${by}`}</span>
      </span>
    ),
  },
];

/** The roles of a person, a group or a service app, and the way to give and take them. */
export const RolesHeld = ({ holder }: { readonly holder: Holder }) => {
  const client = useQueryClient();
  const mayManage = useMay('okta.roles.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const path = `/sallyport/v1/${holder.kind}s/${encodeURIComponent(holder.id)}/roles`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<readonly RoleHolderAnswer[]>(path) });
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries();
  };
  const isOwn = (line: RoleHolderAnswer): line is TakeableRole => line.kind === holder.kind;
  const how: Column<RoleHolderAnswer> = {
    key: 'how',
    head: 'Held',
    cell: (line) => (isOwn(line) ? 'directly' : `through the group ${line.name}`),
  };
  const change: Column<RoleHolderAnswer> = {
    key: 'change',
    head: 'Change',
    cell: (line) =>
      isOwn(line) ? (
        <span className="sp-actions">
          {TARGET_OF[line.role.id] !== undefined && holder.kind !== 'client' && (
            <ProtectedButton
              action="role.assign"
              size="xs"
              variant="default"
              aria-label={`Narrow ${line.role.label}…`}
              onClick={() => setAsking({ kind: 'targets', line })}
            >
              Narrow…
            </ProtectedButton>
          )}
          <ProtectedButton
            action="role.unassign"
            size="xs"
            color="red"
            variant="outline"
            aria-label={`Take away ${line.role.label}…`}
            onClick={() => setAsking({ kind: 'take', line })}
          >
            Take away…
          </ProtectedButton>
        </span>
      ) : (
        <span className="sp-quiet">at the group</span>
      ),
  };
  return (
    <Section
      title="Roles"
      tools={
        mayManage && (
          <ProtectedButton action="role.assign" variant="default" onClick={() => setAsking({ kind: 'give' })}>
            Give a role…
          </ProtectedButton>
        )
      }
    >
      <QueryView query={query} what="the roles">
        {(lines) =>
          lines.length === 0 ? (
            <p className="sp-quiet">None.</p>
          ) : (
            <DataTable
              caption={`Roles of ${holder.name}`}
              rows={lines}
              rowKey={({ assignmentId }) => assignmentId}
              columns={[...COLUMNS, ...(holder.kind === 'user' ? [how] : []), ...(mayManage ? [change] : [])]}
            />
          )
        }
      </QueryView>
      {asking?.kind === 'give' && (
        <AssignRoleDialog holder={holder} onClose={close} onDone={() => done(`${holder.name} holds one role more.`)} />
      )}
      {asking?.kind === 'take' && (
        <TakeRoleDialog
          assignment={asking.line}
          onClose={close}
          onDone={() => done(`${holder.name} does not hold ${asking.line.role.label} any more.`)}
        />
      )}
      {asking?.kind === 'targets' && (
        <TargetsDialog
          path={`${rolesPathOf(holder)}/${encodeURIComponent(asking.line.assignmentId)}/targets`}
          kind={TARGET_OF[asking.line.role.id] ?? 'group'}
          title={`What ${asking.line.role.label} of ${holder.name} is for`}
          onClose={() => {
            close();
            void client.invalidateQueries();
          }}
        />
      )}
    </Section>
  );
};
