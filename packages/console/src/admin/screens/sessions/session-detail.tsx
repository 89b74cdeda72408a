import './sessions.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Word } from '../../ui/word.tsx';
import { BoundTo } from './bound-to.tsx';
import { eventLink } from './log-links.ts';
import { NetworkChart } from './network-chart.tsx';
import { RevokeAllDialog } from './revoke-all-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import type { SessionDetail } from './session-types.ts';
import { endWords, isAlarming, MARK_WORDS } from './session-words.ts';
import { Timeline } from './timeline.tsx';

/** The story of one session: what it is bound to, where it was seen, what it did, how it ended. */
export const SessionDetailScreen = () => {
  const { id } = useParams({ strict: false }) as { readonly id: string };
  const query = useQuery({
    queryKey: ['sessions', 'one', id],
    queryFn: () => get<SessionDetail>(`/sallyport/v1/sessions/${encodeURIComponent(id)}`),
    refetchInterval: (q) => (q.state.data?.state === 'active' ? 30_000 : false),
  });
  const mayRevoke = useMay('okta.sessions.manage');
  const mayClear = useMay('okta.users.lifecycle.clearSessions');
  const [asking, setAsking] = useState<'one' | 'all' | null>(null);
  const session = query.data;
  return (
    <Page
      title={session === undefined ? 'Session' : `Session of ${session.user.name}`}
      lead={<Link to="/sessions">All sessions</Link>}
      tools={
        session !== undefined && (
          <>
            <JsonButton title={`Session ${session.id}`} value={session} />
            {mayClear && (
              <Button size="xs" variant="default" onClick={() => setAsking('all')}>
                Revoke all of this person…
              </Button>
            )}
            {mayRevoke && session.state === 'active' && (
              <Button size="xs" color="red" onClick={() => setAsking('one')}>
                Revoke…
              </Button>
            )}
          </>
        )
      }
      command={
        session !== undefined && (
          <CliFor
            command={`sallyport session ${mayRevoke && session.state === 'active' ? 'revoke' : 'show'} ${session.id}`}
          />
        )
      }
    >
      <QueryView query={query} what="the session" rows={8}>
        {(data) => <Story session={data} />}
      </QueryView>
      {session !== undefined && asking === 'one' && <RevokeDialog session={session} onClose={() => setAsking(null)} />}
      {session !== undefined && asking === 'all' && (
        <RevokeAllDialog user={session.user} onClose={() => setAsking(null)} />
      )}
    </Page>
  );
};

const Story = ({ session }: { readonly session: SessionDetail }) => (
  <div className="sp-stack">
    <Head session={session} />
    <BoundTo session={session} />
    <Networks session={session} />
    <Timeline session={session} />
    <Section
      title="Apps and command lines"
      lead="App sessions end with this one, and so does what it allowed a terminal."
    >
      {session.apps.length === 0 ? (
        <p>No app was opened in this session.</p>
      ) : (
        <DataTable
          caption="App sessions"
          rows={session.apps}
          rowKey={({ id }) => id}
          columns={[
            { key: 'app', head: 'App', cell: ({ app }) => app.label },
            { key: 'id', head: 'Id', cell: ({ id }) => <CopyId id={id} label="app session" /> },
            { key: 'started', head: 'Opened', cell: ({ createdAt }) => <Instant at={createdAt} /> },
            {
              key: 'seen',
              head: 'Last seen',
              cell: ({ lastActivityAt }) => <Instant at={lastActivityAt} as="relative" />,
            },
            {
              key: 'end',
              head: 'Ends',
              cell: ({ endedAt, endReason, endsAt }) =>
                endedAt === null ? (
                  <Instant at={endsAt} />
                ) : (
                  <span>
                    <Instant at={endedAt} /> · {endWords(endReason)}
                  </span>
                ),
            },
          ]}
        />
      )}
      {session.opened.map(({ id, createdAt, endedAt }) => (
        <p key={id}>
          Allowed a{' '}
          <Link to="/sessions/$id" params={{ id }}>
            command line
          </Link>{' '}
          at <Instant at={createdAt} />
          {endedAt === null ? (
            ', which lives'
          ) : (
            <>
              , ended <Instant at={endedAt} />
            </>
          )}
          .
        </p>
      ))}
    </Section>
  </div>
);

const Head = ({ session }: { readonly session: SessionDetail }) => {
  const { end, user } = session;
  return (
    <Section title="Who and until when">
      <dl className="sp-facts">
        <dt>State</dt>
        <dd>
          {end === null ? (
            <Word tone="good">active</Word>
          ) : (
            <>
              <Word tone={isAlarming(end.reason) ? 'bad' : 'quiet'}>ended</Word> <Instant at={end.at} /> ·{' '}
              {endWords(end.reason)}
            </>
          )}
        </dd>
        {end?.roaming != null && (
          <>
            <dt>Because</dt>
            <dd>
              It began in {end.roaming.from.network} ({end.roaming.from.address}) and was used from{' '}
              <strong>
                {end.roaming.to.network} ({end.roaming.to.address})
              </strong>
              . <a href={eventLink(end.roaming.eventId)}>Event</a>
            </dd>
            <dt>Owner’s answer</dt>
            <dd>
              {end.answer === null ? 'not given yet' : end.answer === 'me' ? '“That was me”' : '“That wasn’t me”'}
            </dd>
          </>
        )}
        <dt>Person</dt>
        <dd>
          <strong>{user.name}</strong> ({user.login}) ·{' '}
          <Link to="/sessions" search={{ userId: user.id } as never}>
            all their sessions
          </Link>
        </dd>
        <dt>Roles now</dt>
        <dd>{session.roles.length === 0 ? 'none' : session.roles.map(({ label }) => label).join(', ')}</dd>
        <dt>Signed in with</dt>
        <dd>
          <ul>
            {session.proofs.map(({ name, provedAt }) => (
              <li key={`${name} ${provedAt}`}>
                {name}, <Instant at={provedAt} />
              </li>
            ))}
          </ul>
        </dd>
        <dt>Device</dt>
        <dd>
          {session.device}
          {session.openedBySessionId !== null && (
            <>
              , allowed by{' '}
              <Link to="/sessions/$id" params={{ id: session.openedBySessionId }}>
                a browser’s session
              </Link>
            </>
          )}
        </dd>
        <dt>Started</dt>
        <dd>
          <Instant at={session.createdAt} />
        </dd>
        <dt>Last seen</dt>
        <dd>
          <Instant at={session.lastActivityAt} as="relative" />
        </dd>
        {end === null && (
          <>
            <dt>Ends if idle</dt>
            <dd>
              <Countdown until={session.idleEndsAt} />
            </dd>
            <dt>Ends at the latest</dt>
            <dd>
              <Countdown until={session.endsAt} />
            </dd>
          </>
        )}
        <dt>Id</dt>
        <dd>
          <CopyId id={session.id} label="session id" />
        </dd>
      </dl>
    </Section>
  );
};

const Networks = ({ session }: { readonly session: SessionDetail }) => (
  <Section
    title="Networks over time"
    lead={
      <>
        {session.counts.networks} {session.counts.networks === 1 ? 'network' : 'networks'}
        {session.exemptPasses > 0 && ` · ${session.exemptPasses} requests passed by the exempt zone`}
      </>
    }
  >
    {session.networks.length === 0 ? (
      <p>Nothing of this session is in the log any more.</p>
    ) : (
      <>
        <NetworkChart
          lanes={session.networks}
          from={session.createdAt}
          to={session.end?.at ?? session.lastActivityAt}
        />
        <DataTable
          caption="Networks that the session was seen in"
          rows={session.networks}
          rowKey={({ network }) => network}
          columns={[
            { key: 'network', head: 'Network', cell: ({ network }) => network },
            {
              key: 'addresses',
              head: 'Addresses',
              cell: ({ addresses }) => (
                <ul>
                  {addresses.map((address) => (
                    <li key={address}>
                      <Link to="/sessions" search={{ q: address } as never} className="sp-address">
                        {address}
                      </Link>
                    </li>
                  ))}
                </ul>
              ),
            },
            { key: 'first', head: 'First seen', cell: ({ firstAt }) => <Instant at={firstAt} /> },
            { key: 'last', head: 'Last seen', cell: ({ lastAt }) => <Instant at={lastAt} /> },
            {
              key: 'marks',
              head: 'What happened',
              cell: ({ marks }) => (
                <ul className="sp-marks">
                  {marks
                    .filter(({ what }) => what !== 'seen')
                    .map(({ at, what, eventId, address }) => (
                      <li key={`${at} ${what} ${address}`}>
                        <Word tone={MARK_WORDS[what].tone}>{MARK_WORDS[what].word}</Word> <Instant at={at} />
                        {eventId !== null && (
                          <>
                            {' '}
                            <a href={eventLink(eventId)}>Event</a>
                          </>
                        )}
                      </li>
                    ))}
                  {marks.every(({ what }) => what === 'seen') && <li>seen, nothing decided</li>}
                </ul>
              ),
            },
          ]}
        />
      </>
    )}
  </Section>
);
