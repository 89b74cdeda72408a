/** What helps whoever decides: what would be gained, what less could be asked for, and who it is that asks. */
import { matchCondition } from '@sallyport/decide/requests/judge-asking';
import { wholePermissions } from '@sallyport/decide/roles/authorize';
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

interface Given {
  /** Of things that this server has. */
  readonly permissions: ReadonlySet<Permission>;
  /** Those of them that it gives over everything. */
  readonly whole: ReadonlySet<Permission>;
  readonly roles: readonly string[];
}

/** What something gives. An app gives none; to sign in as a service account gives what that holds. */
const givenOf = async (db: Transaction, { kind, id }: Entitlement): Promise<Given> => {
  if (kind === 'app') return { permissions: new Set(), whole: new Set(), roles: [] };
  const rights = await rightsGivenBy(db, kind, id);
  const ofHere = (some: ReadonlySet<Permission>) => new Set([...some].filter((one) => factOf(one).on !== 'nothing'));
  return {
    permissions: ofHere(rights.permissions),
    whole: ofHere(wholePermissions(rights)),
    roles: rights.grants.map(({ source }) => source.label),
  };
};

const isWithin = (some: ReadonlySet<Permission>, others: ReadonlySet<Permission>): boolean =>
  [...some].every((one) => others.has(one));

/**
 * What the same person may ask for too that gives some of these permissions, fewer, and no other, and over everything none
 * that this does not: the smallest first.
 */
const smallerThan = async (db: Transaction, row: RequestRow, wanted: Given) => {
  // Nobody becomes less of an account.
  if (wanted.permissions.size < 2 || row.kind === 'service-account') return [];
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
    const { permissions, whole } = await givenOf(db, one);
    const isSmaller = permissions.size > 0 && permissions.size < wanted.permissions.size;
    if (isSmaller && isWithin(permissions, wanted.permissions) && isWithin(whole, wanted.whole))
      found.push({ one, count: permissions.size });
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

/**
 * What it would give, beside what the person holds anyway, and what less could be asked for. Held anyway is only what is held
 * over everything: whoever holds it over five people would gain it over others.
 */
export const gainsOf = async (db: Transaction, row: RequestRow) => {
  const given = await givenOf(db, { kind: row.kind, id: row.entitlementId });
  const held =
    given.permissions.size === 0 || row.kind === 'service-account'
      ? new Set<Permission>()
      : wholePermissions(await standingRights(db, row.beneficiaryId));
  return {
    roles: [...new Set(given.roles)].toSorted(),
    permissions: [...given.permissions].toSorted().map((name) => {
      const { words, isSensitive = false } = factOf(name);
      return { name, words, isSensitive, isHeld: held.has(name) };
    }),
    smaller: await smallerThan(db, row, given),
  };
};

/** Of so many, the last ones, it is told what came of them; a program may ask more often than anybody counts. */
const PAST_MAX = 1000;
/** How often whoever asked did so in the last 90 days, and what came of it. */
const pastOf = async (db: Transaction, requesterId: string, now: number) => {
  const last = db
    .selectFrom('requests')
    .select(['outcome', 'grantStatus'])
    .where('requesterId', '=', requesterId)
    .where('createdAt', '>=', now - DAYS * 86_400_000)
    .orderBy('createdAt', 'desc')
    .limit(PAST_MAX);
  const rows = await db
    .selectFrom(last.as('last'))
    .select((e) => ['outcome', 'grantStatus', e.fn.countAll<number>().as('count')])
    .groupBy(['outcome', 'grantStatus'])
    .execute();
  const count = (isOne: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(isOne).reduce((sum, row) => sum + Number(row.count), 0);
  return {
    days: DAYS,
    asked: count(() => true),
    isMore: count(() => true) === PAST_MAX,
    approved: count(({ outcome }) => outcome === 'APPROVED'),
    denied: count(({ outcome }) => outcome === 'DENIED'),
    given: count(({ grantStatus }) => grantStatus === 'GRANTED'),
  };
};

/** The session that it was asked from: from where, on what, with which key. Null of a token, and once it is forgotten. */
const sessionOf = async (s: Services, id: string | null) => {
  if (id === null) return null;
  const row = await s.store.read.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const { device, network, place, authenticator } = describeSession(s, row, null, false);
  return { device, network: network.name, place, authenticator, since: toIso(Number(row.createdAt)) };
};

/** Who asks. From where they do is told only to whoever decides on it, and to themself. */
export const aboutRequester = async (s: Services, row: RequestRow, maySeeSession: boolean) => {
  const now = s.clock.now();
  return {
    past: await pastOf(s.store.read, row.requesterId, now),
    session: maySeeSession ? await sessionOf(s, row.askedSessionId) : null,
  };
};
