import type { PolicyAnswer, PolicyProofAnswer, PolicyRuleAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { del, get, getTagged, post, put, putTagged } from '../../api.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Section } from '../page.tsx';
import { ProtectedButton } from '../protected-button.tsx';
import { QueryView } from '../query-view.tsx';
import { Failure } from '../states.tsx';
import { toast } from '../toasts.tsx';
import { isOfDoor, isOrdered, policyPath, TYPES } from './policy-words.ts';
import type { RuleBody } from './rule-draft.ts';
import { type OpenedRule, RuleForm } from './rule-form.tsx';
import { RuleList } from './rule-list.tsx';
import { arrowId, RuleTools } from './rule-tools.tsx';
import { thenWords } from './rule-words.ts';
import { useMayChange } from './use-may-change.ts';
import { useNames } from './use-names.ts';
import { usePolicyRefresh } from './use-policy-refresh.ts';

type Asking =
  | { readonly kind: 'form'; readonly opened: (OpenedRule & { readonly etag: string }) | null }
  | { readonly kind: 'delete' | 'off'; readonly rule: PolicyRuleAnswer }
  | null;
const bodyOfRule = ({ name, conditions, actions }: PolicyRuleAnswer, priority: number): RuleBody => ({
  name,
  priority,
  conditions: conditions ?? {},
  actions,
});

/** The rules of a policy in their order, and the way to change them. */
export const RulesEditor = ({
  policy,
  isOfConsole,
  title,
  lead,
  children,
}: {
  readonly policy: Pick<PolicyAnswer, 'id' | 'type'>;
  readonly isOfConsole: boolean;
  readonly title: string;
  readonly lead: string;
  /** What else stands in the section. */
  readonly children?: ReactNode;
}) => {
  const path = `${policyPath(policy.id)}/rules`;
  const refresh = usePolicyRefresh(policy.id);
  const query = useQuery({
    queryKey: ['policy', policy.id, 'rules'],
    queryFn: () => get<readonly PolicyRuleAnswer[]>(path),
  });
  const nameOf = useNames(query.data ?? []);
  const { mayChange, why, action } = useMayChange(policy.type, isOfConsole);
  const kind = TYPES[policy.type]?.rules ?? null;
  const mayEdit = mayChange && kind !== null;
  const isDoor = isOfDoor(policy);
  const [asking, setAsking] = useState<Asking>(null);
  const [openError, setOpenError] = useState<unknown>(null);
  const [moved, setMoved] = useState<readonly [PolicyRuleAnswer, 'up' | 'down'] | null>(null);
  const written = (query.data ?? []).filter(({ system }) => !system);
  const pathOf = ({ id }: Pick<PolicyRuleAnswer, 'id'>): string => `${path}/${encodeURIComponent(id)}`;
  const whatIsLeft = (rule: PolicyRuleAnswer): string =>
    rule.status !== 'ACTIVE'
      ? 'It is off: nobody notices.'
      : written.some(({ id, status, actions }) => id !== rule.id && status === 'ACTIVE' && thenWords(actions).isAllowed)
        ? 'Whom it fits is judged by the rules after it.'
        : !isDoor
          ? 'Whom it fits is judged by the next policy that is for them.'
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
    refresh();
  };
  const switchTo = (rule: PolicyRuleAnswer, verb: 'activate' | 'deactivate'): Promise<unknown> =>
    post(`${pathOf(rule)}/lifecycle/${verb}`);
  const switchOn = useMutation({
    mutationFn: (rule: PolicyRuleAnswer) => switchTo(rule, 'activate'),
    onSuccess: (_, { name }) => done(`${name} is in force.`),
  });
  const move = useMutation({
    mutationFn: async ({ rule, to }: { readonly rule: PolicyRuleAnswer; readonly to: 'up' | 'down' }) => {
      const neighbour = written[written.findIndex(({ id }) => id === rule.id) + (to === 'up' ? -1 : 1)];
      const { body, etag } = await getTagged<PolicyRuleAnswer>(pathOf(rule));
      await putTagged(pathOf(rule), bodyOfRule(body, neighbour?.priority ?? body.priority), etag);
      await query.refetch();
    },
    onSuccess: (_, { rule, to }) => {
      setMoved([rule, to]);
      done(`${rule.name} is read ${to === 'up' ? 'earlier' : 'later'} now.`);
    },
  });
  // A rule that moves takes the focus along, to the arrow that moved it, or to the other one at an end.
  // While it is under way both are disabled, and would not take it.
  useEffect(() => {
    if (moved === null || move.isPending) return;
    const [rule, to] = moved;
    const arrow = document.getElementById(arrowId(rule, to));
    const place = arrow?.matches(':disabled')
      ? document.getElementById(arrowId(rule, to === 'up' ? 'down' : 'up'))
      : arrow;
    requestAnimationFrame(() => place?.focus());
    setMoved(null);
  }, [moved, move.isPending]);
  const open = async (rule: PolicyRuleAnswer, place: number): Promise<void> => {
    try {
      const { body, etag } = await getTagged<PolicyRuleAnswer>(pathOf(rule));
      setOpenError(null);
      setAsking({ kind: 'form', opened: { rule: body, etag, place } });
    } catch (error) {
      setOpenError(error);
      void query.refetch();
    }
  };
  const opened = asking?.kind === 'form' ? asking.opened : null;
  return (
    <Section
      title={title}
      lead={lead}
      tools={
        mayEdit &&
        query.data !== undefined && (
          <ProtectedButton action={action} variant="default" onClick={() => setAsking({ kind: 'form', opened: null })}>
            New rule…
          </ProtectedButton>
        )
      }
    >
      {why !== null && <p className="sp-quiet">{why}</p>}
      {switchOn.isError && <Failure what="The rule was not switched on" error={switchOn.error} wasChange />}
      {move.isError && <Failure what="The rule was not moved" error={move.error} wasChange />}
      {openError !== null && <Failure what="The rule could not be opened" error={openError} />}
      <QueryView query={query} what="the rules">
        {(rules) => (
          <RuleList
            rules={rules}
            nameOf={nameOf}
            isCounted={isDoor}
            isPassedOver={isOrdered(policy)}
            heading="h3"
            toolsOf={(rule, place) =>
              mayEdit && (
                <RuleTools
                  rule={rule}
                  place={place}
                  places={written.length}
                  action={action}
                  isBusy={move.isPending || switchOn.isPending}
                  onMove={(to) => move.mutate({ rule, to })}
                  onSwitch={() => (rule.status === 'ACTIVE' ? setAsking({ kind: 'off', rule }) : switchOn.mutate(rule))}
                  onChange={() => void open(rule, place)}
                  onDelete={() => setAsking({ kind: 'delete', rule })}
                />
              )
            }
          />
        )}
      </QueryView>
      {children}
      {asking?.kind === 'form' && kind !== null && (
        <RuleForm
          policyId={policy.id}
          kind={kind}
          isOfConsole={isOfConsole}
          action={action}
          opened={opened}
          rules={query.data ?? []}
          nameOf={nameOf}
          save={(body) => (opened === null ? post(path, body) : putTagged(pathOf(opened.rule), body, opened.etag))}
          dryRun={(body) =>
            opened === null
              ? post<PolicyProofAnswer>(`${path}?dryRun=true`, body)
              : put<PolicyProofAnswer>(`${pathOf(opened.rule)}?dryRun=true`, body)
          }
          onClose={close}
          onDone={(name) => done(`${name} is in force.`)}
        />
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Delete ${asking.rule.name}?`}
          confirmLabel="Delete"
          protectedAction={action}
          action={() => del(pathOf(asking.rule))}
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
          protectedAction={action}
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
