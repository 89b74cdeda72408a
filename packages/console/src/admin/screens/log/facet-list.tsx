import { Partial } from '../../ui/states.tsx';
import type { Facets } from './log-api.ts';
import { ValueActions } from './value-actions.tsx';

const TITLES: Readonly<Record<string, string>> = {
  eventType: 'Event type',
  'outcome.result': 'Outcome',
  severity: 'Severity',
  'actor.alternateId': 'Actor',
  'securityContext.asOrg': 'Network',
  'client.geographicalContext.country': 'Country',
  'client.ipAddress': 'Address',
};
const OPEN = new Set(['eventType', 'outcome.result', 'actor.alternateId']);

/** What the events found have in common, most frequent first. */
export const FacetList = ({
  facets,
  onChip,
}: {
  readonly facets: Facets;
  readonly onChip: (clause: string) => void;
}) => (
  <div className="log-facets">
    {facets.isPartial && (
      <Partial>Counted over the newest {facets.countedOver.toLocaleString()} of the events found.</Partial>
    )}
    {facets.facets
      .filter(({ values }) => values.length > 0)
      .map(({ field, values, distinct }) => (
        <details key={field} open={OPEN.has(field)}>
          <summary>{TITLES[field] ?? field}</summary>
          <ul>
            {values.map(({ value, count }) => (
              <li key={value}>
                <span className="log-facet-value" title={value}>
                  {value}
                </span>
                <span className="log-facet-count">{count.toLocaleString()}</span>
                <ValueActions field={field} value={value} onChip={onChip} />
              </li>
            ))}
          </ul>
          {distinct > values.length && <p className="sp-quiet">and {distinct - values.length} more</p>}
        </details>
      ))}
  </div>
);
