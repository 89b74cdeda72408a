import { Button } from '@mantine/core';
import type { PolicyProofAnswer } from '@sallyport/client/answers';
import type { DraftRuleAnswer, PolicyDiffAnswer, PolicyDraftAnswer } from '@sallyport/client/policy-draft-answers';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, getTagged, post, postTagged, putTagged, withQuery } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { PolicyChanges } from '../../ui/policies/policy-changes.tsx';
import { isOrdered, type Policy, TYPES } from '../../ui/policies/policy-words.ts';
import { ProofView } from '../../ui/policies/proof-view.tsx';
import { type RuleBody, rulesWith } from '../../ui/policies/rule-draft.ts';
import { type OpenedRule, RuleForm } from '../../ui/policies/rule-form.tsx';
import { RuleList } from '../../ui/policies/rule-list.tsx';
import { RuleTools } from '../../ui/policies/rule-tools.tsx';
import { useNames } from '../../ui/policies/use-names.ts';
import { usePolicyRefresh } from '../../ui/policies/use-policy-refresh.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { asRule, asSaved, diffPath, draftName, draftPath } from './draft-paths.ts';
import { PublishDialog } from './publish-dialog.tsx';

type Asking =
  | { readonly kind: 'form'; readonly opened: OpenedRule | null }
  | { readonly kind: 'publish' | 'discard' }
  | null;
type Rules = readonly DraftRuleAnswer[];

/** One draft: its rules, which are saved as they are changed and count for nothing, and the way to publish them. */
export const DraftEditor = ({
  policy,
  draftId,
  isOfConsole,
  isOfAdmins,
  mayChange,
  action,
  onGone,
}: {
  readonly policy: Policy;
  readonly draftId: string;
  readonly isOfConsole: boolean;
  readonly isOfAdmins: boolean;
  readonly mayChange: boolean;
  /** The protected action that publishing does. */
  readonly action: string;
  /** It is published or discarded. */
  readonly onGone: () => void;
}) => {
  const path = draftPath(policy.id, draftId);
  const refresh = usePolicyRefresh(policy.id);
  const query = useQuery({
    queryKey: ['policy', policy.id, 'draft', draftId],
    queryFn: () => getTagged<PolicyDraftAnswer>(path),
  });
  const etag = query.data?.etag ?? '*';
  const diff = useQuery({
    queryKey: ['policy', policy.id, 'diff', draftId, etag],
    queryFn: () => get<PolicyDiffAnswer>(withQuery(diffPath(policy.id), { from: 'published', to: draftId })),
    enabled: query.data !== undefined,
  });
  const proof = useQuery({
    queryKey: ['policy', policy.id, 'draft proof', draftId, etag],
    queryFn: () => get<PolicyProofAnswer>(`${path}/proof`),
    enabled: query.data !== undefined,
  });
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const draft = query.data?.body;
  const own: Rules = draft?.rules ?? [];
  const rules = [...own, ...(draft?.catchAll == null ? [] : [draft.catchAll])].map((rule, i) => asRule(rule, i + 1));
  const nameOf = useNames(rules);
  const kind = TYPES[policy.type]?.rules ?? null;
  const mayEdit = mayChange && kind !== null;
  const put = async (next: ReturnType<typeof asSaved>, catchAll?: RuleBody): Promise<void> => {
    await putTagged(
      path,
      { rules: next, ...(catchAll === undefined ? {} : { catchAll: { actions: catchAll.actions } }) },
      etag,
    );
    await query.refetch();
  };
  const save = useMutation({ mutationFn: (next: Rules) => put(asSaved(next)), onSuccess: refresh });
  const rebase = useMutation({
    mutationFn: (keep: 'draft' | 'published' | null) =>
      postTagged(`${path}/rebase`, keep === null ? {} : { keep }, etag),
    onSuccess: () => {
      toast('The draft is up to date.');
      refresh();
    },
  });
  const saveRule = (body: RuleBody, place: number): Promise<void> => {
    const rule = asking?.kind === 'form' ? (asking.opened?.rule ?? null) : null;
    if (rule?.system === true) return put(asSaved(own), body);
    const others = own.filter(({ id }) => id !== rule?.id);
    const { name, conditions, actions } = body;
    const changed = { id: rule?.id ?? '', name, status: rule?.status ?? 'ACTIVE', conditions, actions };
    return put(asSaved([...others.slice(0, place - 1), changed, ...others.slice(place - 1)]));
  };
  const move = (place: number, to: 'up' | 'down'): void => {
    const [at, other] = [place - 1, place - 1 + (to === 'up' ? -1 : 1)];
    const next = [...own];
    const [moved] = next.splice(at, 1);
    if (moved !== undefined) next.splice(other, 0, moved);
    save.mutate(next);
  };
  return (
    <QueryView query={query} what="the draft">
      {({ body: shown }) => (
        <div className="sp-beside">
          <Section
            title={draftName(shown)}
            lead="It counts for nothing until it is published. Every change is saved as you make it."
            tools={
              mayEdit && (
                <>
                  <Button variant="default" onClick={() => setAsking({ kind: 'form', opened: null })}>
                    New rule…
                  </Button>
                  <ProtectedButton
                    action={action}
                    disabled={shown.behind !== null || (diff.data?.changes.length ?? 0) === 0}
                    onClick={() => setAsking({ kind: 'publish' })}
                  >
                    Publish…
                  </ProtectedButton>
                </>
              )
            }
          >
            {shown.behind !== null && (
              <div className="sp-state warn slim" role="status">
                <p>{shown.behind}</p>
                {mayEdit && (
                  <p className="sp-actions">
                    <Button size="xs" variant="default" loading={rebase.isPending} onClick={() => rebase.mutate(null)}>
                      Bring it up to date
                    </Button>
                    {rebase.isError && (
                      <>
                        <Button size="xs" variant="default" onClick={() => rebase.mutate('draft')}>
                          Mine counts
                        </Button>
                        <Button size="xs" variant="default" onClick={() => rebase.mutate('published')}>
                          What is published counts
                        </Button>
                      </>
                    )}
                  </p>
                )}
              </div>
            )}
            {rebase.isError && <Failure what="The draft was not brought up to date" error={rebase.error} wasChange />}
            {save.isError && (
              <Failure
                what="The draft was not saved"
                error={save.error}
                wasChange
                onRetry={() => void query.refetch()}
              />
            )}
            <RuleList
              rules={rules}
              nameOf={nameOf}
              isCounted={false}
              isPassedOver={isOrdered(policy)}
              heading="h3"
              toolsOf={(rule, place) =>
                mayEdit && (
                  <RuleTools
                    rule={rule}
                    place={place}
                    places={own.length}
                    action={null}
                    isBusy={save.isPending}
                    isAtOnce
                    onMove={(to) => move(place, to)}
                    onSwitch={() =>
                      save.mutate(
                        own.map((one) =>
                          one.id === rule.id
                            ? { ...one, status: one.status === 'ACTIVE' ? 'INACTIVE' : 'ACTIVE' }
                            : one,
                        ),
                      )
                    }
                    onChange={() => setAsking({ kind: 'form', opened: { rule, place } })}
                    onDelete={() => save.mutate(own.filter(({ id }) => id !== rule.id))}
                  />
                )
              }
            />
          </Section>
          <div className="sp-stack">
            <Section
              title="Against what counts"
              tools={
                <GoTo href={`/what-if?policy=${encodeURIComponent(policy.id)}&draft=${encodeURIComponent(draftId)}`}>
                  What if…
                </GoTo>
              }
            >
              <QueryView query={diff} what="the differences" rows={2}>
                {({ changes }) => <PolicyChanges changes={changes} />}
              </QueryView>
              <CliFor command={`sallyport policy diff ${policy.id} published ${draftId}`} />
            </Section>
            <Section title="Who would come in">
              <QueryView query={proof} what="who would come in" rows={2}>
                {(found) => <ProofView proof={found} />}
              </QueryView>
            </Section>
            <Section title="About it">
              <dl className="sp-facts">
                <dt>Begun</dt>
                <dd>
                  <Instant at={shown.created} />, by {shown.createdBy.name ?? 'an account that is gone'}
                </dd>
                <dt>Saved</dt>
                <dd>
                  <Instant at={shown.lastUpdated} />, by {shown.lastUpdatedBy.name ?? 'an account that is gone'}
                </dd>
                <dt>From version</dt>
                <dd>{shown.baseVersion}</dd>
                <dt>Id</dt>
                <dd>
                  <CopyId id={shown.id} />
                </dd>
              </dl>
              {mayEdit && (
                <p className="sp-actions">
                  <Button color="red" variant="outline" onClick={() => setAsking({ kind: 'discard' })}>
                    Discard the draft…
                  </Button>
                </p>
              )}
            </Section>
          </div>
          {asking?.kind === 'form' && kind !== null && (
            <RuleForm
              policyId={policy.id}
              kind={kind}
              isOfConsole={isOfConsole}
              action={null}
              opened={asking.opened}
              rules={rules}
              nameOf={nameOf}
              consequence="It is saved in the draft, and counts once the draft is published."
              save={saveRule}
              dryRun={(body, place) =>
                post<PolicyProofAnswer>(`/sallyport/v1/policies/${encodeURIComponent(policy.id)}/proof`, {
                  rules: rulesWith(rules, asking.opened?.rule ?? null, body, place),
                })
              }
              onClose={() => {
                close();
                void query.refetch();
              }}
              onDone={(name) => {
                close();
                toast(`${name} is in the draft.`);
                refresh();
              }}
            />
          )}
          {asking?.kind === 'publish' && (
            <PublishDialog
              policyId={policy.id}
              title={`Publish ${draftName(shown)}`}
              label="Publish"
              action={action}
              path={`${path}/publish`}
              body={{}}
              etag={etag}
              draftId={draftId}
              hasReplay={kind === 'app'}
              isOfAdmins={isOfAdmins}
              onClose={close}
              onDone={({ policy: { version }, confirmBy }) => {
                close();
                toast(
                  confirmBy === null
                    ? `Version ${version} counts.`
                    : `Version ${version} counts, until it is confirmed.`,
                );
                refresh();
                onGone();
              }}
            />
          )}
          {asking?.kind === 'discard' && (
            <ConfirmDialog
              title="Discard the draft?"
              confirmLabel="Discard"
              action={() => del(path)}
              onClose={close}
              onDone={() => {
                close();
                toast('The draft is discarded.');
                refresh();
                onGone();
              }}
            >
              <p>What counts is unchanged. The draft cannot be brought back.</p>
            </ConfirmDialog>
          )}
        </div>
      )}
    </QueryView>
  );
};
