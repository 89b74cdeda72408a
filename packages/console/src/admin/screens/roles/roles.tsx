import type { RoleAnswer, RoleDetailAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { kindWords, permissionsQuery, ROLES } from './role-answer.ts';
import { draftOf, EMPTY_ROLE } from './role-draft.ts';
import { RoleForm } from './role-form.tsx';

/** What a new role begins with: another role, or permissions that an address names. */
const NewRole = ({
  search,
  onClose,
}: {
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly onClose: () => void;
}) => {
  const { from, permissions, label = '' } = search;
  const client = useQueryClient();
  const navigate = useNavigate();
  const catalogue = useQuery(permissionsQuery);
  const path = `${ROLES}/${encodeURIComponent(from ?? '')}`;
  const other = useQuery({ queryKey: [path], queryFn: () => get<RoleDetailAnswer>(path), enabled: from !== undefined });
  if (catalogue.data === undefined || (from !== undefined && other.data === undefined)) return null;
  const known = new Set(catalogue.data.filter(({ isForCustomRoles }) => isForCustomRoles).map((one) => one.permission));
  const start =
    other.data === undefined
      ? { ...EMPTY_ROLE, label, chosen: (permissions ?? '').split(',').filter((one) => known.has(one)) }
      : { ...draftOf(other.data, catalogue.data), label: `${other.data.label} (copy)` };
  return (
    <RoleForm
      opened={null}
      start={start}
      catalogue={catalogue.data}
      onClose={onClose}
      onDone={(role) => {
        toast(`The role ${role.label} is there. Nobody holds it yet.`);
        void client.invalidateQueries({ queryKey: [ROLES] });
        void navigate({ to: '/roles/$id' as '/', params: { id: role.id } as never });
      }}
    />
  );
};

/** What does a role mean? */
export const Roles = () => {
  const { search, set } = useUrlState();
  const navigate = useNavigate();
  const mayManage = useMay('okta.roles.manage');
  const query = useQuery({ queryKey: [ROLES], queryFn: () => get<readonly RoleAnswer[]>(ROLES) });
  return (
    <Page
      title="Roles"
      lead="What admins can do. A custom role is held over a resource set, and gives nothing beyond it."
      tools={
        <>
          <GoTo href="/resource-sets" isOnlyLink>
            Resource sets
          </GoTo>
          {mayManage && (
            <ProtectedButton action="role.create" onClick={() => set({ new: '1' })}>
              New role…
            </ProtectedButton>
          )}
        </>
      }
      command={<CliFor command="sallyport role list" />}
    >
      <QueryView query={query} what="the roles">
        {(roles) => (
          <DataTable
            caption="Roles"
            rows={roles}
            rowKey={({ id }) => id}
            onOpen={({ id }) => void navigate({ to: '/roles/$id' as '/', params: { id } as never })}
            columns={[
              {
                key: 'label',
                head: 'Role',
                cell: ({ id, label, kind, description }) => (
                  <span>
                    <Link to={'/roles/$id' as '/'} params={{ id } as never}>
                      {label}
                    </Link>
                    <br />
                    <span className="sp-quiet">{description === '' ? kindWords(kind) : description}</span>
                  </span>
                ),
              },
              {
                key: 'permissions',
                head: 'Permissions',
                isNumeric: true,
                cell: ({ permissions }) => String(permissions),
              },
              { key: 'sensitive', head: 'Sensitive', isNumeric: true, cell: ({ sensitive }) => String(sensitive) },
              {
                key: 'people',
                head: 'Held by',
                isNumeric: true,
                cell: ({ people }) => (people === 0 ? 'nobody' : people === 1 ? '1 person' : `${people} people`),
              },
              {
                key: 'changed',
                head: 'Changed',
                isNumeric: true,
                cell: ({ lastUpdatedAt }) =>
                  lastUpdatedAt === null ? 'never' : <Instant at={lastUpdatedAt} as="relative" />,
              },
            ]}
          />
        )}
      </QueryView>
      {mayManage && search['new'] !== undefined && (
        <NewRole
          search={search}
          onClose={() => set({ new: undefined, from: undefined, permissions: undefined, label: undefined })}
        />
      )}
    </Page>
  );
};
