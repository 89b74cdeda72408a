import { Button, Tabs } from '@mantine/core';
import type { AppAnswer, PolicyProofAnswer, PolicyRuleAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { del, get, getTagged, post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { groupsOf, isOfDoor, type Policy, policyPath, TYPES } from '../../ui/policies/policy-words.ts';
import { ProofView } from '../../ui/policies/proof-view.tsx';
import { RulesEditor } from '../../ui/policies/rules-editor.tsx';
import { isOfConsole, useMayChange } from '../../ui/policies/use-may-change.ts';
import { useNames } from '../../ui/policies/use-names.ts';
import { usePolicyRefresh } from '../../ui/policies/use-policy-refresh.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { DiffTab } from './diff-tab.tsx';
import { DraftTab } from './draft-tab.tsx';
import { GiveToApp } from './give-to-app.tsx';
import { HistoryTab } from './history-tab.tsx';
import { PolicyFacts, PolicySettings } from './policy-facts.tsx';
import { PolicyForm } from './policy-form.tsx';
import { PolicyLog } from './policy-log.tsx';
import { TestsTab } from './tests-tab.tsx';

/** What is true of it for every request. */
const Proof = ({ id }: { readonly id: string }) => {
  const path = `/sallyport/v1/policies/${encodeURIComponent(id)}/proof`;
  const query = useQuery({ queryKey: ['policy', id, 'proof'], queryFn: () => get<PolicyProofAnswer>(path) });
  return (
    <Section
      title="Who comes in"
      lead="For every request there can be, not for one."
      tools={<GoTo href={`/what-if?policy=${encodeURIComponent(id)}`}>What if…</GoTo>}
    >
      <QueryView query={query} what="who comes in">
        {(proof) => <ProofView proof={proof} />}
      </QueryView>
      <CliFor command={`sallyport policy prove ${id}`} />
    </Section>
  );
};

type Asking =
  | { readonly kind: 'change'; readonly opened: { readonly policy: Policy; readonly etag: string } }
  | { readonly kind: 'clone' | 'off' | 'delete' | 'give' }
  | null;

/** Why a policy cannot be switched off or deleted; null when it can. */
const whyNot = (policy: Policy, apps: readonly AppAnswer[]) => ({
  off: policy.system ? 'The default policy is always on.' : null,
  remove: policy.system
    ? 'The default policy is not deleted.'
    : apps.length > 0
      ? 'It judges an app: give the app to another policy first.'
      : null,
});

/** One policy: what it is, its rules in their order, who comes in by them, and what happened to it. */
export const PolicyScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const path = policyPath(id);
  const { search, set } = useUrlState();
  const refresh = usePolicyRefresh(id);
  const navigate = useNavigate();
  const mayReadApps = useMay('okta.apps.read');
  const mayReadLog = useMay('okta.logs.read');
  const query = useQuery({ queryKey: ['policy', id], queryFn: () => get<Policy>(path) });
  const rules = useQuery({
    queryKey: ['policy', id, 'rules'],
    queryFn: () => get<readonly PolicyRuleAnswer[]>(`${path}/rules`),
  });
  const judged = useQuery({
    queryKey: ['policy', id, 'apps'],
    queryFn: () => get<readonly AppAnswer[]>(`${path}/app`),
    enabled: mayReadApps,
  });
  const policy = query.data;
  const nameOf = useNames(rules.data ?? [], policy === undefined ? [] : groupsOf(policy));
  const apps = judged.data ?? [];
  const { mayChange, action, isOfAdmins } = useMayChange(policy?.type ?? '', isOfConsole(apps));
  const mayCreate = useMay('okta.policies.manage');
  const mayManageApps = useMay('okta.apps.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    close();
    toast(words);
    refresh();
  };
  const open = useMutation({
    mutationFn: () => getTagged<Policy>(path),
    onSuccess: ({ body, etag }) => setAsking({ kind: 'change', opened: { policy: body, etag } }),
  });
  const switchOn = useMutation({
    mutationFn: () => post(`${path}/lifecycle/activate`),
    onSuccess: () => done(`${policy?.name} is on.`),
  });
  const leave = (words: string, to: string): void => {
    close();
    toast(words);
    refresh();
    void navigate({ to: to as '/' });
  };
  const reasons = policy === undefined ? null : whyNot(policy, apps);
  const isApp = policy?.type === 'ACCESS_POLICY';
  /** Does it decide at a door, or about people? */
  const isJudged = policy !== undefined && isOfDoor(policy);
  const tab = search['tab'] ?? 'rules';
  return (
    <Page
      title={policy?.name ?? 'Policy'}
      {...(policy === undefined
        ? {}
        : {
            lead: `Decides ${TYPES[policy.type]?.decides ?? 'something'}.`,
            tools: (
              <>
                {mayChange && (
                  <ProtectedButton
                    action={action}
                    variant="default"
                    loading={open.isPending}
                    onClick={() => open.mutate()}
                  >
                    Change…
                  </ProtectedButton>
                )}
                {mayCreate && isApp && (
                  <Button variant="default" onClick={() => setAsking({ kind: 'clone' })}>
                    Clone…
                  </Button>
                )}
                <JsonButton title={policy.name} value={{ ...policy, rules: rules.data }} />
              </>
            ),
          })}
      command={<CliFor command={`sallyport policy show ${id}`} />}
    >
      {open.isError && <Failure what="The policy could not be opened" error={open.error} />}
      {switchOn.isError && <Failure what="The policy was not switched on" error={switchOn.error} wasChange />}
      <QueryView query={query} what="the policy">
        {(shown) => (
          <Tabs
            value={tab}
            keepMounted={false}
            onChange={(to) => set({ tab: to === 'rules' ? undefined : (to ?? undefined) })}
          >
            <Tabs.List aria-label="Parts of the policy">
              <Tabs.Tab value="rules">Rules</Tabs.Tab>
              {isJudged && <Tabs.Tab value="draft">Drafts</Tabs.Tab>}
              <Tabs.Tab value="diff">Differences</Tabs.Tab>
              {isJudged && <Tabs.Tab value="tests">Tests</Tabs.Tab>}
              <Tabs.Tab value="history">History</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="rules" pt="md">
              <div className="sp-beside">
                <div className="sp-stack">
                  {!isJudged && <PolicySettings policy={shown} />}
                  <RulesEditor
                    policy={shown}
                    isOfConsole={isOfConsole(apps)}
                    title="Rules"
                    lead={`${isJudged ? '' : 'From where they do it themselves. '}Read from the top; the first that fits decides.`}
                  />
                </div>
                <div className="sp-stack">
                  {isJudged && <Proof id={id} />}
                  <PolicyFacts policy={shown} apps={mayReadApps ? apps : null} nameOf={nameOf} />
                  {mayChange && reasons !== null && (
                    <Section title="More">
                      <div className="sp-actions">
                        {isApp && mayManageApps && (
                          <ProtectedButton
                            action={action}
                            variant="default"
                            onClick={() => setAsking({ kind: 'give' })}
                          >
                            Let it judge an app…
                          </ProtectedButton>
                        )}
                        {shown.status === 'ACTIVE' ? (
                          <ProtectedButton
                            action={action}
                            color="red"
                            variant="outline"
                            disabled={reasons.off !== null}
                            onClick={() => setAsking({ kind: 'off' })}
                          >
                            Switch it off…
                          </ProtectedButton>
                        ) : (
                          <ProtectedButton
                            action={action}
                            loading={switchOn.isPending}
                            onClick={() => switchOn.mutate()}
                          >
                            Switch it on
                          </ProtectedButton>
                        )}
                        <ProtectedButton
                          action={action}
                          color="red"
                          variant="outline"
                          disabled={reasons.remove !== null}
                          onClick={() => setAsking({ kind: 'delete' })}
                        >
                          Delete the policy…
                        </ProtectedButton>
                      </div>
                      {[...new Set([reasons.off, reasons.remove])].map(
                        (reason) =>
                          reason !== null && (
                            <p key={reason} className="sp-quiet">
                              {reason}
                            </p>
                          ),
                      )}
                    </Section>
                  )}
                </div>
              </div>
            </Tabs.Panel>
            <Tabs.Panel value="draft" pt="md">
              <DraftTab
                policy={shown}
                isOfConsole={isOfConsole(apps)}
                isOfAdmins={isOfAdmins}
                mayChange={mayChange}
                action={action}
              />
            </Tabs.Panel>
            <Tabs.Panel value="diff" pt="md">
              <DiffTab policyId={id} />
            </Tabs.Panel>
            <Tabs.Panel value="tests" pt="md">
              <TestsTab policyId={id} mayChange={mayChange} action={action} />
            </Tabs.Panel>
            <Tabs.Panel value="history" pt="md">
              <div className="sp-stack">
                <HistoryTab
                  policyId={id}
                  hasDrafts={isJudged}
                  isOfAdmins={isOfAdmins && isJudged}
                  mayChange={mayChange}
                  action={action}
                />
                {mayReadLog && <PolicyLog policyId={id} />}
              </div>
            </Tabs.Panel>
          </Tabs>
        )}
      </QueryView>
      {asking?.kind === 'change' && (
        <PolicyForm
          opened={asking.opened}
          types={[]}
          action={action}
          nameOf={nameOf}
          onClose={close}
          onDone={({ name }) => done(`${name} is saved.`)}
        />
      )}
      {asking?.kind === 'clone' && policy !== undefined && (
        <ConfirmDialog
          title={`Clone ${policy.name}?`}
          confirmLabel="Clone"
          isDanger={false}
          protectedAction="policy.create"
          action={async () => {
            const made = await post<Policy>(`${path}/clone`);
            leave(`${made.name} is there.`, `/policies/${made.id}`);
          }}
          onClose={close}
          onDone={() => undefined}
        >
          <p>The copy has the same rules. It judges no app until you give it one.</p>
        </ConfirmDialog>
      )}
      {asking?.kind === 'off' && policy !== undefined && (
        <ConfirmDialog
          title={`Switch ${policy.name} off?`}
          confirmLabel="Switch off"
          protectedAction={action}
          action={() => post(`${path}/lifecycle/deactivate`)}
          onClose={close}
          onDone={() => done(`${policy.name} is off.`)}
        >
          <p>
            {!isApp
              ? 'It is not asked any more: the policies after it decide.'
              : apps.length === 0
                ? 'It judges no app that you see.'
                : `Nobody enters ${apps.map(({ label }) => label).join(', ')} until it is on again.`}
          </p>
        </ConfirmDialog>
      )}
      {asking?.kind === 'delete' && policy !== undefined && (
        <ConfirmDialog
          title={`Delete ${policy.name}?`}
          confirmLabel="Delete"
          protectedAction={action}
          action={() => del(path)}
          onClose={close}
          onDone={() => leave(`${policy.name} is deleted.`, '/policies')}
        >
          <p>Its rules go with it. It cannot be undone; to stop it for a while, switch it off.</p>
        </ConfirmDialog>
      )}
      {asking?.kind === 'give' && policy !== undefined && (
        <GiveToApp
          policy={policy}
          action={action}
          onClose={close}
          onDone={(name) => done(`${name} is judged by ${policy.name} now.`)}
        />
      )}
    </Page>
  );
};
