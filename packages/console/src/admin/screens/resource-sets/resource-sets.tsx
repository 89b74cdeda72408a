import type { ResourceSetAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { ResourceSetForm, SETS } from './resource-set-form.tsx';

/** Over what is power held? */
export const ResourceSets = () => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayManage = useMay('okta.roles.manage');
  const [isMaking, setIsMaking] = useState(false);
  const query = useQuery({
    queryKey: [SETS],
    queryFn: async () =>
      (await get<{ readonly 'resource-sets': readonly ResourceSetAnswer[] }>(`${SETS}?limit=200`))['resource-sets'],
  });
  const open = (id: string): void => void navigate({ to: '/resource-sets/$id' as '/', params: { id } as never });
  return (
    <Page
      title="Resource sets"
      lead="The people, groups, apps, policies and zones that custom roles are held over. An empty set gives nothing."
      tools={
        <>
          <GoTo href="/roles" isOnlyLink>
            Roles
          </GoTo>
          {mayManage && (
            <ProtectedButton action="resource-set.create" onClick={() => setIsMaking(true)}>
              New resource set…
            </ProtectedButton>
          )}
        </>
      }
      command={<CliFor command="sallyport resource-set list" />}
    >
      <QueryView query={query} what="the resource sets">
        {(sets) =>
          sets.length === 0 ? (
            <Empty title="No resource set yet">A custom role needs one: it is what the role is for.</Empty>
          ) : (
            <DataTable
              caption="Resource sets"
              rows={sets}
              rowKey={({ id }) => id}
              onOpen={({ id }) => open(id)}
              columns={[
                {
                  key: 'label',
                  head: 'Resource set',
                  cell: ({ id, label, description }) => (
                    <span>
                      <Link to={'/resource-sets/$id' as '/'} params={{ id } as never}>
                        {label}
                      </Link>
                      <br />
                      <span className="sp-quiet">{description}</span>
                    </span>
                  ),
                },
                {
                  key: 'changed',
                  head: 'Changed',
                  isNumeric: true,
                  cell: ({ lastUpdated }) => <Instant at={lastUpdated} as="relative" />,
                },
              ]}
            />
          )
        }
      </QueryView>
      {isMaking && (
        <ResourceSetForm
          set={null}
          onClose={() => setIsMaking(false)}
          onDone={({ id, label }) => {
            setIsMaking(false);
            toast(`${label} is there. What is it for? Add it next.`);
            void client.invalidateQueries({ queryKey: [SETS] });
            open(id);
          }}
        />
      )}
    </Page>
  );
};
