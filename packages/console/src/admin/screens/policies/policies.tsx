import { ActionIcon, NativeSelect } from '@mantine/core';
import type { AppAnswer, PolicyAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { get, getTagged, putTagged } from '../../api.ts';
import { useMay, useMe } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Matches } from '../../ui/policies/matches.tsx';
import {
  groupsOf,
  isOfDoor,
  isOrdered,
  POLICIES,
  type Policy,
  policyBody,
  policyPath,
  TYPES,
} from '../../ui/policies/policy-words.ts';
import { useNames } from '../../ui/policies/use-names.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { PolicyForm } from './policy-form.tsx';

const all = async (): Promise<readonly Policy[]> =>
  (await Promise.all(Object.keys(TYPES).map((type) => get<readonly Policy[]>(`${POLICIES}?type=${type}`)))).flat();

/** Apps by the policy that judges them, as far as this person may see them. */
const useAppsByPolicy = (): ReadonlyMap<string, readonly AppAnswer[]> => {
  const mayRead = useMay('okta.apps.read');
  const { data } = useQuery({
    queryKey: ['apps by policy'],
    queryFn: () => get<readonly AppAnswer[]>('/api/v1/apps?limit=200'),
    enabled: mayRead,
  });
  return Map.groupBy(data ?? [], ({ _links }) => _links.accessPolicy?.href.split('/').at(-1) ?? '');
};

/** What applies, and in which order? */
export const Policies = () => {
  const client = useQueryClient();
  const query = useQuery({ queryKey: [POLICIES], queryFn: all });
  const navigate = useNavigate();
  const apps = useAppsByPolicy();
  const nameOf = useNames([], (query.data ?? []).flatMap(groupsOf));
  const mayManage = useMay('okta.policies.manage');
  const isSuper = useMe()?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  const [isMaking, setIsMaking] = useState(false);
  const { search, set } = useUrlState();
  // What is no kind of policy narrows nothing.
  const kind = search['kind'] !== undefined && Object.hasOwn(TYPES, search['kind']) ? search['kind'] : undefined;
  const types = Object.keys(TYPES).filter((type) => type === 'ACCESS_POLICY' || isSuper);
  const standards = Object.fromEntries(
    (query.data ?? []).filter(({ system }) => system).map(({ type, settings }) => [type, settings]),
  );
  const open = (id: string): void => void navigate({ to: '/policies/$id' as '/', params: { id } as never });
  const refresh = () => client.invalidateQueries({ queryKey: [POLICIES] });
  const move = useMutation({
    mutationFn: async ({ policy, place }: { readonly policy: Policy; readonly place: number }) => {
      // The list may be old: what is sent is what is saved now, at another place.
      const { body, etag } = await getTagged<Policy>(policyPath(policy.id));
      await putTagged(policyPath(policy.id), policyBody(body, place), etag);
      await refresh();
    },
    onSuccess: (_, { policy, place }) => toast(`${policy.name} is asked as number ${place} now.`),
  });
  const placeColumn = (policies: readonly Policy[]): Column<Policy> => ({
    key: 'place',
    head: 'Asked',
    cell: (policy) => {
      const place = policies.indexOf(policy) + 1;
      if (policy.system) return <span className="sp-quiet">last</span>;
      const own = policies.filter(({ system }) => !system).length;
      return (
        <span className="sp-actions">
          {place}.
          {isSuper &&
            own > 1 &&
            ([-1, 1] as const).map((step) => (
              <ActionIcon
                key={step}
                variant="default"
                aria-label={`Ask ${policy.name} ${step < 0 ? 'earlier' : 'later'}`}
                disabled={move.isPending || place + step < 1 || place + step > own}
                onClick={() => move.mutate({ policy, place: place + step })}
              >
                <span aria-hidden="true">{step < 0 ? '↑' : '↓'}</span>
              </ActionIcon>
            ))}
        </span>
      );
    },
  });
  const columns = (type: string, policies: readonly Policy[]): readonly Column<Policy>[] => [
    ...(isOrdered({ type }) ? [placeColumn(policies)] : []),
    {
      key: 'name',
      head: 'Policy',
      cell: ({ id, name, description }) => (
        <span className="sp-two">
          <Link to={'/policies/$id' as '/'} params={{ id } as never} className="sp-strong">
            {name}
          </Link>
          {description !== null && <span className="sp-quiet">{description}</span>}
        </span>
      ),
    },
    type === 'ACCESS_POLICY'
      ? {
          key: 'apps',
          head: 'Judges',
          cell: ({ id }: PolicyAnswer) => {
            const judged = apps.get(id) ?? [];
            if (judged.length === 0) return <span className="sp-quiet">no app that you see</span>;
            return (
              <ul>
                {judged.map((app) => (
                  <li key={app.id}>
                    <GoTo href={`/apps/${app.id}`}>{app.label}</GoTo>
                  </li>
                ))}
              </ul>
            );
          },
        }
      : {
          key: 'for',
          head: 'For',
          cell: (policy: Policy) => groupsOf(policy).map(nameOf).join(', ') || 'everybody',
        },
    {
      key: 'status',
      head: 'Status',
      cell: ({ status }) => (
        <Word tone={status === 'ACTIVE' ? 'good' : 'quiet'}>{status === 'ACTIVE' ? 'on' : 'off'}</Word>
      ),
    },
    ...(isOfDoor({ type })
      ? [
          {
            key: 'matches',
            head: 'Matches',
            cell: ({ id }: Policy) => <Matches of={({ policyId }) => policyId === id} />,
          },
        ]
      : []),
    {
      key: 'updated',
      head: 'Changed',
      isNumeric: true,
      cell: ({ lastUpdated }) => <Instant at={lastUpdated} as="relative" />,
    },
  ];
  return (
    <Page
      title="Policies"
      lead="What decides at the door. Rules are read from the top; the first that matches decides."
      tools={
        <>
          <GoTo href="/what-if" isOnlyLink>
            What if…
          </GoTo>
          {mayManage && (
            <ProtectedButton action="policy.create" onClick={() => setIsMaking(true)}>
              New policy…
            </ProtectedButton>
          )}
        </>
      }
      command={<CliFor command="sallyport policy list" />}
    >
      <search className="sp-filters">
        <NativeSelect
          label="Kind"
          data={[
            { value: '', label: 'every kind' },
            ...Object.entries(TYPES).map(([value, { title }]) => ({ value, label: title })),
          ]}
          value={kind ?? ''}
          onChange={(event) => set({ kind: event.currentTarget.value || undefined })}
        />
      </search>
      <FilterChips
        chips={kind === undefined ? [] : [{ key: 'kind', text: TYPES[kind]?.title ?? kind }]}
        onRemove={() => set({ kind: undefined })}
      />
      {move.isError && <Failure what="The policy was not moved" error={move.error} wasChange />}
      <QueryView query={query} what="the policies">
        {(policies) => (
          <div className="sp-stack">
            {Object.entries(TYPES)
              .filter(([type]) => kind === undefined || type === kind)
              .map(([type, { title, decides, order }]) => {
                const shown = policies.filter((policy) => policy.type === type);
                return (
                  <Section key={type} title={title} lead={`They decide ${decides}. ${order}`}>
                    {shown.length === 0 ? (
                      <p className="sp-quiet">There is none that you may see.</p>
                    ) : (
                      <DataTable
                        caption={title}
                        rows={shown}
                        rowKey={({ id }) => id}
                        onOpen={({ id }) => open(id)}
                        columns={columns(type, shown)}
                      />
                    )}
                  </Section>
                );
              })}
          </div>
        )}
      </QueryView>
      {isMaking && (
        <PolicyForm
          opened={null}
          types={types}
          standards={standards}
          action="policy.create"
          nameOf={nameOf}
          onClose={() => setIsMaking(false)}
          onDone={({ id, name }) => {
            setIsMaking(false);
            toast(`${name} is there. Now give it rules.`);
            void refresh();
            open(id);
          }}
        />
      )}
    </Page>
  );
};
