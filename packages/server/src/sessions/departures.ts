import type { MismatchCause } from '@sallyport/decide/sessions/bind-session';
import type { Departure } from '@sallyport/decide/sessions/describe-binding';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { describeNetwork } from './describe-session.ts';
import type { RoamingDetail } from './last-ended.ts';

type Observation = Pick<Row<'observations'>, 'sessionId' | 'causes' | 'toAddress' | 'observedAt'>;

/** What monitor mode saw of these sessions, in the order of time. */
export const observationsOf = async (
  s: Services,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Observation[]>> => {
  if (sessionIds.length === 0) return new Map();
  const rows = await s.store.read
    .selectFrom('observations')
    .select(['sessionId', 'causes', 'toAddress', 'observedAt'])
    .where('sessionId', 'in', sessionIds)
    .orderBy('observedAt')
    .execute();
  return Map.groupBy(rows, (row) => row.sessionId);
};

/** Both sides of the mismatch that ended a session; null when something else did. */
export const roamingOf = (row: Pick<Row<'sessions'>, 'endReason' | 'endDetail'>): RoamingDetail | null =>
  row.endReason === 'client-roaming' && row.endDetail !== null ? (JSON.parse(row.endDetail) as RoamingDetail) : null;

/** Everything that is known of a session elsewhere than where it began, in the order of time. */
export const departuresOf = (
  s: Services,
  row: Row<'sessions'>,
  observations: readonly Observation[],
): readonly Departure[] => {
  const roaming = roamingOf(row);
  return [
    ...observations.map(({ causes, toAddress, observedAt }) => ({
      at: observedAt,
      causes: causes.split(' ') as MismatchCause[],
      decision: 'observed' as const,
      address: toAddress,
      network: describeNetwork(s, toAddress).name,
    })),
    ...(row.provedAddress === null
      ? []
      : [
          {
            at: null,
            causes: ['ip' as const],
            decision: 'proved' as const,
            address: row.provedAddress,
            network: describeNetwork(s, row.provedAddress).name,
          },
        ]),
    ...(roaming === null
      ? []
      : [
          {
            at: row.endedAt,
            causes: roaming.causes ?? (['asn'] as const),
            decision: 'ended' as const,
            ...roaming.to,
          },
        ]),
  ];
};
