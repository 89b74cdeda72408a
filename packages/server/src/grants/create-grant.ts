import { isGrantActive } from '@sallyport/decide/grants/is-grant-active';
import { ApiError, notFound } from '@sallyport/model/errors';
import { type Entitlement, GRANT_DAYS_MAX, type GrantGround } from '@sallyport/model/grant';
import type { Instant } from '@sallyport/model/instant';
import { makerOf, type Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { isBreakGlass } from '../break-glass/store.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { isHeldBy } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf, recordEvent } from '../system-log/record-event.ts';
import { tellOfGrant } from '../webhooks/tell-webhooks.ts';
import { grantsPrincipal } from './close-expired.ts';
import { endGrant, grantDebugData, grantTargets } from './end-grant.ts';
import { GRANT_EVENTS, MAINTENANCE_PRIVILEGE } from './grant-target.ts';

/**
 * By how much the power of a grant ends before its time where several nodes share a database: their clocks may differ by
 * so much, and an error is only ever towards ending early.
 */
export const CLOCKS_DIFFER_MS = 2000;
const DAY = 86_400_000;

export interface NewGrant {
  readonly userId: string;
  readonly entitlement: Entitlement;
  readonly startsAt: Instant;
  readonly expiresAt: Instant;
  readonly source: GrantGround;
  readonly reason: string;
}

/** The name of what can be given; E0000007 for what is not there. */
export const entitlementName = async (db: Transaction, { kind, id }: Entitlement): Promise<string> => {
  const found =
    kind === 'bundle'
      ? await db.selectFrom('bundles').select('name').where('id', '=', id).executeTakeFirst()
      : kind === 'group'
        ? await db.selectFrom('groups').select('name').where('id', '=', id).executeTakeFirst()
        : kind === 'service-account'
          ? await db.selectFrom('users').select('login as name').where('id', '=', id).executeTakeFirst()
          : await db.selectFrom('apps').select('label as name').where('id', '=', id).executeTakeFirst();
  if (found === undefined)
    throw notFound(
      id,
      { bundle: 'GovernanceBundle', group: 'UserGroup', app: 'AppInstance', 'service-account': 'User' }[kind],
    );
  return found.name;
};

/** An assignment with what narrows it, as a text: two that read alike give the same. */
const wordsOfAssignments = async (db: Transaction, rows: readonly Row<'roleAssignments'>[]): Promise<string[]> => {
  const targets = await db
    .selectFrom('roleTargets')
    .select(['assignmentId', 'selector'])
    .where('assignmentId', 'in', [...rows.map(({ id }) => id), ''])
    .execute();
  return rows.map(({ id, type, roleId, resourceSetId, scope }) => {
    const own = targets.filter(({ assignmentId }) => assignmentId === id).map(({ selector }) => selector);
    return [type, roleId, resourceSetId, scope, ...own.sort()].join(' ');
  });
};

/** Does somebody hold all that a bundle gives, by themselves and through groups? */
const holdsBundle = async (db: Transaction, userId: string, bundleId: string): Promise<boolean> => {
  const held = await db.selectFrom('roleAssignments').selectAll().where(isHeldBy(userId)).execute();
  const given = await db
    .selectFrom('roleAssignments')
    .selectAll()
    .where('principalKind', '=', 'bundle')
    .where('principalId', '=', bundleId)
    .execute();
  const whole = new Set(
    held
      .filter(({ scope }) => scope === 'EVERYTHING')
      .map(({ type, roleId, resourceSetId }) => `${type} ${roleId} ${resourceSetId}`),
  );
  const alike = new Set(await wordsOfAssignments(db, held));
  const words = await wordsOfAssignments(db, given);
  return given.every(
    ({ type, roleId, resourceSetId }, i) =>
      whole.has(`${type} ${roleId} ${resourceSetId}`) || alike.has(words[i] ?? ''),
  );
};

const holdsStanding = async (db: Transaction, userId: string, { kind, id }: Entitlement): Promise<boolean> => {
  if (kind === 'service-account') return false;
  if (kind === 'bundle') return holdsBundle(db, userId, id);
  const groups = db.selectFrom('groupMembers').select('groupId').where('userId', '=', userId);
  if (kind === 'group') return (await groups.where('groupId', '=', id).executeTakeFirst()) !== undefined;
  const assigned = await db
    .selectFrom('appAssignments')
    .select('principalId')
    .where('appId', '=', id)
    .where((e) =>
      e.or([
        e.and([e('kind', '=', 'user'), e('principalId', '=', userId)]),
        e.and([e('kind', '=', 'group'), e('principalId', 'in', groups)]),
      ]),
    )
    .executeTakeFirst();
  return assigned !== undefined;
};

/** The open grant of one thing to one person, of which there is at most one. */
const openGrantOf = (db: Transaction, userId: string, { kind, id }: Entitlement) =>
  db
    .selectFrom('grants')
    .selectAll()
    .where('userId', '=', userId)
    .where('kind', '=', kind)
    .where('entitlementId', '=', id)
    .where('endedAt', 'is', null)
    .executeTakeFirst();

/**
 * Why this cannot be given to this person now; null where it can. Asked before somebody writes a request, and once more
 * where the grant is made. Where one shall be made longer it is that one, and it must run. E0000007 for what is not there.
 */
export const whyNoGrant = async (
  db: Transaction,
  userId: string,
  entitlement: Entitlement,
  now: Instant,
  extendsGrantId: string | null = null,
): Promise<Reason | null> => {
  await entitlementName(db, entitlement);
  const user = await db
    .selectFrom('users')
    .select(['status', 'serviceAccountAt'])
    .where('id', '=', userId)
    .executeTakeFirst();
  if (user?.status !== 'ACTIVE') return 'user-inactive';
  const isOfMachine = entitlement.kind === 'service-account';
  if (isOfMachine && (user.serviceAccountAt === null || entitlement.id !== userId)) return 'not-a-service-account';
  if (!isOfMachine && user.serviceAccountAt !== null) return 'service-account';
  if (await isBreakGlass(db, userId)) return 'break-glass-own-routes';
  const open = await openGrantOf(db, userId, entitlement);
  if (extendsGrantId !== null) {
    if (open?.id !== extendsGrantId || !isGrantActive(open, now)) return 'grant-not-running';
  } else if (open !== undefined && (isGrantActive(open, now) || now < open.startsAt)) return 'grant-exists';
  return (await holdsStanding(db, userId, entitlement)) ? 'grant-held-standing' : null;
};

/** E0000090 with the reason. */
const refused = (reason: Reason): ApiError =>
  new ApiError('E0000090', { causes: [sentenceOf(reason)], detail: reason });

/** E0000001 for times that are none. */
const assertTimes = ({ startsAt, expiresAt }: Pick<NewGrant, 'startsAt' | 'expiresAt'>, now: Instant): void => {
  if (!(startsAt < expiresAt && now < expiresAt && expiresAt - startsAt <= GRANT_DAYS_MAX * DAY))
    throw new ApiError('E0000001', { args: ['expiresAt'], causes: [sentenceOf('grant-times')], detail: 'grant-times' });
};

/** The row of a grant, with the names of now. */
const rowOf = async (
  s: Services,
  tx: Transaction,
  given: NewGrant,
  extendsGrantId: string | null,
  createdBy: string,
): Promise<Row<'grants'>> => {
  const { userId, entitlement, startsAt, expiresAt, source, reason } = given;
  const user = await tx
    .selectFrom('users')
    .select(['login', 'profile'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return {
    id: newId(s.random, 'grant'),
    userId,
    userLogin: user.login,
    userName: displayNameOf(JSON.parse(user.profile) as { displayName?: string }, user.login),
    kind: entitlement.kind,
    entitlementId: entitlement.id,
    entitlementName: await entitlementName(tx, entitlement),
    startsAt,
    expiresAt,
    powerEndsAt: s.store.engine === 'postgres' ? Math.max(startsAt, expiresAt - CLOCKS_DIFFER_MS) : expiresAt,
    endedAt: null,
    endedBy: null,
    endReason: null,
    sourceKind: source.kind,
    sourceId: source.id,
    extendsGrantId,
    reason,
    createdAt: s.clock.now(),
    createdBy,
  };
};

const recordBegin = async (s: Services, tx: Transaction, by: Principal, row: Row<'grants'>): Promise<void> => {
  await recordEvent(s, tx, by, {
    eventType: GRANT_EVENTS[row.kind].begin,
    target: grantTargets(row),
    debugData: {
      ...grantDebugData(row),
      ...(row.extendsGrantId === null ? {} : { grantExtends: row.extendsGrantId }),
      ...(row.kind === 'bundle' ? { privilegeGranted: row.entitlementName } : {}),
      ...(row.kind === 'service-account' ? { privilegeGranted: MAINTENANCE_PRIVILEGE } : {}),
    },
  });
  await tellOfGrant(s, tx, 'grant.given', row);
};

/**
 * Gives something to somebody for a while: row and event in the caller's transaction, which publishes it after commit
 * (`publishGrant`). Whether this may be, the caller has judged. What a request was approved for is given by nobody in
 * person: whoever approved stands in the events of the request, and is not tied to the requester by it.
 * Errors: E0000090 for what they have (`grant-exists`, `grant-held-standing`), or for somebody who cannot use it; E0000001
 * for times that are none; E0000006 where a policy shuts out the last super admin through that group; E0000007.
 */
export const createGrant = async (
  s: Services,
  tx: Transaction,
  actor: Principal | 'system',
  given: NewGrant,
): Promise<Row<'grants'>> => {
  const now = s.clock.now();
  const { userId, entitlement, source } = given;
  assertTimes(given, now);
  const by = actor === 'system' || source.kind === 'request' ? grantsPrincipal(s) : actor;
  const why = await whyNoGrant(tx, userId, entitlement, now);
  if (why !== null) throw refused(why);
  const stale = await openGrantOf(tx, userId, entitlement);
  if (stale !== undefined) await endGrant(s, tx, grantsPrincipal(s), stale, 'expired');
  const row = await rowOf(s, tx, given, null, actor === 'system' ? 'job' : makerOf(actor));
  // Of two at once one is refused by the index, also where two nodes write.
  const { numInsertedOrUpdatedRows } = await keepingAWayIn(s, tx, () =>
    tx
      .insertInto('grants')
      .values(row)
      .onConflict((c) => c.doNothing())
      .executeTakeFirstOrThrow(),
  ).catch(async (error: unknown) => {
    // A request keeps the refusal and commits: what was refused must not stay behind it, without an event.
    await tx.deleteFrom('grants').where('id', '=', row.id).execute();
    throw error;
  });
  if (numInsertedOrUpdatedRows !== 1n) throw refused('grant-exists');
  await recordBegin(s, tx, by, row);
  return row;
};

export interface LongerGrant {
  readonly grantId: string;
  readonly userId: string;
  readonly entitlement: Entitlement;
  readonly seconds: number;
  readonly source: GrantGround;
  readonly reason: string;
}

/**
 * Makes a grant that runs longer (decision 0040): it ends as `extended`, and another goes on from the same instant until
 * so much after the end of the first. Both events in the caller's transaction, which publishes after commit
 * (`publishExtension`). What gets in by it does not change, so no way in is looked for.
 * Errors: E0000090 where it does not run any more, also where somebody ends it at the same moment, or where the person
 * holds it without an end by now; E0000001 beyond what anything is given for; E0000007.
 */
export const extendGrant = async (s: Services, tx: Transaction, longer: LongerGrant): Promise<Row<'grants'>> => {
  const { grantId, userId, entitlement, seconds, source, reason } = longer;
  const now = s.clock.now();
  const why = await whyNoGrant(tx, userId, entitlement, now, grantId);
  if (why !== null) throw refused(why);
  const old = await openGrantOf(tx, userId, entitlement);
  if (old === undefined) throw refused('grant-not-running');
  const times = { startsAt: now, expiresAt: Number(old.expiresAt) + seconds * 1000 };
  assertTimes(times, now);
  const by = grantsPrincipal(s);
  const ended = await endGrant(s, tx, by, old, 'extended');
  // Ended at this moment, by somebody or by time: what a yes came too late for is not given anew by it.
  if (ended?.endReason !== 'extended') throw refused('grant-not-running');
  const given = { userId, entitlement, source, reason, ...times, startsAt: Number(ended.endedAt) };
  const row = await rowOf(s, tx, given, grantId, 'job');
  await tx.insertInto('grants').values(row).execute();
  await recordBegin(s, tx, by, row);
  return row;
};
