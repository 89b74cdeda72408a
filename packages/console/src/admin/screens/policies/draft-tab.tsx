import { Button } from '@mantine/core';
import type { PolicyDraftAnswer } from '@sallyport/client/policy-draft-answers';
import { useMutation, useQuery } from '@tanstack/react-query';
import { get, post } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import type { Policy } from '../../ui/policies/policy-words.ts';
import { usePolicyRefresh } from '../../ui/policies/use-policy-refresh.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { DraftEditor } from './draft-editor.tsx';
import { draftName, draftsPath } from './draft-paths.ts';

/** Drafts of a policy, or the one that its address names. */
export const DraftTab = ({
  policy,
  isOfConsole,
  isOfAdmins,
  mayChange,
  action,
}: {
  readonly policy: Policy;
  readonly isOfConsole: boolean;
  readonly isOfAdmins: boolean;
  readonly mayChange: boolean;
  readonly action: string;
}) => {
  const { search, set } = useUrlState();
  const refresh = usePolicyRefresh(policy.id);
  const query = useQuery({
    queryKey: ['policy', policy.id, 'drafts'],
    queryFn: () => get<readonly PolicyDraftAnswer[]>(draftsPath(policy.id)),
  });
  const begin = useMutation({
    mutationFn: () => post<PolicyDraftAnswer>(draftsPath(policy.id), {}),
    onSuccess: ({ id }) => {
      refresh();
      set({ draft: id });
    },
  });
  const { draft } = search;
  if (draft !== undefined)
    return (
      <div className="sp-stack">
        <p className="sp-actions">
          <Button size="xs" variant="default" onClick={() => set({ draft: undefined })}>
            All drafts
          </Button>
        </p>
        <DraftEditor
          policy={policy}
          draftId={draft}
          isOfConsole={isOfConsole}
          isOfAdmins={isOfAdmins}
          mayChange={mayChange}
          action={action}
          onGone={() => set({ draft: undefined, tab: 'history' })}
        />
      </div>
    );
  const newDraft = mayChange && (
    <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
      New draft
    </Button>
  );
  return (
    <Section
      title="Drafts"
      lead="Written beside what counts, looked at by others, and published at once: all rules, or none."
      tools={newDraft}
    >
      {begin.isError && <Failure what="The draft was not begun" error={begin.error} wasChange />}
      <QueryView query={query} what="the drafts">
        {(drafts) =>
          drafts.length === 0 ? (
            <Empty title="Nobody is drafting a change" command={`sallyport policy draft create ${policy.id}`}>
              A draft counts for nothing until it is published. It is tried on past sign-ins before that.
            </Empty>
          ) : (
            <DataTable
              caption="Drafts"
              rows={drafts}
              rowKey={({ id }) => id}
              onOpen={({ id }) => set({ draft: id })}
              columns={[
                {
                  key: 'name',
                  head: 'Draft',
                  cell: (one) => (
                    <GoTo href={`/policies/${policy.id}?tab=draft&draft=${one.id}`}>{draftName(one)}</GoTo>
                  ),
                },
                {
                  key: 'state',
                  head: 'State',
                  cell: ({ behind }) =>
                    behind === null ? <Word tone="good">up to date</Word> : <Word tone="warn">behind what counts</Word>,
                },
                { key: 'by', head: 'Saved by', cell: ({ lastUpdatedBy }) => lastUpdatedBy.name ?? 'gone' },
                {
                  key: 'at',
                  head: 'Saved',
                  isNumeric: true,
                  cell: ({ lastUpdated }) => <Instant at={lastUpdated} as="relative" />,
                },
              ]}
            />
          )
        }
      </QueryView>
      <CliFor command={`sallyport policy draft list ${policy.id}`} />
    </Section>
  );
};
