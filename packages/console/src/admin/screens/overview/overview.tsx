import './overview.css';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMe } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Partial } from '../../ui/states.tsx';
import { Findings } from './findings.tsx';
import { HoursBars } from './hours-bars.tsx';
import { type OverviewAnswer, overviewQuery } from './overview-answer.ts';

/** A number and what it counts; a link to the list that is that long. */
const Tile = ({
  n,
  what,
  href,
  children,
}: {
  readonly n: number;
  readonly what: string;
  readonly href: string;
  readonly children?: ReactNode;
}) => (
  <li className="sp-tile">
    <GoTo href={href}>
      <span className="sp-tile-number">{n.toLocaleString()}</span> <span className="sp-tile-what">{what}</span>
    </GoTo>
    {children}
  </li>
);

const PART_WORDS: Readonly<Record<string, string>> = {
  people: 'administrators',
  sessions: 'sessions',
  activity: 'what happened in the last 24 hours',
  tokens: 'API tokens',
  binding: 'session binding',
  log: 'the state of the System Log',
  network: 'network data and proxies',
};

const dayBefore = (at: string): string => new Date(Date.parse(at) - 86_400_000).toISOString();
const logHref = (filter: string, at: string): string =>
  `/log?${new URLSearchParams({ filter, since: dayBefore(at), until: at }).toString()}`;

const People = ({ people }: { readonly people: NonNullable<OverviewAnswer['parts']['people']> }) => (
  <Section title="Who is admin right now">
    <ul className="sp-tiles">
      <Tile n={people.admins} what="hold an admin role all the time" href="/admins" />
      <Tile n={people.superAdmins} what="hold super admin" href="/admins?role=SUPER_ADMIN" />
      <Tile
        n={people.superAdminsAble}
        what={people.superAdminsAble === 1 ? 'super admin able to sign in' : 'super admins able to sign in'}
        href="/ways-in"
      >
        {people.askersAble > 0 && <p className="sp-tile-note">and {people.askersAble} of those who may ask for it</p>}
      </Tile>
      <Tile n={people.ableToSignIn} what="active, with a device-bound key" href="/admins?show=able" />
      <Tile n={people.withOneKey} what="with one key only" href="/admins?show=one-key" />
      <Tile n={people.withoutKey} what="without a device-bound key" href="/admins?show=no-key" />
      <Tile n={people.neverSignedIn} what="never signed in" href="/admins?show=never" />
      {people.serviceAccounts > 0 && (
        <Tile
          n={people.serviceAccounts}
          what={people.serviceAccounts === 1 ? 'service account' : 'service accounts'}
          href="/admins?show=service-account"
        />
      )}
      {people.breakGlass.length > 0 && (
        <Tile
          n={people.breakGlass.length}
          what={people.breakGlass.length === 1 ? 'break-glass account' : 'break-glass accounts'}
          href="/break-glass"
        >
          {people.breakGlass.map(({ id, lastUsedAt, lastDrillAt }) => (
            <p key={id} className="sp-tile-note">
              last used {lastUsedAt === null ? 'never' : <Instant at={lastUsedAt} as="relative" />}, last tested{' '}
              {lastDrillAt === null ? 'never' : <Instant at={lastDrillAt} as="relative" />}
            </p>
          ))}
        </Tile>
      )}
    </ul>
  </Section>
);

const Activity = ({ parts, at }: Pick<OverviewAnswer, 'parts' | 'at'>) => (
  <Section title="Sessions">
    <ul className="sp-tiles">
      {parts.sessions !== null && (
        <Tile
          n={parts.sessions.active}
          what={
            parts.sessions.people === 1 ? 'active now, of one person' : `active now, of ${parts.sessions.people} people`
          }
          href="/sessions"
        />
      )}
      {parts.activity !== null && (
        <>
          <Tile
            n={parts.activity.endedByBinding.reduce((sum, n) => sum + n, 0)}
            what="ended by binding in 24 h"
            href={logHref(parts.activity.filters.endedByBinding, at)}
          >
            {parts.activity.endedByBinding.some((n) => n > 0) && (
              <HoursBars hours={parts.activity.endedByBinding} what="sessions ended by binding" />
            )}
          </Tile>
          <Tile
            n={parts.activity.deniedSignIns}
            what="denied sign-ins in 24 h"
            href={logHref(parts.activity.filters.deniedSignIns, at)}
          />
        </>
      )}
    </ul>
  </Section>
);

const Tokens = ({ tokens }: { readonly tokens: NonNullable<OverviewAnswer['parts']['tokens']> }) => (
  <Section title="API tokens">
    <ul className="sp-tiles">
      <Tile n={tokens.active} what="work now" href="/tokens" />
      <Tile n={tokens.anywhere} what="usable from anywhere" href="/tokens?show=anywhere" />
      <Tile n={tokens.unused} what="unused for 30 days" href="/tokens?show=unused" />
      <Tile n={tokens.expiring} what="expire within 7 days" href="/tokens?show=expiring" />
    </ul>
  </Section>
);

const Protection = ({ parts }: Pick<OverviewAnswer, 'parts'>) => {
  const { binding, log, network } = parts;
  return (
    <Section title="Protection">
      <dl className="sp-facts">
        {binding !== null && (
          <>
            <dt>Session binding</dt>
            <dd>
              <GoTo href="/settings/session-protection">{binding.words}</GoTo>
              <br />
              <span className="sp-quiet">
                Had both been enforced for {binding.report.days} days: {binding.report.people}{' '}
                {binding.report.people === 1 ? 'person' : 'people'} and {binding.report.sessions}{' '}
                {binding.report.sessions === 1 ? 'session' : 'sessions'} would have been ended
              </span>
            </dd>
          </>
        )}
        {log !== null && (
          <>
            <dt>System Log chain</dt>
            <dd>
              Last checkpoint <Instant at={log.lastCheckpointAt} as="relative" />
              <br />
              <span className="sp-quiet">
                {log.isCheckpointFileConfigured ? (
                  <>
                    Outside of this host <Instant at={log.lastOutsideAt} as="relative" />; {log.uncoveredEvents} events
                    since then
                  </>
                ) : (
                  `Nothing leaves this host; ${log.uncoveredEvents} events are covered by nothing outside`
                )}
              </span>
            </dd>
            <dt>Waiting to leave</dt>
            <dd>
              {log.outbox.waiting === 0 && log.outbox.dead === 0
                ? 'nothing'
                : `${log.outbox.waiting} waiting, ${log.outbox.failing} failing, ${log.outbox.dead} given up`}
            </dd>
          </>
        )}
        {network !== null && (
          <>
            <dt>Network data</dt>
            <dd>
              <ul>
                {network.sources.map(({ source, dataAt }) => (
                  <li key={source}>
                    {source}, <Instant at={dataAt} as="relative" none="of unknown age" />
                  </li>
                ))}
              </ul>
            </dd>
            <dt>Trusted proxies</dt>
            <dd>
              {network.trustedProxies === 0
                ? 'none: every address is that of the connection'
                : `${network.trustedProxies} ${network.trustedProxies === 1 ? 'range' : 'ranges'}, read from ${network.clientHeader}`}
              <br />
              <span className="sp-quiet">
                Headers not read since the start: {network.untrustedHeaders} from strangers, {network.ignoredHeaders} of
                another name
              </span>
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
};

const OverviewOfAdmins = () => {
  const query = useQuery(overviewQuery);
  return (
    <Page
      title="Overview"
      lead="Who is admin right now, and what is wrong right now."
      tools={
        query.data !== undefined && (
          <span className="sp-quiet">
            As of <Instant at={query.data.at} />
          </span>
        )
      }
      command={<CliFor command="sallyport api GET /sallyport/v1/overview" />}
    >
      <QueryView query={query} what="the overview" rows={8}>
        {({ findings, missing, parts, at }) => (
          <div className="sp-stack">
            <Section title="Wrong right now">
              <Findings findings={findings} at={at} />
              {missing.length > 0 && (
                <Partial>
                  Your role does not show {missing.map(({ part }) => PART_WORDS[part] ?? part).join(', ')}. What is
                  wrong there is not judged here.
                </Partial>
              )}
            </Section>
            {parts.people !== null && <People people={parts.people} />}
            {(parts.sessions !== null || parts.activity !== null) && <Activity parts={parts} at={at} />}
            {parts.tokens !== null && <Tokens tokens={parts.tokens} />}
            {(parts.binding !== null || parts.log !== null || parts.network !== null) && <Protection parts={parts} />}
          </div>
        )}
      </QueryView>
    </Page>
  );
};

/** Who is admin right now, and what is wrong right now. Whoever holds no admin role begins with what they have and may ask for. */
export const Overview = () => {
  const me = useMe();
  if (me !== null && me.permissions.length === 0) return <Navigate to={'/me/access' as '/'} replace />;
  return <OverviewOfAdmins />;
};
