/** One time that a session was seen in a network, and what was decided there. */
export interface Sighting {
  readonly at: number;
  readonly address: string;
  readonly network: string;
  readonly what: 'began' | 'seen' | 'observed' | 'proved' | 'ended';
  /** The event that tells of it; null when the session's own record does. */
  readonly eventId: string | null;
}
export interface NetworkLane {
  readonly network: string;
  readonly addresses: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  /** Where something was decided; of plain sightings only the first and the last are kept. */
  readonly marks: readonly Pick<Sighting, 'at' | 'address' | 'what' | 'eventId'>[];
}

const MARKS_MAX = 40;
const ADDRESSES_MAX = 20;

/** One lane for each network that a session was seen in, in the order in which they appeared. */
export const networkLanes = (sightings: readonly Sighting[]): readonly NetworkLane[] => {
  const ordered = sightings.toSorted((a, b) => a.at - b.at);
  return [...Map.groupBy(ordered, ({ network }) => network)].map(([network, seen]) => {
    const first = seen[0] as Sighting;
    const last = seen.at(-1) as Sighting;
    return {
      network,
      addresses: [...new Set(seen.map(({ address }) => address))].slice(0, ADDRESSES_MAX),
      firstAt: first.at,
      lastAt: last.at,
      count: seen.length,
      marks: seen
        .filter((sighting) => sighting.what !== 'seen' || sighting === first || sighting === last)
        .slice(-MARKS_MAX)
        .map(({ at, address, what, eventId }) => ({ at, address, what, eventId })),
    };
  });
};
