import { Button, Textarea, TextInput } from '@mantine/core';
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

/** `GET /sallyport/v1/network-test`. */
interface NetworkTest {
  readonly result: {
    readonly address: string;
    readonly network: string;
    readonly place: string | null;
    readonly zones: readonly {
      readonly id: string;
      readonly name: string;
      readonly usage: string;
      readonly isExempt: boolean;
    }[];
    readonly isBlocked: boolean;
    readonly isExempt: boolean;
  } | null;
  readonly forwarded: {
    readonly header: string;
    readonly isKnown: boolean;
    readonly hops: readonly {
      readonly text: string;
      readonly role: 'client' | 'proxy' | 'unread' | 'unreadable';
      readonly why: string;
    }[];
  } | null;
  readonly own: string | null;
  readonly trustedProxies: readonly string[];
  readonly sources: readonly { readonly source: string; readonly dataAt: string | null }[];
}

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
        <dd>{result.place ?? 'unknown'}</dd>
        <dt>Zones</dt>
        <dd>
          {result.zones.length === 0
            ? 'none'
            : result.zones.map(({ id, name }, i) => (
                <span key={id}>
                  {i > 0 && ', '}
                  <GoTo href={`/zones/${id}`}>{name}</GoTo>
                </span>
              ))}
        </dd>
        <dt>Requests from there</dt>
        <dd>
          {result.isBlocked ? (
            <Word tone="bad">are refused: the address is blocked</Word>
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
            {test.sources.map(({ source, dataAt }) => (
              <li key={source}>
                {source}, <Instant at={dataAt} as="relative" none="of unknown age" />
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
            <Hops test={test} />
          </div>
        )}
      </QueryView>
    </Page>
  );
};
