import type { BreakGlassAnswer, SealedAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../../api.ts';
import { useMe } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { type Tone, Word } from '../../ui/word.tsx';
import { BREAK_GLASS, NewAccountForm } from './account-form.tsx';
import { GiveReason } from './in-use.tsx';
import { SealedSecret } from './sealed-secret.tsx';

const STATES: Readonly<Record<BreakGlassAnswer['state'], readonly [Tone, string]>> = {
  READY: ['good', 'ready'],
  IN_USE: ['bad', 'in use now'],
  USED: ['bad', 'seal broken'],
  INCOMPLETE: ['warn', 'not ready'],
};
export const StateWord = ({ state }: Pick<BreakGlassAnswer, 'state'>) => (
  <Word tone={STATES[state][0]}>{STATES[state][1]}</Word>
);

/** Is the last way in ready and untouched? */
export const BreakGlass = () => {
  const client = useQueryClient();
  const isSuper = useMe()?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  const [isMaking, setIsMaking] = useState(false);
  const [sealed, setSealed] = useState<SealedAnswer | null>(null);
  const query = useQuery({
    queryKey: [BREAK_GLASS],
    queryFn: () => get<readonly BreakGlassAnswer[]>(BREAK_GLASS),
    enabled: isSuper,
  });
  const changed = (): void => void client.invalidateQueries({ queryKey: [BREAK_GLASS] });
  return (
    <Page
      title="Break-glass"
      lead="Accounts that are nobody’s, for the day on which nothing else works: a secret on paper, hardware keys, and networks of their own. No policy shuts them out."
      tools={
        isSuper && (
          <ProtectedButton action="break-glass.create" onClick={() => setIsMaking(true)}>
            Create an account…
          </ProtectedButton>
        )
      }
      command={<CliFor command="sallyport break-glass list" />}
    >
      <div className="sp-stack">
        <GiveReason />
        {isSuper ? (
          <QueryView query={query} what="the break-glass accounts">
            {(accounts) =>
              accounts.length === 0 ? (
                <Empty title="There is no break-glass account" command="sallyport break-glass create --help">
                  If the policies shut everybody out, or every administrator is away, getting back in needs the host.
                </Empty>
              ) : (
                <DataTable
                  caption="Break-glass accounts"
                  rows={accounts}
                  rowKey={({ id }) => id}
                  columns={[
                    {
                      key: 'login',
                      head: 'Account',
                      cell: ({ id, login }) => (
                        <Link to="/break-glass/$id" params={{ id }}>
                          {login}
                        </Link>
                      ),
                    },
                    { key: 'state', head: 'State', cell: ({ state }) => <StateWord state={state} /> },
                    {
                      key: 'keys',
                      head: 'Keys',
                      isNumeric: true,
                      cell: ({ keys }) => keys.filter(({ isUsable }) => isUsable).length,
                    },
                    { key: 'sealed', head: 'Sealed', cell: ({ sealedAt }) => <Instant at={sealedAt} as="relative" /> },
                    {
                      key: 'drill',
                      head: 'Last drill',
                      cell: ({ lastDrillAt }) =>
                        lastDrillAt === null ? 'never' : <Instant at={lastDrillAt} as="relative" />,
                    },
                    { key: 'todo', head: 'To do', cell: ({ todo }) => todo[0] ?? 'nothing' },
                  ]}
                />
              )
            }
          </QueryView>
        ) : (
          <p>Super admins alone see and keep these accounts.</p>
        )}
      </div>
      {isMaking && (
        <NewAccountForm
          onClose={() => setIsMaking(false)}
          onDone={(made) => {
            setIsMaking(false);
            setSealed(made);
            changed();
          }}
        />
      )}
      {sealed !== null && <SealedSecret sealed={sealed} onClose={() => setSealed(null)} />}
    </Page>
  );
};
