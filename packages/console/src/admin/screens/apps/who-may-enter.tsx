import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, getTagged, post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { Section } from '../../ui/page.tsx';
import { RuleList } from '../../ui/policies/rule-list.tsx';
import { thenWords } from '../../ui/policies/rule-words.ts';
import { useNames } from '../../ui/policies/use-names.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { type OpenedRule, RuleForm } from './rule-form.tsx';

type Asking =
  | { readonly kind: 'form'; readonly opened: OpenedRule | null }
  | { readonly kind: 'delete' | 'off'; readonly rule: PolicyRuleAnswer }
  | null;

/** The rules of an app's own policy, and the way to change them. */
export const WhoMayEnter = ({ policyPath, isOwn }: { readonly policyPath: string; readonly isOwn: boolean }) => {
  const path = `${policyPath}/rules`;
  const client = useQueryClient();
  const query = useQuery({ queryKey: [path], queryFn: () => get<readonly PolicyRuleAnswer[]>(path) });
  const nameOf = useNames(query.data ?? []);
  const mayManage = useMay('okta.policies.manage') && isOwn;
  const [asking, setAsking] = useState<Asking>(null);
  const [openError, setOpenError] = useState<unknown>(null);
  const written = (query.data ?? []).filter(({ system }) => !system);
  const whatIsLeft = (rule: PolicyRuleAnswer): string =>
    rule.status !== 'ACTIVE'
      ? 'It is off: nobody notices.'
      : written.some(({ id, status, actions }) => id !== rule.id && status === 'ACTIVE' && thenWords(actions).isAllowed)
        ? 'Whom it fits is judged by the rules after it.'
        : thenWords(rule.actions).isAllowed
          ? 'It is the only rule that lets anybody in: nobody enters after it.'
          : 'No other rule lets anybody in.';
  const close = (): void => {
    setAsking(null);
    // A refusal because somebody else was faster is answered with their version.
    void query.refetch();
  };
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries({ queryKey: [path] });
    void client.invalidateQueries({ queryKey: ['names'] });
  };
  const switchTo = ({ id }: PolicyRuleAnswer, verb: 'activate' | 'deactivate'): Promise<unknown> =>
    post(`${path}/${encodeURIComponent(id)}/lifecycle/${verb}`);
  const switchOn = useMutation({
    mutationFn: (rule: PolicyRuleAnswer) => switchTo(rule, 'activate'),
    onSuccess: (_, { name }) => done(`${name} is in force.`),
  });
  const open = async (rule: PolicyRuleAnswer, place: number): Promise<void> => {
    try {
      const { body, etag } = await getTagged<PolicyRuleAnswer>(`${path}/${encodeURIComponent(rule.id)}`);
      setOpenError(null);
      setAsking({ kind: 'form', opened: { rule: body, etag, place } });
    } catch (error) {
      setOpenError(error);
      void query.refetch();
    }
  };
  return (
    <Section
      title="Who may enter"
      lead="The first rule that fits decides. It is judged when somebody opens the app."
      tools={
        mayManage &&
        query.data !== undefined && (
          <ProtectedButton
            action="policy-rule.update"
            variant="default"
            onClick={() => setAsking({ kind: 'form', opened: null })}
          >
            Let somebody in…
          </ProtectedButton>
        )
      }
    >
      {switchOn.isError && <Failure what="The rule was not switched on" error={switchOn.error} wasChange />}
      {openError !== null && <Failure what="The rule could not be opened" error={openError} />}
      <QueryView query={query} what="the rules">
        {(rules) => (
          <RuleList
            rules={rules}
            nameOf={nameOf}
            heading="h3"
            toolsOf={(rule, place) =>
              mayManage &&
              !rule.system && (
                <>
                  <ProtectedButton
                    action="policy-rule.update"
                    variant="default"
                    size="xs"
                    aria-label={`Switch ${rule.status === 'ACTIVE' ? `off ${rule.name}…` : `on ${rule.name}`}`}
                    loading={switchOn.isPending && switchOn.variables.id === rule.id}
                    onClick={() =>
                      rule.status === 'ACTIVE' ? setAsking({ kind: 'off', rule }) : switchOn.mutate(rule)
                    }
                  >
                    {rule.status === 'ACTIVE' ? 'Switch off…' : 'Switch on'}
                  </ProtectedButton>
                  <ProtectedButton
                    action="policy-rule.update"
                    variant="default"
                    size="xs"
                    aria-label={`Change ${rule.name}…`}
                    onClick={() => void open(rule, place)}
                  >
                    Change…
                  </ProtectedButton>
                  <ProtectedButton
                    action="policy-rule.update"
                    color="red"
                    variant="outline"
                    size="xs"
                    aria-label={`Delete ${rule.name}…`}
                    onClick={() => setAsking({ kind: 'delete', rule })}
                  >
                    Delete…
                  </ProtectedButton>
                </>
              )
            }
          />
        )}
      </QueryView>
      <CliFor command={`sallyport policy show ${policyPath.split('/').at(-1)}`} />
      {asking?.kind === 'form' && (
        <RuleForm
          policyPath={policyPath}
          opened={asking.opened}
          rules={query.data ?? []}
          priorities={written.map(({ priority }) => priority)}
          nameOf={nameOf}
          onClose={close}
          onDone={(name) => done(`${name} is in force.`)}
        />
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Delete ${asking.rule.name}?`}
          confirmLabel="Delete"
          protectedAction="policy-rule.update"
          action={() => del(`${path}/${encodeURIComponent(asking.rule.id)}`)}
          onClose={close}
          onDone={() => done(`${asking.rule.name} is deleted.`)}
        >
          <p>{whatIsLeft(asking.rule)}</p>
        </ConfirmDialog>
      )}
      {asking?.kind === 'off' && (
        <ConfirmDialog
          title={`Switch ${asking.rule.name} off?`}
          confirmLabel="Switch off"
          protectedAction="policy-rule.update"
          action={() => switchTo(asking.rule, 'deactivate')}
          onClose={close}
          onDone={() => done(`${asking.rule.name} is off, and not read.`)}
        >
          <p>{whatIsLeft(asking.rule)} It keeps its place, and can be switched on again.</p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
