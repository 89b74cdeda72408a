import { Button } from '@mantine/core';
import type { PolicyTestAnswer, PolicyTestRunAnswer } from '@sallyport/client/policy-draft-answers';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, post } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Section } from '../../ui/page.tsx';
import { TestResults } from '../../ui/policies/test-results.tsx';
import { usePolicyRefresh } from '../../ui/policies/use-policy-refresh.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { testsPath } from './draft-paths.ts';

export const EXPECTED: Readonly<Record<PolicyTestAnswer['expected'], readonly ['good' | 'warn' | 'bad', string]>> = {
  allow: ['good', 'let in'],
  step_up: ['warn', 'asked for more'],
  deny: ['bad', 'denied'],
};

/** What a policy must decide on given facts, or it is not published. Tests come from What if. */
export const TestsTab = ({
  policyId,
  mayChange,
  action,
}: {
  readonly policyId: string;
  readonly mayChange: boolean;
  readonly action: string;
}) => {
  const refresh = usePolicyRefresh(policyId);
  const query = useQuery({
    queryKey: ['policy', policyId, 'tests'],
    queryFn: () => get<readonly PolicyTestAnswer[]>(testsPath(policyId)),
  });
  const run = useMutation({ mutationFn: () => post<PolicyTestRunAnswer>(`${testsPath(policyId)}/run`, {}) });
  const [asked, setAsked] = useState<PolicyTestAnswer | null>(null);
  const change: Column<PolicyTestAnswer> = {
    key: 'change',
    head: 'Change',
    cell: (test) => (
      <ProtectedButton
        action={action}
        color="red"
        variant="outline"
        size="xs"
        aria-label={`Delete ${test.name}…`}
        onClick={() => setAsked(test)}
      >
        Delete…
      </ProtectedButton>
    ),
  };
  const whatIf = `/what-if?policy=${encodeURIComponent(policyId)}`;
  return (
    <Section
      title="Tests"
      lead="Each is facts, and what must be decided on them. One that fails keeps a draft from being published."
      tools={
        <>
          <GoTo href={whatIf} isOnlyLink>
            Make one in What if
          </GoTo>
          {(query.data ?? []).length > 0 && (
            <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>
              Run them now
            </Button>
          )}
        </>
      }
    >
      {run.isError && <Failure what="The tests were not run" error={run.error} />}
      <div role="status">{run.data !== undefined && <TestResults run={run.data} />}</div>
      <QueryView query={query} what="the tests">
        {(tests) =>
          tests.length === 0 ? (
            <Empty title="Nothing is tested yet" command={`sallyport policy test --help`}>
              Ask What if, for somebody who must get in, or must not, and save the answer as a test.
            </Empty>
          ) : (
            <DataTable
              caption="Tests"
              rows={tests}
              rowKey={({ id }) => id}
              columns={[
                { key: 'name', head: 'Test', cell: ({ name }) => <span className="sp-strong">{name}</span> },
                {
                  key: 'facts',
                  head: 'Facts',
                  cell: ({ facts }) => (
                    <code className="sp-wraps">
                      {Object.entries(facts)
                        .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
                        .join('; ') || 'none'}
                    </code>
                  ),
                },
                {
                  key: 'expected',
                  head: 'Must be',
                  cell: ({ expected }) => <Word tone={EXPECTED[expected][0]}>{EXPECTED[expected][1]}</Word>,
                },
                ...(mayChange ? [change] : []),
              ]}
            />
          )
        }
      </QueryView>
      <CliFor command={`sallyport policy test run ${policyId}`} />
      {asked !== null && (
        <ConfirmDialog
          title={`Delete the test ${asked.name}?`}
          confirmLabel="Delete"
          protectedAction={action}
          action={() => del(`${testsPath(policyId)}/${encodeURIComponent(asked.id)}`)}
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            toast(`${asked.name} is not tested any more.`);
            run.reset();
            refresh();
          }}
        >
          <p>What it kept from being published can be published then.</p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
