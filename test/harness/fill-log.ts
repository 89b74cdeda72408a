import { randomUUID } from 'node:crypto';
import { parseAddress } from '@sallyport/decide/address/parse-address';
import { EVENT_TYPES, type EventType } from '@sallyport/model/event-types';
import type { LogEvent } from '@sallyport/model/log-event';
import { NOWHERE } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { Services } from '../../packages/server/src/services.ts';
import { chainHead, eventRow } from '../../packages/server/src/system-log/append-events.ts';
import { buildEvent } from '../../packages/server/src/system-log/build-event.ts';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const PEOPLE = 400;
const ROWS_PER_STATEMENT = 100;
const ROWS_PER_TRANSACTION = 5_000;
const ROAMING_EVERY = 5_000;
const USUAL: readonly EventType[] = [
  'user.session.start',
  'user.authentication.auth_via_mfa',
  'policy.evaluate_sign_on',
  'user.session.access_admin_app',
  'group.user_membership.add',
  'user.session.end',
];

/** The same log every time: a number that looks like chance, made of the event's own (multiplicative hashing). */
const scatter = (i: number, salt: number): number =>
  Math.imul(Math.imul(i + salt, 0x9e3779b1) ^ (i >>> 7), 0x85ebca6b) >>> 8;

const contextOf = (person: number, requestId: string): RequestContext => {
  const ip = `198.51.100.${person % 250}`;
  const address = parseAddress(ip);
  if (address === null) throw new Error(`${ip} is no address`);
  return {
    requestId,
    client: {
      kind: 'known',
      address,
      chain: [{ ip, version: 'V4', source: 'peer' }],
      ignoredHeaderIsPresent: false,
    },
    network: { kind: 'asn', asn: 64496 + (person % 7), organisation: `Example ISP ${person % 7}` },
    place: { ...NOWHERE, country: ['Norway', 'Chile', 'Kenya'][person % 3] ?? null },
    userAgent: AGENT,
    method: 'POST',
    path: '/api/v1/authn',
    isBackground: false,
  };
};

const eventOf = (i: number, at: number): LogEvent => {
  const person = scatter(i, 1) % PEOPLE;
  const eventType: EventType =
    i % ROAMING_EVERY === 0
      ? 'security.session.detect_client_roaming'
      : (USUAL[scatter(i, 2) % USUAL.length] ?? 'user.session.start');
  const name = `person${person}`;
  const actor = {
    id: `00u${String(person).padStart(17, '0')}`,
    type: 'User',
    alternateId: `${name}@example.org`,
    displayName: `Person ${person}`,
    detailEntry: null,
  };
  const isFailure = scatter(i, 3) % 20 === 0;
  return buildEvent(
    {
      eventType,
      outcome: isFailure ? { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' } : { result: 'SUCCESS' },
      target: [{ ...actor }],
      externalSessionId: `102${String(Math.floor(i / 12)).padStart(17, '0')}`,
      displayMessage: EVENT_TYPES[eventType].message,
    },
    contextOf(person, randomUUID()),
    actor,
    'null',
    at,
    randomUUID(),
  );
};

/** The same rows, chain included, as the server itself writes. */
const rowOf = (event: LogEvent, node: string, seq: number, previousHash: string) =>
  eventRow(event, Date.parse(event.published), { node, seq, previousHash }, () => randomUUID().slice(0, 22));

const appendMany = (s: Services, from: number, to: number, instantOf: (i: number) => number): Promise<void> =>
  s.store.transaction(async (tx) => {
    let { seq, hash, publishedAt } = await chainHead(tx, s.node);
    if (seq === 0) await tx.insertInto('chainHeads').values({ node: s.node, seq, hash, publishedAt }).execute();
    for (let start = from; start < to; start += ROWS_PER_STATEMENT) {
      const rows: ReturnType<typeof rowOf>[] = [];
      for (let i = start; i < Math.min(to, start + ROWS_PER_STATEMENT); i += 1) {
        publishedAt = Math.max(publishedAt, instantOf(i));
        seq += 1;
        const row = rowOf(eventOf(i, publishedAt), s.node, seq, hash);
        hash = row.hash;
        rows.push(row);
      }
      await tx.insertInto('events').values(rows).execute();
    }
    await tx.updateTable('chainHeads').set({ seq, hash, publishedAt }).where('node', '=', s.node).execute();
  });

/** Fills the log with a believable week that ends now. */
export const fillLog = async (s: Services, count: number, days = 7): Promise<void> => {
  const until = s.clock.now();
  const spanMs = days * 86_400_000;
  const instantOf = (i: number): number => Math.floor(until - spanMs + (spanMs * i) / count);
  for (let from = 0; from < count; from += ROWS_PER_TRANSACTION)
    await appendMany(s, from, Math.min(count, from + ROWS_PER_TRANSACTION), instantOf);
};
