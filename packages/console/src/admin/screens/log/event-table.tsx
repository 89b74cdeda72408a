import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Word } from '../../ui/word.tsx';
import type { LogEvent } from './log-api.ts';
import { FAMILY_TONES, familyOf, outcomeWords, severityTone, severityWords } from './outcome-words.ts';

const placeOf = ({ client, securityContext }: LogEvent): string =>
  [
    securityContext.asNumber === null ? null : `AS${securityContext.asNumber} ${securityContext.asOrg ?? ''}`.trim(),
    client.geographicalContext?.country ?? null,
  ]
    .filter((part) => part !== null)
    .join(' · ');

const COLUMNS = [
  { key: 'time', head: 'Time', cell: (event: LogEvent) => <Instant at={event.published} /> },
  {
    key: 'severity',
    head: 'Severity',
    cell: ({ severity }: LogEvent) => <Word tone={severityTone(severity)}>{severityWords(severity)}</Word>,
  },
  {
    key: 'event',
    head: 'Event',
    cell: (event: LogEvent) => (
      <>
        <span className="sp-strong">{event.displayMessage}</span>
        <code className="log-type">{event.eventType}</code>
      </>
    ),
  },
  {
    key: 'actor',
    head: 'Actor',
    cell: ({ actor }: LogEvent) => (
      <>
        {actor.displayName}
        {actor.alternateId !== actor.displayName && (
          <span className="log-login" title={actor.alternateId}>
            {actor.alternateId}
          </span>
        )}
      </>
    ),
  },
  {
    key: 'target',
    head: 'Target',
    cell: ({ target }: LogEvent) =>
      target === null ? (
        <span className="sp-quiet">none</span>
      ) : (
        `${target[0]?.displayName ?? ''}${target.length > 1 ? ` and ${target.length - 1} more` : ''}`
      ),
  },
  {
    key: 'outcome',
    head: 'Outcome',
    cell: ({ outcome }: LogEvent) => (
      <>
        <Word tone={FAMILY_TONES[familyOf(outcome.result)]}>{outcomeWords(outcome.result)}</Word>
        {outcome.reason !== null && <span className="log-reason">{outcome.reason}</span>}
      </>
    ),
  },
  {
    key: 'from',
    head: 'From',
    cell: (event: LogEvent) =>
      event.client.ipAddress === null ? (
        <span className="sp-quiet">the server</span>
      ) : (
        <>
          <code className="sp-nowrap">{event.client.ipAddress}</code>
          <span className="log-place">{placeOf(event)}</span>
        </>
      ),
  },
] as const;

/** The events found. */
export const EventTable = ({
  events,
  current,
  onOpen,
}: {
  readonly events: readonly LogEvent[];
  readonly current: string | null;
  readonly onOpen: (event: LogEvent) => void;
}) => (
  <DataTable
    caption="Events of the System Log, newest first"
    columns={COLUMNS}
    rows={events}
    rowKey={({ uuid }) => uuid}
    onOpen={onOpen}
    isCurrent={({ uuid }) => uuid === current}
  />
);
