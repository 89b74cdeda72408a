import { useQuery } from '@tanstack/react-query';
import { getPage, withQuery } from '../../api.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';

interface LoggedChange {
  readonly uuid: string;
  readonly published: string;
  readonly displayMessage: string;
  readonly actor: { readonly alternateId: string };
  readonly target: readonly { readonly type: string; readonly displayName: string }[] | null;
}
const SHOWN = 50;
const DAYS = 90;

/** What was done to a policy, from the System Log: it outlives the policy. */
export const PolicyLog = ({ policyId }: { readonly policyId: string }) => {
  const filter = `target.id eq "${policyId}" and (eventType sw "policy.lifecycle" or eventType sw "policy.rule" or eventType sw "policy.mapping")`;
  const query = useQuery({
    queryKey: ['policy', policyId, 'log'],
    queryFn: () =>
      getPage<LoggedChange>(
        withQuery('/api/v1/logs', {
          filter,
          since: new Date(Date.now() - DAYS * 86_400_000).toISOString(),
          sortOrder: 'DESCENDING',
          limit: SHOWN,
        }),
      ),
  });
  return (
    <Section
      title="What happened to it"
      tools={
        <GoTo href={`/log?${new URLSearchParams({ filter, last: String(DAYS * 86_400) }).toString()}`}>
          All of it, in the System Log
        </GoTo>
      }
    >
      <QueryView query={query} what="what happened">
        {({ items }) =>
          items.length === 0 ? (
            <p className="sp-quiet">Nobody changed it in the last {DAYS} days.</p>
          ) : (
            <DataTable
              caption="What happened to the policy"
              rows={items}
              rowKey={({ uuid }) => uuid}
              columns={[
                { key: 'at', head: 'When', cell: ({ published }) => <Instant at={published} /> },
                {
                  key: 'what',
                  head: 'What',
                  cell: ({ uuid, displayMessage }) => <GoTo href={`/log/${uuid}`}>{displayMessage}</GoTo>,
                },
                {
                  key: 'of',
                  head: 'Of',
                  cell: ({ target }) =>
                    (target ?? []).find(({ type }) => type === 'PolicyRule')?.displayName ?? 'the policy',
                },
                { key: 'who', head: 'By', cell: ({ actor }) => actor.alternateId },
              ]}
            />
          )
        }
      </QueryView>
    </Section>
  );
};
