import { Button, Textarea, TextInput } from '@mantine/core';
import type { JudgedZoneAnswer, NetworkTestAnswer as NetworkTest } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, withQuery } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { type Tone, Word } from '../../ui/word.tsx';
import { usageWords, type Zone } from './zone-answer.ts';
import { serviceWords } from './zone-draft.ts';

const ROLES: Readonly<Record<string, readonly [Tone, string]>> = {
  client: ['good', 'the client'],
  proxy: ['info', 'trusted proxy'],
  unread: ['quiet', 'not read'],
  unreadable: ['bad', 'unreadable'],
};

const Hops = ({ test }: { readonly test: NetworkTest }) =>
  test.forwarded === null ? null : (
    <Section
      title="Which hop counts"
      lead={`From the connection outwards, at the bottom, a hop is believed as long as the one before it is a trusted proxy: ${test.trustedProxies.join(', ') || 'none is trusted'}.`}
    >
      <DataTable
        caption={`Hops of ${test.forwarded.header}, the far end first`}
        rows={test.forwarded.hops.map((hop, place) => ({ ...hop, place: String(place) }))}
        rowKey={({ place }) => place}
        columns={[
          { key: 'hop', head: 'Hop', cell: ({ text }) => <code>{text}</code> },
          {
            key: 'role',
            head: 'Is',
            cell: ({ role }) => <Word tone={ROLES[role]?.[0] ?? 'quiet'}>{ROLES[role]?.[1] ?? role}</Word>,
          },
          { key: 'why', head: 'Why', cell: ({ why }) => why },
        ]}
      />
    </Section>
  );

const ANSWERS: Readonly<Record<JudgedZoneAnswer['answer'], readonly [Tone, string]>> = {
  in: ['good', 'in it'],
  out: ['quiet', 'not in it'],
  unknown: ['warn', 'not known'],
};

const ZonesOf = ({ zones }: { readonly zones: readonly JudgedZoneAnswer[] }) => (
  <Section title="Zones" lead="Every active zone. One of which it is not known lets nobody in, and blocks nobody.">
    {zones.length === 0 ? (
      <p>There is no active zone.</p>
    ) : (
      <DataTable
        caption="Active zones, and whether the address is in them"
        rows={zones}
        rowKey={({ id }) => id}
        columns={[
          { key: 'zone', head: 'Zone', cell: ({ id, name }) => <GoTo href={`/zones/${id}`}>{name}</GoTo> },
          { key: 'does', head: 'Does', cell: (zone) => usageWords(zone as Pick<Zone, 'name' | 'usage'>) },
          {
            key: 'answer',
            head: 'The address is',
            cell: ({ answer }) => <Word tone={ANSWERS[answer][0]}>{ANSWERS[answer][1]}</Word>,
          },
          { key: 'why', head: 'Why', cell: ({ why }) => why },
        ]}
      />
    )}
  </Section>
);

const Result = ({ test }: { readonly test: NetworkTest }) => {
  const { result } = test;
  if (result === null)
    return (
      <Section title="The client is unknown">
        <p>What cannot be made out is refused: no session holds from there, and nobody signs in.</p>
      </Section>
    );
  return (
    <Section title={result.address}>
      <dl className="sp-facts">
        <dt>Network</dt>
        <dd>{result.network}</dd>
        <dt>Country</dt>
        <dd>{result.place ?? (result.isLocal ? 'none: a private address' : 'unknown')}</dd>
        {result.regionCodes.length > 0 && (
          <>
            <dt>Region</dt>
            <dd>
              {[result.city, result.region].filter((name) => name !== null).join(', ')} ({result.regionCodes.join(', ')}
              )
            </dd>
          </>
        )}
        <dt>AS number</dt>
        <dd>{result.asn ?? (result.isLocal ? 'none: a private address' : 'unknown')}</dd>
        <dt>Services</dt>
        <dd>
          {result.services.length === 0 ? 'in no list' : result.services.map(serviceWords).join(', ')}
          {test.missingLists.length > 0 && (
            <span className="sp-quiet">; no data for {test.missingLists.map(serviceWords).join(', ')}</span>
          )}
        </dd>
        <dt>Requests from there</dt>
        <dd>
          {result.isBlocked ? (
            <>
              <Word tone="bad">are refused</Word> by{' '}
              <GoTo href={`/zones/${result.blockedBy?.id}`}>{result.blockedBy?.name}</GoTo>
            </>
          ) : result.isExempt ? (
            <Word tone="warn">are exempt from binding</Word>
          ) : (
            <Word tone="good">are held to binding and policies</Word>
          )}
        </dd>
        <dt>What came from there</dt>
        <dd>
          <GoTo href={`/log?${new URLSearchParams({ filter: `client.ipAddress eq "${result.address}"` }).toString()}`}>
            Events in the System Log
          </GoTo>
        </dd>
        <dt>Told by</dt>
        <dd>
          <ul>
            {test.sources.map(({ source, dataAt, problem }) => (
              <li key={source}>
                {source}, <Instant at={dataAt} as="relative" none="of unknown age" />
                {problem !== null && (
                  <>
                    {' '}
                    <Word tone="bad">the file is not read</Word> {problem}
                    {dataAt !== null && '; what was read of it before still counts'}
                  </>
                )}
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </Section>
  );
};

const cli = (address: string | undefined, via: string | undefined): string =>
  `sallyport zone test ${address ?? '127.0.0.1'}${via === undefined ? '' : ` --forwarded-for '${via.replaceAll("'", '')}'`}`;

/** What do you think this address is? */
export const IpTest = () => {
  const { search, set } = useUrlState();
  const { address, via } = search;
  const [typed, setTyped] = useState({ address: address ?? '', via: via ?? '' });
  const query = useQuery({
    queryKey: ['network-test', address, via],
    queryFn: () => get<NetworkTest>(withQuery('/sallyport/v1/network-test', { address, forwardedFor: via })),
  });
  return (
    <Page
      title="Address test"
      lead="What an address is to this server, and which hop of a forwarding header counts."
      command={<CliFor command={cli(address, via)} />}
    >
      <search className="sp-card">
        <form
          className="sp-form"
          onSubmit={(event) => {
            event.preventDefault();
            set({ address: typed.address.trim() || undefined, via: typed.via.trim() || undefined });
          }}
        >
          <TextInput
            data-search
            label="Address"
            description={
              typed.via.trim() === ''
                ? 'IPv4 or IPv6. Left empty: your own.'
                : 'Of the connection that brings the header. Left empty: that of yours.'
            }
            value={typed.address}
            maxLength={64}
            spellCheck={false}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setTyped((before) => ({ ...before, address: value }));
            }}
          />
          <Textarea
            label="Forwarding header, as the proxy wrote it"
            value={typed.via}
            maxLength={4096}
            spellCheck={false}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setTyped((before) => ({ ...before, via: value }));
            }}
          />
          <Button type="submit">Test</Button>
        </form>
      </search>
      <QueryView query={query} what="the answer">
        {(test) => (
          <div className="sp-stack">
            <Result test={test} />
            {test.result !== null && <ZonesOf zones={[...test.result.zones, ...test.result.otherZones]} />}
            <Hops test={test} />
          </div>
        )}
      </QueryView>
    </Page>
  );
};
