import { isIdOf } from '@sallyport/model/ids';
import { sql } from 'kysely';
import { maintenanceAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { otherAccountsOf } from './accounts-of-human.ts';

/** How long a tie keeps two people from approving for each other. */
export const TIE_DAYS = 30;
const tiedSince = (now: number): number => now - TIE_DAYS * 86_400_000;

/** Somebody, and who made something of theirs. */
interface Tie {
  readonly of: string;
  readonly by: string;
}

/**
 * At which ends of a tie somebody is looked for: as whose it is alone, or also as who made it. What whoever imported a hundred
 * thousand people has made is read only where it is asked for.
 */
type Ends = 'of' | 'both';
const atEnds = <E>(ends: Ends, of: E, by: E): readonly E[] => (ends === 'of' ? [of] : [of, by]);

const inTheLog = (db: Transaction, userId: string, since: number, ends: Ends): Promise<Tie[]> =>
  db
    .selectFrom('ties')
    .select(['ofId as of', 'byId as by'])
    .where('ofKind', '=', 'user')
    .where('at', '>=', since)
    .where((e) => e.or(atEnds(ends, e('ofId', '=', userId), e('byId', '=', userId))))
    .execute();

const throughRows = async (db: Transaction, userId: string, since: number, ends: Ends): Promise<Tie[]> => {
  const users = await db
    .selectFrom('users')
    .select(['id as of', 'createdBy as by'])
    .where('createdAt', '>=', since)
    .where((e) => e.or(atEnds(ends, e('id', '=', userId), e('createdBy', '=', userId))))
    .execute();
  const roles = await db
    .selectFrom('roleAssignments')
    .select(['principalId as of', 'createdBy as by'])
    .where('principalKind', '=', 'user')
    .where('createdAt', '>=', since)
    .where((e) => e.or(atEnds(ends, e('principalId', '=', userId), e('createdBy', '=', userId))))
    .execute();
  const keys = await db
    .selectFrom('factors')
    .select(['userId as of', 'createdBy as by'])
    .where('createdAt', '>=', since)
    .where((e) => e.or(atEnds(ends, e('userId', '=', userId), e('createdBy', '=', userId))))
    .execute();
  const ofGroups = db
    .selectFrom('groupMembers')
    .innerJoin('roleAssignments', 'roleAssignments.principalId', 'groupMembers.groupId')
    .where('roleAssignments.principalKind', '=', 'group');
  const members = await ofGroups
    .select(['groupMembers.userId as of', 'groupMembers.addedBy as by'])
    .where('groupMembers.addedAt', '>=', since)
    .where((e) => e.or(atEnds(ends, e('groupMembers.userId', '=', userId), e('groupMembers.addedBy', '=', userId))))
    .execute();
  const granted = await ofGroups
    .select(['groupMembers.userId as of', 'roleAssignments.createdBy as by'])
    .where('roleAssignments.createdAt', '>=', since)
    .where((e) =>
      e.or(atEnds(ends, e('groupMembers.userId', '=', userId), e('roleAssignments.createdBy', '=', userId))),
    )
    .execute();
  const forAWhile = await db
    .selectFrom('grants')
    .select(['userId as of', 'createdBy as by'])
    // Said in the text of the question, so that the index of these few is found.
    .where('sourceKind', '=', sql.lit('admin'))
    .where('createdAt', '>=', since)
    .where((e) => e.or(atEnds(ends, e('userId', '=', userId), e('createdBy', '=', userId))))
    .execute();
  return [users, roles, keys, members, granted, forAWhile].flat();
};

const tiesOf = async (db: Transaction, userId: string, since: number, ends: Ends): Promise<readonly Tie[]> => [
  ...(await throughRows(db, userId, since, ends)),
  ...(await inTheLog(db, userId, since, ends)),
];

/** Everybody who, since an instant, made a service app, gave it keys or scopes, or granted it a role. */
const tiedToApp = async (db: Transaction, appId: string, now: number): Promise<ReadonlySet<string>> => {
  const rows = await db
    .selectFrom('ties')
    .select('byId')
    .where('ofKind', '=', 'app')
    .where('ofId', '=', appId)
    .where('at', '>=', tiedSince(now))
    .execute();
  return new Set(rows.map(({ byId }) => byId));
};

/**
 * Everybody who, since an instant, created this person's account, granted them a role, or enrolled or reset their keys,
 * and the other way round; and the other accounts of the same human (design §4.6): two accounts of one hand must not count as
 * two people.
 */
export const tiedTo = async (db: Transaction, userId: string, now: number): Promise<ReadonlySet<string>> => {
  const ties = await tiesOf(db, userId, tiedSince(now), 'both');
  const ids = new Set([...ties.map(({ of, by }) => (by === userId ? of : by)), ...(await otherAccountsOf(db, userId))]);
  ids.delete(userId);
  return ids;
};

/** The people who, in the last days, made this person's account, gave it a role, or enrolled or reset its keys. */
export const makersOf = async (db: Transaction, userId: string, now: number): Promise<readonly string[]> => {
  const makers = new Set((await tiesOf(db, userId, tiedSince(now), 'of')).map(({ by }) => by));
  makers.delete(userId);
  return [...makers].filter((id) => isIdOf('user', id)).sort();
};

/**
 * Who is tied to whoever asked: to the person, the owner of the token, or the service app. What is done in the session of a
 * service account is done by whoever asked to sign in as it: that one, and who is tied to them, is no second person.
 */
export const tiedToAsker = async (
  db: Transaction,
  ask: Pick<Row<'actionProofs'>, 'requesterKind' | 'userId'>,
  now: number,
): Promise<ReadonlySet<string>> => {
  if (ask.requesterKind === 'service-app') return tiedToApp(db, ask.userId, now);
  const tied = await tiedTo(db, ask.userId, now);
  const maintenance = ask.requesterKind === 'session' ? await maintenanceAt(db, ask.userId, now) : null;
  if (maintenance === null) return tied;
  return new Set([...tied, maintenance.askerId, ...(await tiedTo(db, maintenance.askerId, now))]);
};

/** Whom somebody is tied to, asked once for each: ties are the same from both ends. */
export const createTies = (db: Transaction, now: number) => {
  const known = new Map<string, Promise<ReadonlySet<string>>>();
  return (kind: 'user' | 'client', id: string): Promise<ReadonlySet<string>> => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const requesterKind = kind === 'client' ? ('service-app' as const) : ('session' as const);
    const found = tiedToAsker(db, { requesterKind, userId: id }, now);
    known.set(id, found);
    return found;
  };
};
