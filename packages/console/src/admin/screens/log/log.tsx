import { Button, Switch, useComputedColorScheme } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CallError } from '../../../browser/call.ts';
import './log.css';
import { CliFor } from '../../ui/copyable.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { Empty, EmptyByFilter, Failure, Loading, Partial } from '../../ui/states.tsx';
import { localWords } from '../../ui/time-words.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EventPanel } from './event-panel.tsx';
import { EventTable } from './event-table.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { FacetList } from './facet-list.tsx';
import { Histogram } from './histogram.tsx';
import { getEvents, getFacets, getHistogram, type LogEvent, type LogSearch } from './log-api.ts';
import { chipParams, instantsOf, type Range, rangeParams, readLogUrl } from './log-url.ts';
import { QueryBar } from './query-bar.tsx';
import { RangePicker } from './range-picker.tsx';
import { joinFilter, readQuery } from './read-query.ts';
import { SavedQueries } from './saved-queries.tsx';
import { SealBadge } from './seal-badge.tsx';
import { useTail } from './use-tail.ts';
import { ValuesDialog } from './value-actions.tsx';

const commandOf = ({ filter, q }: LogSearch, range: Range): string => {
  const parts = [
    filter === undefined ? null : `'${filter.replaceAll("'", "'\\''")}'`,
    q === undefined ? null : `--words '${q.replaceAll("'", "'\\''")}'`,
    range.kind === 'last' ? `--since ${range.seconds / 3600}h` : `--since ${range.since} --until ${range.until}`,
  ];
  return `sallyport log query ${parts.filter((part) => part !== null).join(' ')}`;
};

/** What happened? */
export const Log = () => {
  const { search: params, set } = useUrlState();
  const url = useMemo(() => readLogUrl(params), [params]);
  const scheme = useComputedColorScheme('light');
  // A range that ends now ends when it was asked, so that pages of one search belong together.
  const [askedAt, setAskedAt] = useState(() => Date.now());
  const search = useMemo<LogSearch>(
    () => ({
      ...instantsOf(url.range, askedAt),
      filter: joinFilter(url.filter, url.chips),
      q: url.q === '' ? undefined : url.q,
    }),
    [url, askedAt],
  );
  const [dialog, setDialog] = useState<'saved' | 'export' | { readonly values: LogEvent } | null>(null);
  const [open, setOpen] = useState<LogEvent | null>(null);
  const tail = useTail(search);

  const list = useInfiniteQuery({
    queryKey: ['log', 'events', search],
    queryFn: ({ pageParam }) => getEvents(search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const counts = useQuery({
    queryKey: ['log', 'histogram', search],
    queryFn: () => getHistogram(search),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    enabled: !list.isError,
  });
  const values = useQuery({
    queryKey: ['log', 'facets', search],
    queryFn: () => getFacets(search),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    enabled: !list.isError,
  });

  const listed = useMemo(() => list.data?.pages.flatMap(({ events }) => events) ?? [], [list.data]);
  const events = useMemo(() => {
    const seen = new Set(listed.map(({ uuid }) => uuid));
    return [...tail.shown.filter(({ uuid }) => !seen.has(uuid)), ...listed];
  }, [listed, tail.shown]);
  const searchedTo = list.data?.pages.at(-1)?.searchedTo ?? null;
  // What is rare is far back: the search goes on by itself until there is something to show, or somebody stops it.
  const [isStopped, setIsStopped] = useState(false);
  const isSearchingOn = list.hasNextPage && events.length === 0 && !isStopped && !list.isError;
  const { fetchNextPage, isFetching } = list;
  useEffect(() => {
    if (isSearchingOn && !isFetching) void fetchNextPage();
  }, [isSearchingOn, isFetching, fetchNextPage]);

  const ask = (changes: Readonly<Record<string, string | undefined>>): void => {
    setIsStopped(false);
    setAskedAt(Date.now());
    set(changes);
  };
  const addChip = (clause: string): void => ask(chipParams([...url.chips, clause]));
  const step = (by: 1 | -1): void => {
    const at = events.findIndex(({ uuid }) => uuid === open?.uuid);
    const to = events[at + by];
    if (to !== undefined) setOpen(to);
  };
  const focusedEvent = useRef<() => LogEvent | undefined>(() => undefined);
  focusedEvent.current = () => {
    const rows = [...document.querySelectorAll('[data-tail-list] tbody tr')];
    return events[rows.findIndex((row) => row.contains(document.activeElement))];
  };
  const { toggle } = tail;
  useShortcuts(
    useMemo(
      () => ({
        t: toggle,
        e: () => setDialog('export'),
        '.': () => {
          const event = focusedEvent.current();
          if (event !== undefined) setDialog({ values: event });
        },
      }),
      [toggle],
    ),
  );

  const typed = url.filter !== '' ? url.filter : url.q;
  const asked = [...(typed === '' ? [] : [typed]), ...url.chips];
  const isRefused = list.error instanceof CallError && list.error.status === 400;
  const beginsAt = counts.data?.logBeginsAt ?? null;
  const isBeforeLog =
    beginsAt !== null && url.range.kind === 'between' && Date.parse(search.since) < Date.parse(beginsAt);

  return (
    <Page
      title="System Log"
      lead="What happened, who did it, from where."
      tools={
        <>
          <SealBadge />
          <Switch label="Live (t)" checked={tail.isOn} onChange={tail.toggle} />
          <Button variant="default" onClick={() => setDialog('saved')}>
            Saved
          </Button>
          <Button variant="default" onClick={() => setDialog('export')} aria-keyshortcuts="e">
            Export
          </Button>
        </>
      }
      command={<CliFor command={commandOf(search, url.range)} />}
    >
      <section className="sp-card log-search" aria-label="Search">
        <QueryBar
          value={typed}
          error={list.error}
          onSearch={(text) => {
            const read = readQuery(text);
            if (read.kind === 'filter') ask({ q: undefined, filter: read.filter });
            else
              ask({
                filter: undefined,
                q: read.words === '' ? undefined : read.words,
                ...chipParams([...url.chips, ...read.chips]),
              });
          }}
        />
        <FilterChips
          chips={url.chips.map((chip) => ({ key: chip, text: chip }))}
          onRemove={(chip) => ask(chipParams(url.chips.filter((other) => other !== chip)))}
        />
        <RangePicker range={url.range} onChange={(range) => ask(rangeParams(range))} />
      </section>

      {counts.data !== undefined && !isRefused && (
        <Section
          title={`${counts.data.total.toLocaleString()}${counts.data.isPartial ? ' or more' : ''} ${counts.data.total === 1 ? 'event' : 'events'}`}
        >
          {counts.data.isPartial && (
            <Partial>
              Counted back to {localWords(Date.parse(counts.data.countedFrom), Date.now())}: the range holds more than
              can be counted at once. Take a shorter one for exact numbers.
            </Partial>
          )}
          {isBeforeLog && (
            <Partial>
              The log begins at {localWords(Date.parse(beginsAt), Date.now())}; what there is from then on is shown.
              Nothing is ever removed from it.
            </Partial>
          )}
          <Histogram
            answer={counts.data}
            scheme={scheme}
            onNarrow={(since, until) => ask(rangeParams({ kind: 'between', since, until }))}
          />
        </Section>
      )}

      <div className="log-tail" role="status" aria-live="polite">
        {tail.waiting > 0 && (
          <Button size="compact-md" onClick={tail.release}>
            {tail.waiting} new
          </Button>
        )}
        {tail.isOn && tail.waiting === 0 && <span className="sp-quiet">Live: new events appear by themselves.</span>}
        {tail.isIdle && (
          <>
            <span>Live stopped, for nobody was here for ten minutes.</span>
            <Button size="compact-sm" variant="default" onClick={tail.toggle}>
              Go on
            </Button>
          </>
        )}
        {tail.error !== null && <span>New events could not be asked for; trying again.</span>}
      </div>

      <div className="log-columns">
        <aside aria-label="Narrow by value">
          {values.data !== undefined && !isRefused && <FacetList facets={values.data} onChip={addChip} />}
        </aside>
        <div data-tail-list className={list.isPlaceholderData ? 'sp-refreshing' : undefined}>
          {list.isPending && <Loading what="events" rows={8} />}
          {isRefused ? (
            <Empty title="The expression is not complete">What is wrong stands under it; nothing was searched.</Empty>
          ) : (
            list.isError && (
              <Failure what="Couldn’t load events" error={list.error} onRetry={() => void list.refetch()} />
            )
          )}
          {isSearchingOn && (
            <div className="sp-state" role="status">
              <p>
                {searchedTo === null
                  ? 'Searching…'
                  : `Nothing so far; searched back to ${localWords(Date.parse(searchedTo), Date.now())}…`}
              </p>
              <Button variant="default" onClick={() => setIsStopped(true)}>
                Stop
              </Button>
            </div>
          )}
          {list.isSuccess &&
            events.length === 0 &&
            !isSearchingOn &&
            !isRefused &&
            (asked.length === 0 ? (
              <Empty title="No events in this time" command="sallyport log tail">
                The System Log has everything that was done, tried and refused. Take a longer range.
              </Empty>
            ) : (
              <EmptyByFilter
                what="events"
                filters={asked}
                onClear={() => ask({ q: undefined, filter: undefined, ...chipParams([]) })}
              />
            ))}
          {events.length > 0 && !isRefused && (
            <>
              <EventTable events={events} current={open?.uuid ?? null} onOpen={setOpen} />
              <p className="sp-actions log-more">
                {list.hasNextPage ? (
                  <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    Load older
                  </Button>
                ) : (
                  <span className="sp-quiet">That is all of this range.</span>
                )}
                <span className="sp-quiet">
                  {events.length} shown, as of {localWords(askedAt, Date.now())}
                  {searchedTo !== null && `, searched back to ${localWords(Date.parse(searchedTo), Date.now())}`}
                </span>
                <Button variant="subtle" size="compact-sm" onClick={() => setAskedAt(Date.now())}>
                  Refresh
                </Button>
              </p>
            </>
          )}
        </div>
      </div>

      <EventPanel event={open} onStep={step} onClose={() => setOpen(null)} />
      {dialog === 'export' && <ExportDialog search={search} onClose={() => setDialog(null)} />}
      {dialog === 'saved' && (
        <SavedQueries
          current={{
            ...(search.filter === undefined ? {} : { filter: search.filter }),
            ...(search.q === undefined ? {} : { q: search.q }),
            ...(url.range.kind === 'last'
              ? { lastSeconds: url.range.seconds }
              : { since: url.range.since, until: url.range.until }),
          }}
          onOpen={(query, range) => {
            setDialog(null);
            ask({ q: query.search.q, filter: query.search.filter, ...chipParams([]), ...rangeParams(range) });
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog !== null && typeof dialog === 'object' && (
        <ValuesDialog event={dialog.values} onChip={addChip} onClose={() => setDialog(null)} />
      )}
    </Page>
  );
};
