import { toIso } from '@sallyport/model/instant';
import type { Services } from '../services.ts';
import { describeNetwork } from '../sessions/describe-session.ts';
import type { Row } from '../store/tables.ts';

interface Person {
  readonly userId: string;
  readonly sessions: Set<string>;
  readonly networks: Set<string>;
  changes: number;
  lastAt: number;
}

/** A change of network by the names of today; of addresses inside one network there may be many. */
const moveWords = (s: Services, { fromAddress, toAddress, fromNetwork, toNetwork }: Row<'observations'>): string => {
  const from = describeNetwork(s, fromAddress).name;
  return fromNetwork === toNetwork ? `${from}, another address` : `${from} → ${describeNetwork(s, toAddress).name}`;
};

/** `GET …/report`: whose sessions would have ended had both bindings been enforced for the last days. */
export const reportSessionBinding = async (s: Services, days = 14) => {
  const since = s.clock.now() - days * 86_400_000;
  const rows = await s.store.read
    .selectFrom('observations')
    .selectAll()
    .where('observedAt', '>=', since)
    .orderBy('observedAt')
    .limit(10_000)
    .execute();
  const people = new Map<string, Person>();
  for (const row of rows) {
    const person = people.get(row.userId) ?? {
      userId: row.userId,
      sessions: new Set<string>(),
      networks: new Set<string>(),
      changes: 0,
      lastAt: 0,
    };
    person.changes += 1;
    person.lastAt = row.observedAt;
    person.sessions.add(row.sessionId);
    person.networks.add(moveWords(s, row));
    people.set(row.userId, person);
  }
  const sessions = new Set(rows.map((row) => row.sessionId)).size;
  const plural = (n: number, word: string, many: string): string => `${n} ${n === 1 ? word : many}`;
  const logins = new Map(
    (
      await s.store.read
        .selectFrom('users')
        .select(['id', 'login'])
        .where('id', 'in', [...people.keys(), ''])
        .execute()
    ).map((row) => [row.id, row.login]),
  );
  return {
    days,
    summary: `Had this been on for ${plural(days, 'day', 'days')}, ${plural(people.size, 'person', 'people')} and ${plural(sessions, 'session', 'sessions')} would have ended.`,
    people: people.size,
    sessions,
    rows: [...people.values()].map((person) => ({
      userId: person.userId,
      login: logins.get(person.userId) ?? 'unknown',
      sessions: person.sessions.size,
      networks: [...person.networks],
      changes: person.changes,
      lastAt: toIso(person.lastAt),
    })),
    observations: rows.map((row) => ({
      sessionId: row.sessionId,
      userId: row.userId,
      causes: row.causes.split(' '),
      observedAt: toIso(row.observedAt),
      mode: row.mode,
      from: { address: row.fromAddress, network: row.fromNetwork },
      to: { address: row.toAddress, network: row.toNetwork },
    })),
  };
};
