import { NativeSelect } from '@mantine/core';
import type { GrantAnswer } from '@sallyport/client/answers';
import { useMe } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GrantTable } from '../../ui/grants/grant-table.tsx';
import { GRANTS } from '../../ui/grants/grant-words.ts';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';

/** Who has power for a while, and who had it? */
export const Grants = () => {
  const { search, set } = useUrlState();
  const me = useMe();
  const hasEnded = search['view'] === 'ended';
  const query = useList<GrantAnswer>(GRANTS, { whose: 'all', status: hasEnded ? 'ENDED' : 'OPEN' });
  return (
    <Page
      title="Access for a while"
      lead="What people were given from one moment to another. It ends by itself."
      command={<CliFor command={`sallyport grant list --all${hasEnded ? ' --ended' : ''}`} />}
    >
      <search className="sp-filters">
        <NativeSelect
          label="Show"
          data={[
            { value: 'open', label: 'what counts now, or will' },
            { value: 'ended', label: 'what has ended' },
          ]}
          value={hasEnded ? 'ended' : 'open'}
          onChange={({ currentTarget: { value } }) => set({ view: value === 'open' ? undefined : value })}
        />
      </search>
      <QueryView query={query} what="the grants">
        {(grants) =>
          grants.length > 0 ? (
            <div className="sp-stack">
              <GrantTable
                caption="Access for a while"
                grants={grants}
                isOwn={false}
                mayEnd={!hasEnded && me?.roles.some(({ type }) => type === 'SUPER_ADMIN') === true}
              />
              <More query={query} count={grants.length} what={grants.length === 1 ? 'grant' : 'grants'} />
            </div>
          ) : (
            <Empty title={hasEnded ? 'Nothing has ended yet' : 'Nobody has anything for a while'}>
              Here stands who has an admin role, a membership or an app until a certain moment, and why.
            </Empty>
          )
        }
      </QueryView>
    </Page>
  );
};
