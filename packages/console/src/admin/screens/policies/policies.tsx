import type { PolicyAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { get } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { Matches } from '../../ui/policies/matches.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Word } from '../../ui/word.tsx';

export const TYPES: Readonly<Record<string, string>> = {
  ACCESS_POLICY: 'who may enter an app, and by which proof',
  OKTA_SIGN_ON: 'who may begin a session, and how long it lives',
};

const all = async (): Promise<readonly PolicyAnswer[]> =>
  (
    await Promise.all(Object.keys(TYPES).map((type) => get<readonly PolicyAnswer[]>(`/api/v1/policies?type=${type}`)))
  ).flat();

/** What applies? */
export const Policies = () => {
  const query = useQuery({ queryKey: ['policies'], queryFn: all });
  const navigate = useNavigate();
  return (
    <Page
      title="Policies"
      lead="What decides at the door. Rules are read from the top; the first that matches decides."
      command={<CliFor command="sallyport policy list" />}
    >
      <QueryView query={query} what="the policies">
        {(policies) => (
          <DataTable
            caption="Policies"
            rows={policies}
            rowKey={({ id }) => id}
            onOpen={({ id }) => void navigate({ to: '/policies/$id' as '/', params: { id } as never })}
            columns={[
              {
                key: 'name',
                head: 'Policy',
                cell: ({ id, name }) => (
                  <Link to={'/policies/$id' as '/'} params={{ id } as never}>
                    {name}
                  </Link>
                ),
              },
              { key: 'type', head: 'Decides', cell: ({ type }) => TYPES[type] ?? type },
              {
                key: 'status',
                head: 'Status',
                cell: ({ status }) => <Word tone={status === 'ACTIVE' ? 'good' : 'quiet'}>{status.toLowerCase()}</Word>,
              },
              { key: 'matches', head: 'Matches', cell: ({ id }) => <Matches of={({ policyId }) => policyId === id} /> },
              {
                key: 'updated',
                head: 'Changed',
                isNumeric: true,
                cell: ({ lastUpdated }) => <Instant at={lastUpdated} as="relative" />,
              },
            ]}
          />
        )}
      </QueryView>
    </Page>
  );
};
