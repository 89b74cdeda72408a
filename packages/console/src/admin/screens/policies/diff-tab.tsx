import { NativeSelect } from '@mantine/core';
import type { PolicyDiffAnswer, PolicyDraftAnswer, PolicyVersionAnswer } from '@sallyport/client/policy-draft-answers';
import { useQuery } from '@tanstack/react-query';
import { get, getPage, withQuery } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { Section } from '../../ui/page.tsx';
import { PolicyChanges } from '../../ui/policies/policy-changes.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { diffPath, draftName, draftsPath, historyPath } from './draft-paths.ts';

/** What differs between two of: what counts, an earlier version, a draft. Which two stands in the address. */
export const DiffTab = ({ policyId }: { readonly policyId: string }) => {
  const { search, set } = useUrlState();
  const versions = useQuery({
    queryKey: ['policy', policyId, 'versions'],
    queryFn: () => getPage<PolicyVersionAnswer>(withQuery(historyPath(policyId), { limit: 50 })),
  });
  const drafts = useQuery({
    queryKey: ['policy', policyId, 'drafts'],
    queryFn: () => get<readonly PolicyDraftAnswer[]>(draftsPath(policyId)),
  });
  const items = versions.data?.items ?? [];
  const sides = [
    { value: 'published', label: 'what counts' },
    ...(drafts.data ?? []).map((draft) => ({ value: draft.id, label: draftName(draft) })),
    ...items.map(({ version, words }) => ({ value: String(version), label: `version ${version}: ${words}` })),
  ];
  const isKnown = versions.data !== undefined && drafts.data !== undefined;
  const from =
    search['from'] ?? (drafts.data?.[0] === undefined ? String(items[1]?.version ?? 'published') : 'published');
  const to = search['to'] ?? drafts.data?.[0]?.id ?? 'published';
  const query = useQuery({
    queryKey: ['policy', policyId, 'diff', from, to],
    queryFn: () => get<PolicyDiffAnswer>(withQuery(diffPath(policyId), { from, to })),
    enabled: isKnown,
  });
  return (
    <Section title="Differences" lead="In the order in which the rules are read.">
      <div className="sp-filters">
        <NativeSelect
          label="From"
          value={from}
          data={sides}
          onChange={(event) => set({ from: event.currentTarget.value, to })}
        />
        <NativeSelect
          label="To"
          value={to}
          data={sides}
          onChange={(event) => set({ from, to: event.currentTarget.value })}
        />
      </div>
      <QueryView query={query} what="the differences" rows={3}>
        {({ changes }) => <PolicyChanges changes={changes} />}
      </QueryView>
      <CliFor command={`sallyport policy diff ${policyId} ${from} ${to}`} />
    </Section>
  );
};
