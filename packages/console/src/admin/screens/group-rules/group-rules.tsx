import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { Word } from '../../ui/word.tsx';
import { DeleteRuleDialog } from './delete-rule-dialog.tsx';
import { type GroupRule, groupNames, RULES, STATUS_WORDS } from './group-rule-answer.ts';
import { GroupRuleForm } from './group-rule-form.tsx';

type Asking = { readonly kind: 'make' } | { readonly kind: 'change' | 'delete'; readonly rule: GroupRule } | null;

/** Which rules put people into groups, and are they on? */
export const GroupRules = () => {
  const client = useQueryClient();
  const mayManage = useMay('okta.groups.members.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const query = useList<GroupRule>(RULES, { expand: 'groupIdToGroupNameMap' });
  const reload = (): void => void client.invalidateQueries({ queryKey: [RULES] });
  const turn = useMutation({
    mutationFn: ({ id, status }: GroupRule) =>
      post(`${RULES}/${encodeURIComponent(id)}/lifecycle/${status === 'ACTIVE' ? 'deactivate' : 'activate'}`),
    onSuccess: (_, { name, status }) => {
      toast(
        status === 'ACTIVE'
          ? `${name} is off. Whoever it added stays.`
          : `${name} is on. It adds people in the background, and from now on.`,
      );
      reload();
    },
  });
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    reload();
  };
  const change: Column<GroupRule> = {
    key: 'change',
    head: 'Change',
    cell: (rule) => {
      const isOn = rule.status === 'ACTIVE';
      return (
        <span className="sp-actions">
          <ProtectedButton
            action="group-rule.update"
            variant="default"
            size="xs"
            aria-label={`Turn ${isOn ? 'off' : 'on'} ${rule.name}`}
            loading={turn.isPending && turn.variables.id === rule.id}
            onClick={() => turn.mutate(rule)}
          >
            {isOn ? 'Turn off' : 'Turn on'}
          </ProtectedButton>
          {isOn ? (
            <span className="sp-quiet">to change or delete it</span>
          ) : (
            <>
              <ProtectedButton
                action="group-rule.update"
                variant="default"
                size="xs"
                aria-label={`Change ${rule.name}…`}
                onClick={() => setAsking({ kind: 'change', rule })}
              >
                Change…
              </ProtectedButton>
              <ProtectedButton
                action="group-rule.update"
                color="red"
                variant="outline"
                size="xs"
                aria-label={`Delete ${rule.name}…`}
                onClick={() => setAsking({ kind: 'delete', rule })}
              >
                Delete…
              </ProtectedButton>
            </>
          )}
        </span>
      );
    },
  };
  const make = mayManage && (
    <ProtectedButton action="group-rule.create" onClick={() => setAsking({ kind: 'make' })}>
      New rule…
    </ProtectedButton>
  );
  return (
    <Page
      title="Group rules"
      lead="Rules put people into groups by what their profiles say. No rule fills a group that holds an admin role."
      tools={make}
      command={<CliFor command="sallyport group rule list" />}
    >
      {turn.isError && <Failure what="The rule was not changed" error={turn.error} wasChange />}
      <QueryView query={query} what="the group rules">
        {(rules) =>
          rules.length === 0 ? (
            <Empty title="No rules yet" command="sallyport group rule create --help">
              Without rules people come into groups by hand only.
            </Empty>
          ) : (
            <div className="sp-stack">
              <DataTable
                caption="Group rules"
                rows={rules}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'name',
                    head: 'Rule',
                    cell: (rule) => (
                      <span className="sp-two">
                        <span className="sp-strong">{rule.name}</span>
                        <code className="sp-wraps">{rule.conditions.expression.value}</code>
                      </span>
                    ),
                  },
                  { key: 'into', head: 'Puts into', cell: groupNames },
                  {
                    key: 'status',
                    head: 'Status',
                    cell: ({ status }) => <Word tone={STATUS_WORDS[status].tone}>{STATUS_WORDS[status].word}</Word>,
                  },
                  {
                    key: 'updated',
                    head: 'Changed',
                    isNumeric: true,
                    cell: ({ lastUpdated }) => <Instant at={lastUpdated} as="relative" />,
                  },
                  ...(mayManage ? [change] : []),
                ]}
              />
              <More query={query} count={rules.length} what={rules.length === 1 ? 'rule' : 'rules'} />
            </div>
          )
        }
      </QueryView>
      {(asking?.kind === 'make' || asking?.kind === 'change') && (
        <GroupRuleForm
          rule={asking.kind === 'change' ? asking.rule : null}
          onClose={() => setAsking(null)}
          onDone={({ name }) =>
            done(
              asking.kind === 'make'
                ? `${name} is there, and off. Turn it on when it shall work.`
                : `${name} is saved, and off. Turn it on when it shall work.`,
            )
          }
        />
      )}
      {asking?.kind === 'delete' && (
        <DeleteRuleDialog
          rule={asking.rule}
          onClose={() => setAsking(null)}
          onDone={() => done(`${asking.rule.name} is deleted.`)}
        />
      )}
    </Page>
  );
};
