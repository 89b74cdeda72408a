import { areLinked } from '@sallyport/decide/requests/one-hand';
import type { Account } from '@sallyport/model/access-request';
import { PostgresAdapter, sql } from 'kysely';
import type { Transaction } from '../ports/store.ts';

interface Identity {
  readonly email?: unknown;
  readonly employeeNumber?: unknown;
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '');
const identityOf = (profile: string | undefined): { readonly mail: string; readonly employee: string } => {
  const { email, employeeNumber }: Identity = profile === undefined ? {} : (JSON.parse(profile) as Identity);
  return { mail: textOf(email), employee: textOf(employeeNumber) };
};

/** Everything by which an account could be another one's human: an employee with two accounts has one number and one mailbox. */
export const linksOf = (userId: string, profile: string | undefined): readonly string[] => {
  const { mail, employee } = identityOf(profile);
  return [userId, ...(mail === '' ? [] : [`mail:${mail}`]), ...(employee === '' ? [] : [`employee:${employee}`])];
};

/** Many accounts in one question, without who made them: as far as it takes to tell two people apart. */
export const accountsOf = async (
  db: Transaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Account>> => {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'profile'])
    .where('id', 'in', ['', ...userIds])
    .execute();
  const profiles = new Map(rows.map(({ id, profile }) => [id, profile]));
  return new Map(userIds.map((userId) => [userId, { userId, links: linksOf(userId, profiles.get(userId)) }]));
};

/** How many people these accounts are: two of one human are one. */
export const peopleAmong = async (db: Transaction, userIds: readonly string[]): Promise<number> => {
  const people: Account[] = [];
  for (const account of (await accountsOf(db, userIds)).values())
    if (!people.some((one) => areLinked(one, account))) people.push(account);
  return people.length;
};

/** As the indexes of migrations 0013 and 0047 have it: an approval reads no profile to leave it out. */
const folded = (db: Transaction, key: 'email' | 'employeeNumber') =>
  db.getExecutor().adapter instanceof PostgresAdapter
    ? sql`lower((cast(${sql.ref('users.profile')} as json) ->> ${sql.lit(key)}) collate "C")`
    : sql`lower(json_extract(${sql.ref('users.profile')}, ${sql.lit(`$.${key}`)}))`;

/** The other accounts of the same human, as far as anything says so. */
export const otherAccountsOf = async (db: Transaction, userId: string): Promise<readonly string[]> => {
  const own = await db.selectFrom('users').select('profile').where('id', '=', userId).executeTakeFirst();
  const { mail, employee } = identityOf(own?.profile);
  const shared = [
    ...(mail === '' ? [] : [sql<boolean>`${folded(db, 'email')} = ${mail}`]),
    ...(employee === '' ? [] : [sql<boolean>`${folded(db, 'employeeNumber')} = ${employee}`]),
  ];
  if (shared.length === 0) return [];
  const rows = await db
    .selectFrom('users')
    .select(['id', 'profile'])
    .where('id', '!=', userId)
    .where((e) => e.or(shared))
    .execute();
  const account = { userId, links: linksOf(userId, own?.profile) };
  return rows
    .filter(({ id, profile }) => areLinked(account, { userId: id, links: linksOf(id, profile) }))
    .map(({ id }) => id);
};
