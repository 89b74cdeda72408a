import { Button } from '@mantine/core';
import { Dialog } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { LogEvent } from './log-api.ts';
import { clauseOf } from './read-query.ts';

/** What can be done with one value: look at it alone, look past it, take it along. */
export const ValueActions = ({
  field,
  value,
  onChip,
}: {
  readonly field: string;
  readonly value: string;
  readonly onChip: (clause: string) => void;
}) => (
  <span className="log-value-actions">
    <button type="button" aria-label={`Only ${value}`} onClick={() => onChip(clauseOf(field, value))}>
      only
    </button>
    <button type="button" aria-label={`Not ${value}`} onClick={() => onChip(clauseOf(field, value, true))}>
      not
    </button>
    <button
      type="button"
      aria-label={`Copy ${value}`}
      onClick={() =>
        navigator.clipboard.writeText(value).then(
          () => toast('Copied.'),
          () => toast('The browser did not allow copying.'),
        )
      }
    >
      copy
    </button>
  </span>
);

/** The values of an event that a search is narrowed by. */
export const valuesOf = (
  event: LogEvent,
): readonly { readonly field: string; readonly label: string; readonly value: string }[] =>
  [
    { field: 'eventType', label: 'Event type', value: event.eventType },
    { field: 'actor.alternateId', label: 'Actor', value: event.actor.alternateId },
    { field: 'target.id', label: 'Target', value: event.target?.[0]?.id ?? '' },
    { field: 'outcome.result', label: 'Outcome', value: event.outcome.result },
    { field: 'outcome.reason', label: 'Reason', value: event.outcome.reason ?? '' },
    { field: 'client.ipAddress', label: 'Address', value: event.client.ipAddress ?? '' },
    { field: 'securityContext.asNumber', label: 'ASN', value: String(event.securityContext.asNumber ?? '') },
    {
      field: 'client.geographicalContext.country',
      label: 'Country',
      value: event.client.geographicalContext?.country ?? '',
    },
    {
      field: 'authenticationContext.externalSessionId',
      label: 'Session',
      value: event.authenticationContext.externalSessionId ?? '',
    },
    { field: 'transaction.id', label: 'Transaction', value: event.transaction.id },
  ].filter(({ value }) => value !== '');

/** `.` on a row: the same for each of its values, by keyboard. */
export const ValuesDialog = ({
  event,
  onChip,
  onClose,
}: {
  readonly event: LogEvent;
  readonly onChip: (clause: string) => void;
  readonly onClose: () => void;
}) => (
  <Dialog title="Narrow by a value of this event" size="lg" onClose={onClose}>
    <dl className="sp-facts">
      {valuesOf(event).map(({ field, label, value }) => (
        <div key={field} className="log-value-row">
          <dt>{label}</dt>
          <dd>
            <code>{value}</code>{' '}
            <ValueActions
              field={field}
              value={value}
              onChip={(clause) => {
                onChip(clause);
                onClose();
              }}
            />
          </dd>
        </div>
      ))}
    </dl>
    <div className="sp-dialog-actions">
      <Button variant="default" onClick={onClose}>
        Close
      </Button>
    </div>
  </Dialog>
);
