import { Button } from '@mantine/core';
import type { PolicyDraftAnswer, PolicyVersionAnswer } from '@sallyport/client/policy-draft-answers';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { getPage, post, withQuery } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { usePolicyRefresh } from '../../ui/policies/use-policy-refresh.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { draftsPath, historyPath, rollbackPath } from './draft-paths.ts';
import { PublishDialog } from './publish-dialog.tsx';

const STATES: Readonly<Record<PolicyVersionAnswer['state'], readonly ['good' | 'warn' | 'quiet' | 'bad', string]>> = {
  COUNTS: ['good', 'counts'],
  WAITS: ['warn', 'waits to be confirmed'],
  REPLACED: ['quiet', 'replaced'],
  ENDED: ['bad', 'ended, not confirmed'],
};
const PAGE = 20;

/** Every version of a policy, who made it and why; each can be compared, drafted from, and let count again. */
export const HistoryTab = ({
  policyId,
  hasDrafts,
  isOfAdmins,
  mayChange,
  action,
}: {
  readonly policyId: string;
  /** A policy for people is changed at once. */
  readonly hasDrafts: boolean;
  readonly isOfAdmins: boolean;
  readonly mayChange: boolean;
  readonly action: string;
}) => {
  const { set } = useUrlState();
  const refresh = usePolicyRefresh(policyId);
  const query = useInfiniteQuery({
    queryKey: ['policy', policyId, 'history'],
    queryFn: ({ pageParam }) => getPage<PolicyVersionAnswer>(pageParam),
    initialPageParam: withQuery(historyPath(policyId), { limit: PAGE }),
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
  const [asked, setAsked] = useState<PolicyVersionAnswer | null>(null);
  const draft = useMutation({
    mutationFn: ({ version }: PolicyVersionAnswer) =>
      post<PolicyDraftAnswer>(draftsPath(policyId), { fromVersion: version, note: `As in version ${version}` }),
    onSuccess: ({ id }) => {
      refresh();
      set({ tab: 'draft', draft: id });
    },
  });
  const change: Column<PolicyVersionAnswer> = {
    key: 'change',
    head: 'Do',
    cell: (row) =>
      row.state === 'COUNTS' || row.state === 'WAITS' ? (
        <span className="sp-quiet">–</span>
      ) : (
        <span className="sp-actions">
          <Button
            size="xs"
            variant="default"
            aria-label={`Compare version ${row.version}`}
            onClick={() => set({ tab: 'diff', from: String(row.version), to: 'published' })}
          >
            Compare
          </Button>
          {mayChange && (
            <>
              {hasDrafts && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Draft from it: version ${row.version}`}
                  disabled={draft.isPending}
                  onClick={() => draft.mutate(row)}
                >
                  Draft from it
                </Button>
              )}
              <ProtectedButton
                action={action}
                size="xs"
                variant="default"
                aria-label={`Roll back to version ${row.version}…`}
                onClick={() => setAsked(row)}
              >
                Roll back…
              </ProtectedButton>
            </>
          )}
        </span>
      ),
  };
  return (
    <Section title="Versions" lead="Every change keeps the policy whole, whichever door it came by.">
      {draft.isError && <Failure what="The draft was not begun" error={draft.error} wasChange />}
      <QueryView query={query} what="the versions">
        {(versions) => (
          <div className="sp-stack">
            <DataTable
              caption="Versions"
              rows={versions}
              rowKey={({ version }) => String(version)}
              columns={[
                {
                  key: 'version',
                  head: 'Version',
                  cell: ({ version }) => <span className="sp-strong">{version}</span>,
                },
                {
                  key: 'state',
                  head: 'State',
                  cell: ({ state }) => <Word tone={STATES[state][0]}>{STATES[state][1]}</Word>,
                },
                {
                  key: 'what',
                  head: 'What',
                  cell: ({ words, reason }) => (
                    <span className="sp-two">
                      <span>{words}</span>
                      {reason !== null && <span className="sp-quiet">{reason}</span>}
                    </span>
                  ),
                },
                { key: 'by', head: 'By', cell: ({ by }) => by?.name ?? by?.id ?? 'the system' },
                { key: 'at', head: 'When', cell: ({ at }) => <Instant at={at} /> },
                change,
              ]}
            />
            {query.hasNextPage && (
              <p className="sp-actions">
                <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show older versions
                </Button>
              </p>
            )}
          </div>
        )}
      </QueryView>
      <CliFor command={`sallyport policy history ${policyId}`} />
      {asked !== null && (
        <PublishDialog
          policyId={policyId}
          title={`Roll back to version ${asked.version}`}
          label="Roll back"
          action={action}
          path={rollbackPath(policyId)}
          body={{ version: asked.version }}
          etag="*"
          draftId={null}
          hasReplay={false}
          isOfAdmins={isOfAdmins}
          onClose={() => setAsked(null)}
          onDone={({ policy: { version } }) => {
            setAsked(null);
            toast(`Version ${version} says again what version ${asked.version} said.`);
            refresh();
          }}
        />
      )}
    </Section>
  );
};
