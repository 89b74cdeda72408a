/** What helps whoever decides: what would be gained, what less could be asked for, and who it is that asks. */
import { matchCondition } from '@sallyport/decide/requests/judge-asking';
import type { Entitlement } from '@sallyport/model/grant';
import { toIso } from '@sallyport/model/instant';
import { factOf, type Permission } from '@sallyport/model/permissions';
import type { Transaction } from '../ports/store.ts';
import { rightsGivenBy, standingRights } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import { describeSession } from '../sessions/describe-session.ts';
import { namesOf } from './entitlements.ts';
import { activeConditions } from './read-conditions.ts';
import type { RequestRow } from './store.ts';

const DAYS = 90;
const SMALLER_MAX = 3;

/** The permissions that something gives, of things that this server has. An app gives none. */
const permissionsOf = async (db: Transaction, { kind, id }: Entitlement): Promise<readonly Permission[]> =>
  kind === 'app'
    ? []
    : [...(await rightsGivenBy(db, kind, id)).permissions].filter((one) => factOf(one).on !== 'nothing');

/** What the same person may ask for too that gives some of these permissions, fewer, and no other: the smallest first. */
const smallerThan = async (db: Transaction, row: RequestRow, permissions: readonly Permission[]) => {
  if (permissions.length < 2) return [];
  const wanted = new Set<Permission>(permissions);
  const groups = await db
    .selectFrom('groupMembers')
    .select('groupId')
    .where('userId', '=', row.beneficiaryId)
    .execute();
  const person = { groupIds: groups.map(({ groupId }) => groupId) };
  const askable = (await activeConditions(db))
    .filter((condition) => matchCondition(condition, person))
    .flatMap(({ entitlements }) => entitlements);
  const found: { readonly one: Entitlement; readonly count: number }[] = [];
  for (const one of new Map(askable.map((each) => [each.id, each])).values()) {
    const given = await permissionsOf(db, one);
    if (given.length > 0 && given.length < wanted.size && given.every((permission) => wanted.has(permission)))
      found.push({ one, count: given.length });
  }
  const names = await namesOf(
    db,
    found.map(({ one }) => one),
  );
  return found
    .toSorted((a, b) => a.count - b.count || (a.one.id < b.one.id ? -1 : 1))
    .slice(0, SMALLER_MAX)
    .map(({ one, count }) => ({ ...one, name: names.get(one.id) ?? one.id, permissions: count }));
};

/** What it would give, beside what the person holds anyway, and what less could be asked for. */
export const gainsOf = async (db: Transaction, row: RequestRow) => {
  const entitlement = { kind: row.kind, id: row.entitlementId };
  const given = row.kind === 'app' ? null : await rightsGivenBy(db, row.kind, row.entitlementId);
  const permissions = await permissionsOf(db, entitlement);
  const held = permissions.length === 0 ? null : await standingRights(db, row.beneficiaryId);
  return {
    roles: [...new Set((given?.grants ?? []).map(({ source }) => source.label))].toSorted(),
    permissions: permissions.toSorted().map((name) => {
      const { words, isSensitive = false } = factOf(name);
      return { name, words, isSensitive, isHeld: held?.permissions.has(name) ?? false };
    }),
    smaller: await smallerThan(db, row, permissions),
  };
};

/** How often whoever asked did so in the last 90 days, and what came of it. */
const pastOf = async (db: Transaction, requesterId: string, now: number) => {
  const rows = await db
    .selectFrom('requests')
    .select((e) => ['outcome', 'grantStatus', e.fn.countAll<number>().as('count')])
    .where('requesterId', '=', requesterId)
    .where('createdAt', '>=', now - DAYS * 86_400_000)
    .groupBy(['outcome', 'grantStatus'])
    .execute();
  const count = (isOne: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(isOne).reduce((sum, row) => sum + Number(row.count), 0);
  return {
    days: DAYS,
    asked: count(() => true),
    approved: count(({ outcome }) => outcome === 'APPROVED'),
    denied: count(({ outcome }) => outcome === 'DENIED'),
    given: count(({ grantStatus }) => grantStatus === 'GRANTED'),
  };
};

/** The youngest live session of whoever asked: from where, on what, with which key. Null where there is none. */
const sessionOf = async (s: Services, requesterId: string, now: number) => {
  const row = await s.store.read
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', requesterId)
    .where('endedAt', 'is', null)
    .where('endsAt', '>', now)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  if (row === undefined) return null;
  const { device, network, place, authenticator } = describeSession(s, row, null, false);
  return { device, network: network.name, place, authenticator, since: toIso(Number(row.createdAt)) };
};

/** Who asks. From where they do is told only to whoever decides on it, and to themself. */
export const aboutRequester = async (s: Services, row: RequestRow, maySeeSession: boolean) => {
  const now = s.clock.now();
  return {
    past: await pastOf(s.store.read, row.requesterId, now),
    session: maySeeSession ? await sessionOf(s, row.requesterId, now) : null,
  };
};
