import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { EmptyByFilter } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { usageWords, ZONES, type Zone } from './zone-answer.ts';
import { contentLines } from './zone-draft.ts';
import { ZoneForm } from './zone-form.tsx';

/** What is in the zone, in one line. */
const holdsWords = (zone: Zone): string =>
  contentLines(zone)
    .map(({ label, items }) =>
      zone.type === 'IP'
        ? `${items.length} ${label === 'Addresses' ? (items.length === 1 ? 'address' : 'addresses') : label.toLowerCase()}`
        : `${label.startsWith('But not') ? 'not ' : ''}${items.length > SHOWN_MAX ? `${items.slice(0, SHOWN_MAX).join(', ')} and ${items.length - SHOWN_MAX} more` : items.join(', ')}`,
    )
    .join('; ') || 'nothing yet';
const SHOWN_MAX = 3;

/** Where may they come from? */
export const Zones = () => {
  const { search, set } = useUrlState();
  const { q } = search;
  const navigate = useNavigate();
  const client = useQueryClient();
  const mayManage = useMay('okta.networkZones.manage');
  const [isMaking, setIsMaking] = useState(false);
  const query = useList<Zone>(ZONES, q === undefined ? {} : { filter: `name eq ${JSON.stringify(q)}` });
  const open = (id: string): void => void navigate({ to: '/zones/$id' as '/', params: { id } as never });
  return (
    <Page
      title="Network zones"
      lead="Names for addresses: rules and tokens speak of them, blocklists refuse them."
      tools={
        <>
          <GoTo href="/ip-test" isOnlyLink>
            Test an address
          </GoTo>
          {mayManage && (
            <ProtectedButton action="zone.create" onClick={() => setIsMaking(true)}>
              New zone…
            </ProtectedButton>
          )}
        </>
      }
      command={<CliFor command="sallyport zone list" />}
    >
      <FilterChips
        chips={q === undefined ? [] : [{ key: 'q', text: `name: ${q}` }]}
        onRemove={() => set({ q: undefined })}
      />
      <QueryView query={query} what="the network zones">
        {(zones) =>
          zones.length === 0 ? (
            <EmptyByFilter what="zones" filters={[`name: ${q ?? ''}`]} onClear={() => set({ q: undefined })} />
          ) : (
            <div className="sp-stack">
              <DataTable
                caption="Network zones"
                rows={zones}
                rowKey={({ id }) => id}
                onOpen={({ id }) => open(id)}
                columns={[
                  {
                    key: 'name',
                    head: 'Zone',
                    cell: ({ id, name, system }) => (
                      <span>
                        <Link to={'/zones/$id' as '/'} params={{ id } as never}>
                          {name}
                        </Link>
                        {system && <span className="sp-quiet"> built in</span>}
                      </span>
                    ),
                  },
                  { key: 'usage', head: 'Does', cell: (zone) => usageWords(zone) },
                  {
                    key: 'status',
                    head: 'Status',
                    cell: ({ status }) => (
                      <Word tone={status === 'ACTIVE' ? 'good' : 'quiet'}>{status.toLowerCase()}</Word>
                    ),
                  },
                  {
                    key: 'entries',
                    head: 'Holds',
                    cell: (zone) => (
                      <>
                        {holdsWords(zone)}
                        {zone.sallyport !== undefined && (
                          <>
                            {' '}
                            <Word tone="warn">no data for all of it</Word>
                          </>
                        )}
                      </>
                    ),
                  },
                  {
                    key: 'updated',
                    head: 'Changed',
                    isNumeric: true,
                    cell: ({ lastUpdated }) => <Instant at={lastUpdated} as="relative" />,
                  },
                ]}
              />
              <More query={query} count={zones.length} what={zones.length === 1 ? 'zone' : 'zones'} />
            </div>
          )
        }
      </QueryView>
      {isMaking && (
        <ZoneForm
          zone={null}
          protectedAction="zone.create"
          onClose={() => setIsMaking(false)}
          onDone={({ id, name }) => {
            setIsMaking(false);
            toast(`${name} is in force.`);
            void client.invalidateQueries({ queryKey: [ZONES] });
            open(id);
          }}
        />
      )}
    </Page>
  );
};
