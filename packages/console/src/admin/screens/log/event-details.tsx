import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { get } from '../../api.ts';
import { CliFor, CopyId, CopyLine } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Failure } from '../../ui/states.tsx';
import { Word } from '../../ui/word.tsx';
import type { LogEvent, VerifiedEvent } from './log-api.ts';
import { FAMILY_TONES, familyOf, outcomeWords, severityTone, severityWords } from './outcome-words.ts';
import { clauseOf } from './read-query.ts';

const show = (value: unknown): string =>
  value === undefined || value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

/** What a change was: before and after, field by field; the same values are left out. */
const Changes = ({ event }: { readonly event: LogEvent }) =>
  (event.target ?? []).map((target) => {
    const { changeDetails } = target;
    if (changeDetails === undefined || changeDetails === null) return null;
    const { from, to } = changeDetails;
    const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
      (field) => show(from[field]) !== show(to[field]),
    );
    if (fields.length === 0) return null;
    return (
      <section key={target.id}>
        <h3>What changed in {target.displayName}</h3>
        <div className="sp-table-place">
          <table className="sp-table">
            <caption className="sp-unseen">Before and after</caption>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field}>
                  <td data-label="Field">{field}</td>
                  <td data-label="Before">
                    <del>{show(from[field])}</del>
                  </td>
                  <td data-label="After">
                    <ins>{show(to[field])}</ins>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    );
  });

const Proof = ({ uuid }: { readonly uuid: string }) => {
  const verified = useQuery({
    queryKey: ['log', 'verify', uuid],
    queryFn: () => get<VerifiedEvent>(`/sallyport/v1/logs/${uuid}/verify`),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section aria-label="Proof">
      <Button variant="default" size="sm" loading={verified.isFetching} onClick={() => void verified.refetch()}>
        Verify this event
      </Button>
      <div role="status">
        {verified.data !== undefined && (
          <>
            <p>
              <Word tone={verified.data.ok ? 'good' : 'bad'}>
                {verified.data.ok ? 'It stands as it was written' : 'It does not hold'}
              </Word>{' '}
              <span className="sp-quiet">
                event {verified.data.seq} of node {verified.data.node}
              </span>
            </p>
            <ul className="log-steps">
              {verified.data.steps.map(({ what, isGood, sentence }) => (
                <li key={what}>
                  <Word tone={isGood ? 'good' : 'bad'}>{isGood ? 'Good' : 'Broken'}</Word> {sentence}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {verified.isError && (
        <Failure what="Couldn’t verify it" error={verified.error} onRetry={() => void verified.refetch()} />
      )}
    </section>
  );
};

interface Why {
  readonly sentences: readonly string[];
  /** Null: there was no decision. */
  readonly agrees: boolean | null;
}

const Reasons = ({ uuid }: { readonly uuid: string }) => {
  const why = useQuery({
    queryKey: ['log', 'why', uuid],
    queryFn: () => get<Why>(`/sallyport/v1/logs/${uuid}/why`),
    enabled: false,
    retry: false,
  });
  return (
    <section aria-label="Why">
      <Button variant="default" size="sm" loading={why.isFetching} onClick={() => void why.refetch()}>
        Why
      </Button>
      <div role="status">
        {why.data !== undefined && (
          <>
            <ul className="log-steps">
              {why.data.sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            {why.data.agrees !== null && (
              <p className="sp-quiet">
                {why.data.agrees
                  ? 'Computed again from the stored facts: the same verdict.'
                  : 'Computed again from the stored facts, today’s rules decide otherwise.'}
              </p>
            )}
          </>
        )}
      </div>
      {why.isError && <Failure what="Couldn’t compute it again" error={why.error} />}
    </section>
  );
};

const Fact = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </>
);

const searchFor = (clause: string): never => ({ filter: clause, last: '7776000' }) as never;

/** One event: its fields, what goes with it, whether it holds, and why it was so. */
export const EventDetails = ({ event }: { readonly event: LogEvent }) => {
  const { client, securityContext, outcome, authenticationContext, transaction } = event;
  const session = authenticationContext.externalSessionId;
  return (
    <div className="log-details">
      <dl className="sp-facts">
        <Fact label="Time">
          <Instant at={event.published} /> <span className="sp-quiet">{event.published}</span>
        </Fact>
        <Fact label="Event">
          <code>{event.eventType}</code>
        </Fact>
        <Fact label="Severity">
          <Word tone={severityTone(event.severity)}>{severityWords(event.severity)}</Word>
        </Fact>
        <Fact label="Outcome">
          <Word tone={FAMILY_TONES[familyOf(outcome.result)]}>{outcomeWords(outcome.result)}</Word> {outcome.reason}
        </Fact>
        <Fact label="Actor">
          {event.actor.displayName} <span className="sp-quiet">{event.actor.alternateId}</span>{' '}
          <CopyId id={event.actor.id} label="actor" />
        </Fact>
        {(event.target ?? []).map((target) => (
          <Fact key={`${target.type} ${target.id}`} label={target.type}>
            {target.displayName} <CopyId id={target.id} label={target.type} />
          </Fact>
        ))}
        <Fact label="From">
          {client.ipAddress === null ? (
            'the server itself'
          ) : (
            <>
              <code>{client.ipAddress}</code>{' '}
              {securityContext.asNumber !== null && `AS${securityContext.asNumber} ${securityContext.asOrg ?? ''}`}{' '}
              {client.geographicalContext !== null &&
                [client.geographicalContext.city, client.geographicalContext.state, client.geographicalContext.country]
                  .filter((name) => name !== null)
                  .join(', ')}
            </>
          )}
        </Fact>
        {client.userAgent !== null && (
          <Fact label="Browser">
            {client.userAgent.browser} on {client.userAgent.os}
          </Fact>
        )}
        {session !== null && (
          <Fact label="Session">
            <CopyId id={session} label="session" />{' '}
            <Link to="/log" search={searchFor(clauseOf('authenticationContext.externalSessionId', session))}>
              Same session
            </Link>
          </Fact>
        )}
        <Fact label="Transaction">
          <CopyId id={transaction.id} label="transaction" />{' '}
          <Link to="/log" search={searchFor(clauseOf('transaction.id', transaction.id))}>
            Same transaction
          </Link>
        </Fact>
        <Fact label="Id">
          <CopyId id={event.uuid} label="event" />
        </Fact>
        {Object.entries(event.debugContext.debugData)
          .filter(([key]) => key !== 'requestId' && key !== 'url')
          .map(([key, value]) => (
            <Fact key={key} label={key}>
              {value}
            </Fact>
          ))}
      </dl>
      <Changes event={event} />
      <Proof uuid={event.uuid} />
      <Reasons uuid={event.uuid} />
      {event.eventType === 'policy.evaluate_sign_on' && (
        <p>
          <GoTo href={`/what-if?event=${event.uuid}`}>What if it had been otherwise…</GoTo>
        </p>
      )}
      <details>
        <summary>Raw JSON</summary>
        <CopyLine text={JSON.stringify(event, null, 2)} label="JSON" />
      </details>
      <CliFor command={`sallyport log query 'uuid eq "${event.uuid}"' --json`} />
    </div>
  );
};
