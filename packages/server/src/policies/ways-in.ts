import { isPasswordExpired, isPasswordLocked } from '@sallyport/decide/authenticators/judge-password-times';
import { whyKeyIsRefused } from '@sallyport/decide/authenticators/why-key-is-refused';
import {
  type ConsolePolicies,
  findPlaceToRenew,
  findWayIn,
  type WaysToTry,
} from '@sallyport/decide/policies/find-way-in';
import { type AskedOfPeople, askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import { policyFor } from '@sallyport/decide/policies/policy-for';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import { DEFAULT_PASSWORD_SETTINGS, type PasswordAge } from '@sallyport/model/password-policy';
import { keyFactsOf } from '../authenticators/factor-rows.ts';
import { isBreakGlassAble } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import { superAdminAskers } from '../requests/super-admin-askers.ts';
import { refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { directoryFacts } from '../sessions/directory-facts.ts';
import type { Row } from '../store/tables.ts';
import { baseOf, toAdmittingPolicies } from './admitting-policies.ts';
import { placesToTry } from './places-to-try.ts';
import { openChange, readGlobalPolicies, readPasswordPolicies, readPolicy } from './policy-index.ts';

/** What is asked about, in place of what is so. */
export interface Supposed {
  /** Other settings of keys. */
  readonly keys?: KeySettings;
  /** Somebody who could not sign in. */
  readonly without?: string;
}

/**
 * Two things are asked, and neither must be lost. `now`: with what they have this very minute; in a sign-in that goes wrong
 * halfway it may be too late to choose another password. `in-time`: whatever the time does to passwords. One that strangers
 * locked by guessing counts, or whoever locks them all would open the guard for every other change; one that grows too old,
 * or is, counts only where its owner may choose another from somewhere, or a clock would shut them out.
 */
export type When = 'now' | 'in-time';
const WHENS = ['now', 'in-time'] as const satisfies readonly When[];

/** The policies on the way into the console as they stand in a transaction; null while there is no console. */
export const consolePolicies = async (db: Transaction): Promise<ConsolePolicies | null> => {
  const app = await db.selectFrom('apps').select('policyId').where('name', '=', 'saasure').executeTakeFirst();
  if (app?.policyId == null) return null;
  return { console: await readPolicy(db, app.policyId), global: await readGlobalPolicies(db) };
};

/** As they stand, and as they stand again where a change of them is not confirmed; none while there is no console. */
const policiesNowAndLater = async (db: Transaction): Promise<readonly ConsolePolicies[]> => {
  const now = await consolePolicies(db);
  const change = await openChange(db);
  if (now === null) return [];
  return change === undefined ? [now] : [now, toAdmittingPolicies(baseOf(change))];
};

/** Whoever is a super admin, by themselves or through a group. */
export const superAdminHolders = (db: Transaction) =>
  db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', (join) => join.onRef('groupMembers.groupId', '=', 'roleAssignments.principalId'))
    .select((e) => e.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'))
    .where('roleAssignments.type', '=', 'SUPER_ADMIN')
    .where('roleAssignments.principalKind', '!=', 'client');

/** Ids of people, or a question for them. */
export type Who =
  | ReturnType<typeof superAdminHolders>
  | Awaited<ReturnType<typeof superAdminAskers>>
  | readonly string[];

export interface Candidate {
  readonly user: Pick<
    Row<'users'>,
    | 'id'
    | 'typeId'
    | 'profile'
    | 'createdAt'
    | 'passwordHash'
    | 'passwordState'
    | 'passwordChangedAt'
    | 'passwordLockedAt'
    | 'passwordUnlocksAt'
  >;
  readonly keys: readonly FactorProof[];
}

/**
 * Of these, people who are nobody's service account, are active and not locked, and have a key that the settings take:
 * without one, nobody changes what is protected.
 */
const candidates = async (
  db: Transaction,
  who: Who,
  keys: KeySettings,
  without: string | null,
  now: Instant,
): Promise<readonly Candidate[]> => {
  const found = await db
    .selectFrom('users')
    .select(['id', 'typeId', 'profile', 'createdAt', 'passwordHash', 'passwordState', 'passwordChangedAt'])
    .select(['passwordLockedAt', 'passwordUnlocksAt', 'serviceAccountAt'])
    .where('status', '=', 'ACTIVE')
    .where('id', 'in', who)
    .where('id', '!=', without ?? '')
    // Policies are not asked of them: they answer for themselves.
    .where('id', 'not in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
    .where('id', 'not in', (e) =>
      e
        .selectFrom('locks')
        .select('subjectId')
        .where('subjectKind', '=', 'user')
        .where((lock) => lock.or([lock('expiresAt', 'is', null), lock('expiresAt', '>', now)])),
    )
    .execute();
  // Not in the question, as their order is not: for either of them everybody is read by its index, and few are asked about.
  const users = found
    .filter(({ serviceAccountAt }) => serviceAccountAt === null)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (users.length === 0) return [];
  const factors = await db
    .selectFrom('factors')
    .selectAll()
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .where(
      'userId',
      'in',
      users.map(({ id }) => id),
    )
    .orderBy('id')
    .execute();
  return users.flatMap((user): Candidate[] => {
    const proofs = factors
      .filter((row) => row.userId === user.id && whyKeyIsRefused(keyFactsOf(row), keys, true).length === 0)
      .map(
        (key): FactorProof => ({
          factorId: key.id,
          kind: 'webauthn',
          isPhishingResistant: true,
          isDeviceBound: key.isBackupEligible === 0,
          // An administrator's key is asked to verify its holder (`verifyFactor`).
          isUserVerified: true,
          isHardwareProtected: key.isHardwareProtected === 1 && key.isBackupEligible === 0,
          provedAt: now,
        }),
      );
    return proofs.length === 0 ? [] : [{ user, keys: proofs }];
  });
};

/**
 * What the directory knows of somebody now, and what it will know once everything that they have for a while has ended:
 * whoever gets in only meanwhile will be shut out by a clock, and nobody is asked then.
 */
const factsNowAndLater = async (
  db: Transaction,
  user: Candidate['user'],
  asked: AskedOfPeople,
  now: number,
): Promise<readonly Facts[]> => {
  const fact = <T>(value: T): Fact<T> => ({ value, source: 'directory', observedAt: now, expiresAt: null });
  const facts: Facts = {
    userId: fact(user.id),
    ...(await directoryFacts(db, user, asked, now)),
    holdsAdminRole: fact(true),
    isServiceAccount: fact(false),
  };
  const lasting = await db
    .selectFrom('groupMembers')
    .innerJoin('groups', 'groups.id', 'groupMembers.groupId')
    .select(['groups.id', 'groups.name'])
    .where('groupMembers.userId', '=', user.id)
    .execute();
  if (lasting.length === facts.groupIds?.value.length) return [facts];
  const groupNames = facts.groupNames === undefined ? {} : { groupNames: fact(lasting.map(({ name }) => name)) };
  return [facts, { ...facts, groupIds: fact(lasting.map(({ id }) => id)), ...groupNames }];
};

const passwordProof = (now: Instant): FactorProof => ({
  factorId: 'password',
  kind: 'password',
  isPhishingResistant: false,
  isDeviceBound: false,
  isUserVerified: false,
  provedAt: now,
});

/** Why a password opens nothing now. */
export type PasswordFault = 'none' | 'reset' | 'expired' | 'locked';
const passwordFault = ({ user }: Candidate, age: PasswordAge, now: Instant): PasswordFault | null => {
  if (user.passwordHash === null) return 'none';
  if (user.passwordState === 'RECOVERY') return 'reset';
  if (user.passwordState === 'EXPIRED' || isPasswordExpired(user.passwordChangedAt ?? user.createdAt, age, now))
    return 'expired';
  return isPasswordLocked(user, now) ? 'locked' : null;
};

/** Does somebody's password open anything? `canRenew`: may they choose another one from somewhere once it is too old? */
const isPasswordGood = (
  fault: PasswordFault | null,
  { maxAgeDays }: PasswordAge,
  when: When,
  canRenew: () => boolean,
): boolean => {
  if (when === 'now') return fault === null;
  if (fault === 'none' || fault === 'reset') return false;
  return (fault !== 'expired' && maxAgeDays === 0) || canRenew();
};

/** One of the states in which somebody must be let in: the policies, and what the directory knows of them. */
export interface StateToEnter {
  readonly policies: ConsolePolicies;
  readonly somebody: WaysToTry;
  /** Why their password opens nothing now; null: it does. */
  readonly passwordFault: PasswordFault | null;
  /** These are the policies that count again unless a change is confirmed. */
  readonly isUnconfirmed: boolean;
  /** What they have for a while is left out. */
  readonly isLasting: boolean;
}

/**
 * Looks for those who could sign in, from somewhere, and open the console: their keys by today's settings, their groups and
 * profile by today's policies, and places by today's zones. What is read is read once. `holders` come into question;
 * `statesOf` says what each of them must be let in by, all of it.
 */
export const openSearch = async (s: Services, db: Transaction, who: Who, { keys, without }: Supposed) => {
  const all = await policiesNowAndLater(db);
  const now = s.clock.now();
  const holders =
    all.length === 0
      ? []
      : await candidates(db, who, keys ?? (await s.settings.read(db, 'keys')), without ?? null, now);
  const passwords = await readPasswordPolicies(db);
  const doors = all.map((policies) => ({ ...policies, every: [policies.console, ...policies.global, ...passwords] }));
  const rules = doors.flatMap(({ every }) => every.flatMap((policy) => policy.rules));
  const asked = askedOfPeople(rules.flatMap(({ conditions }) => conditions.expression ?? []));
  const userIds = holders.map(({ user }) => user.id);
  const ways: { readonly policies: ConsolePolicies; readonly places: Iterable<Facts> }[] = [];
  if (holders.length > 0)
    for (const { every, ...policies } of doors)
      ways.push({ policies, places: await placesToTry(s, db, every, userIds, now) });
  const people = new Map<string, readonly Facts[]>();
  const password = passwordProof(now);

  const statesOf = async (holder: Candidate, when: When): Promise<readonly StateToEnter[]> => {
    const { id } = holder.user;
    const each = people.get(id) ?? (await factsNowAndLater(db, holder.user, asked, now));
    people.set(id, each);
    return ways.flatMap(({ policies, places }, later) =>
      each.map((person, lasting): StateToEnter => {
        const canRenew = (): boolean =>
          findPlaceToRenew({ person, places }, { password, passwords }, policies.global, now) !== null;
        const { age } = policyFor(passwords, person.groupIds?.value ?? [])?.settings ?? DEFAULT_PASSWORD_SETTINGS;
        const fault = passwordFault(holder, age, now);
        const isGood = isPasswordGood(fault, age, when, canRenew);
        const signIns = holder.keys.flatMap((key) => (isGood ? [[key], [password, key]] : [[key]]));
        const somebody = { person, signIns, places };
        return { policies, somebody, passwordFault: fault, isUnconfirmed: later > 0, isLasting: lasting > 0 };
      }),
    );
  };
  return { holders, statesOf, now };
};

/** Those of them who could, as many as are asked for at most. */
const searchFor = async (s: Services, db: Transaction, who: Who, supposed: Supposed) => {
  const { holders, statesOf, now } = await openSearch(s, db, who, supposed);
  return async (when: When, enough: number): Promise<string[]> => {
    const able: string[] = [];
    for (const holder of holders) {
      if (able.length >= enough) break;
      const states = await statesOf(holder, when);
      if (states.every(({ policies, somebody }) => findWayIn(somebody, policies, now) !== null))
        able.push(holder.user.id);
    }
    return able;
  };
};

/** Super admins who could sign in from somewhere, and open the console. */
export const superAdminsAbleToSignIn = async (s: Services, db: Transaction, when: When): Promise<string[]> =>
  (await searchFor(s, db, superAdminHolders(db), {}))(when, Number.POSITIVE_INFINITY);

/** The same of whoever may ask for it. */
export const askersAbleToSignIn = async (s: Services, db: Transaction, when: When): Promise<string[]> =>
  (await searchFor(s, db, await superAdminAskers(db), {}))(when, Number.POSITIVE_INFINITY);

/**
 * Who speaks as a super admin where a second person is asked for: those who hold it all the time and could sign in. Where
 * there is none, whoever may ask for it and could sign in: they are trusted with it, and hold it for no longer than a task
 * needs. Having it for a while is no voice, or two people with an hour of it would make each other stay.
 */
export const superAdminVoices = async (s: Services, db: Transaction, when: When): Promise<string[]> => {
  const standing = await superAdminsAbleToSignIn(s, db, when);
  return standing.length > 0 ? standing : askersAbleToSignIn(s, db, when);
};

/** Of these people, those who could, whatever they hold. */
export const peopleAbleToSignIn = async (
  s: Services,
  db: Transaction,
  userIds: readonly string[],
  when: When,
): Promise<string[]> =>
  userIds.length === 0 ? [] : (await searchFor(s, db, userIds, {}))(when, Number.POSITIVE_INFINITY);

/** When anybody could come in who can undo whatever is wrong. */
const whensOf = async (s: Services, db: Transaction, supposed: Supposed): Promise<readonly When[]> => {
  const search = await searchFor(s, db, superAdminHolders(db), supposed);
  const whens: When[] = [];
  for (const when of WHENS) if ((await search(when, 1)).length > 0) whens.push(when);
  return whens.length < WHENS.length && (await isBreakGlassAble(db, s.clock.now())) ? WHENS : whens;
};

/** Is anything lost that there was? A server that nobody can enter yet (set up headless) has nothing to lose. */
const isLost = async (s: Services, after: readonly When[]): Promise<boolean> =>
  after.length < WHENS.length && (await whensOf(s, s.store.read, {})).some((when) => !after.includes(when));

/** Would nobody come in any more if it were as is supposed? */
export const wouldShutEverybodyOut = async (s: Services, supposed: Supposed): Promise<boolean> =>
  isLost(s, await whensOf(s, s.store.read, supposed));

/** Would what a transaction has written so far shut out the last who can come in? What is committed is what was before it. */
export const shutsEverybodyOut = async (s: Services, tx: Transaction): Promise<boolean> =>
  isLost(s, await whensOf(s, tx, {}));

/**
 * Runs a change, and refuses it (E0000006), undone with its transaction, when it would take the console from the last
 * super admin or break-glass account able to sign in (design §4.13). Whatever could do that runs in it: what people
 * are and hold, their keys and passwords, policies and whatever these name.
 */
export const keepingAWayIn = async <T>(s: Services, tx: Transaction, change: () => Promise<T>): Promise<T> => {
  const result = await change();
  if (await shutsEverybodyOut(s, tx)) throw refuse(['last-super-admin']);
  return result;
};
