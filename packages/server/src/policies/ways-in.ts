import { parseAddress } from '@sallyport/decide/address/parse-address';
import { rangeEdges } from '@sallyport/decide/address/range-edges';
import { isPasswordExpired, isPasswordLocked } from '@sallyport/decide/authenticators/judge-password-times';
import { whyKeyIsRefused } from '@sallyport/decide/authenticators/why-key-is-refused';
import { type ConsolePolicies, findWayIn } from '@sallyport/decide/policies/find-way-in';
import { type AskedOfPeople, askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import { policyFor } from '@sallyport/decide/policies/policy-for';
import { compileBlocklist, judgeBlocklist } from '@sallyport/decide/zones/judge-blocklist';
import { matchZone } from '@sallyport/decide/zones/match-zone';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Address } from '@sallyport/model/network';
import { DEFAULT_PASSWORD_SETTINGS } from '@sallyport/model/password-policy';
import { ALL_ZONES } from '@sallyport/model/policy';
import { keyFactsOf } from '../authenticators/factor-rows.ts';
import { isBreakGlassAble, sparedNetworks } from '../break-glass/store.ts';
import { membershipsAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import { refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { directoryFacts } from '../sessions/directory-facts.ts';
import type { Row } from '../store/tables.ts';
import { compiledZone } from '../zones/zone-index.ts';
import { clientSubject, knownClient } from '../zones/zone-subject.ts';
import { baseOf, toAdmittingPolicies } from './admitting-policies.ts';
import { openChange, readGlobalPolicies, readPasswordPolicies, readPolicy } from './policy-index.ts';

/** What is asked about, in place of what is so. */
export interface Supposed {
  /** Other settings of keys. */
  readonly keys?: KeySettings;
  /** Somebody who could not sign in. */
  readonly without?: string;
}

/** As many of the addresses from which they signed in last are tried first: nearly always, one is enough. */
const RECENT_MAX = 20;
/** In no list, and before all that could be in one. */
const USUAL = ['192.0.2.1', '2001:db8::1', '127.0.0.1', '0.0.0.1', '::2'];

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

interface Candidate {
  readonly user: Pick<Row<'users'>, 'id' | 'typeId' | 'profile'>;
  readonly signIns: readonly (readonly FactorProof[])[];
}

/**
 * Super admins who are nobody's service account, are active and not locked, and have a key that the settings take: without
 * one, nobody changes what is protected. A password counts where it is neither locked nor expired nor reset: in a sign-in
 * that goes wrong halfway, it may be too late to choose another.
 */
const candidates = async (db: Transaction, keys: KeySettings, without: string | null, now: number) => {
  const users = await db
    .selectFrom('users')
    .select(['id', 'typeId', 'profile', 'createdAt', 'passwordHash', 'passwordState', 'passwordChangedAt'])
    .select(['passwordLockedAt', 'passwordUnlocksAt'])
    .where('status', '=', 'ACTIVE')
    .where('serviceAccountAt', 'is', null)
    .where('id', 'in', superAdminHolders(db))
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
    .orderBy('id')
    .execute();
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
  const password: FactorProof = {
    factorId: 'password',
    kind: 'password',
    isPhishingResistant: false,
    isDeviceBound: false,
    isUserVerified: false,
    provedAt: now,
  };
  const passwordPolicies = await readPasswordPolicies(db);
  const memberships = await db
    .selectFrom(membershipsAt(db, now).as('memberships'))
    .select(['memberships.userId', 'memberships.groupId'])
    .where(
      'memberships.userId',
      'in',
      users.map(({ id }) => id),
    )
    .execute();
  const isTooOld = ({ id, passwordChangedAt, createdAt }: (typeof users)[number]): boolean => {
    const groupIds = memberships.filter(({ userId }) => userId === id).map(({ groupId }) => groupId);
    const { age } = policyFor(passwordPolicies, groupIds)?.settings ?? DEFAULT_PASSWORD_SETTINGS;
    return isPasswordExpired(passwordChangedAt ?? createdAt, age, now);
  };
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
    const knowsPassword =
      user.passwordHash !== null && user.passwordState === null && !isPasswordLocked(user, now) && !isTooOld(user);
    const signIns = proofs.flatMap((key) => (knowsPassword ? [[key], [password, key]] : [[key]]));
    return signIns.length === 0 ? [] : [{ user, signIns }];
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

/** What was found is kept for whoever asks next: each place is looked at once. */
const remembering = <T>(source: Iterator<T>): Iterable<T> => {
  const found: T[] = [];
  return {
    *[Symbol.iterator]() {
      for (let i = 0; ; i += 1) {
        if (i === found.length) {
          const next = source.next();
          if (next.done === true) return;
          found.push(next.value);
        }
        yield found[i] as T;
      }
    },
  };
};

/**
 * Places from which a request would not be refused before it is judged, each with the zones it is in: one address of every
 * combination of IP zones that rules or blocklists name, real addresses of the networks and countries that dynamic ones
 * name, and where these people came from last.
 */
const placesToTry = async (
  s: Services,
  db: Transaction,
  { global, console }: ConsolePolicies,
  userIds: readonly string[],
  now: number,
): Promise<Iterable<Facts>> => {
  const fact = <T>(value: T): Fact<T> => ({ value, source: 'what if', observedAt: now, expiresAt: null });
  const rows = await db.selectFrom('zones').selectAll().where('status', '=', 'ACTIVE').orderBy('id').execute();
  const zones = rows.map(compiledZone);
  const blocklist = compileBlocklist(zones, await sparedNetworks(db));
  const named = new Set(
    [console, ...global].flatMap(({ rules }) =>
      rules.flatMap(({ conditions }) => [...(conditions.zones?.include ?? []), ...(conditions.zones?.exclude ?? [])]),
    ),
  );
  const asked = zones.filter(({ id }) => named.has(ALL_ZONES) || named.has(id));
  const relevant = [...new Set([...asked, ...zones.filter((zone) => zone.isBlocklist || zone.isExempt)])];
  const recent = await db
    .selectFrom('sessions')
    .select('signInAddress')
    .where('userId', 'in', userIds)
    .where('signInAddress', 'is not', null)
    .groupBy('signInAddress')
    .orderBy((e) => e.fn.max('createdAt'), 'desc')
    .limit(RECENT_MAX)
    .execute();
  const addresses = function* (): Generator<Address> {
    for (const text of [...recent.map(({ signInAddress }) => signInAddress ?? ''), ...USUAL]) {
      const address = parseAddress(text);
      if (address !== null) yield address;
    }
    for (const { content } of relevant) if (content.kind === 'ip') yield* rangeEdges(content.gateways);
    const dynamic = relevant.flatMap(({ content }) => (content.kind === 'dynamic' ? [content] : []));
    if (dynamic.length > 0)
      yield* s.intel.examplesOf({
        asns: dynamic.flatMap(({ asns }) => asns.include),
        countries: dynamic.flatMap(({ locations }) => locations.include.map(({ country }) => country)),
      });
  };
  const places = function* (): Generator<Facts> {
    const seen = new Set<string>();
    for (const address of addresses()) {
      const subject = clientSubject(s.intel, knownClient(address));
      if (subject === null || judgeBlocklist(blocklist, [subject]) !== null) continue;
      const answers = asked.map((zone) => matchZone(zone, subject).answer);
      const signature = answers.join();
      if (seen.has(signature)) continue;
      seen.add(signature);
      const idsOf = (wanted: string): string[] => asked.flatMap(({ id }, i) => (answers[i] === wanted ? [id] : []));
      yield { address: fact(address.text), zoneIds: fact(idsOf('in')), unknownZoneIds: fact(idsOf('unknown')) };
    }
  };
  return remembering(places());
};

const ableToSignIn = async (
  s: Services,
  db: Transaction,
  { keys, without }: Supposed,
  enough: number,
): Promise<string[]> => {
  const all = await policiesNowAndLater(db);
  const now = s.clock.now();
  const holders = await candidates(db, keys ?? (await s.settings.read(db, 'keys')), without ?? null, now);
  if (all.length === 0 || holders.length === 0) return [];
  const rules = all.flatMap((policies) => [policies.console, ...policies.global].flatMap((policy) => policy.rules));
  const asked = askedOfPeople(rules.flatMap(({ conditions }) => conditions.expression ?? []));
  const userIds = holders.map(({ user }) => user.id);
  const ways: { readonly policies: ConsolePolicies; readonly places: Iterable<Facts> }[] = [];
  for (const policies of all) ways.push({ policies, places: await placesToTry(s, db, policies, userIds, now) });
  const able: string[] = [];
  for (const { user, signIns } of holders) {
    if (able.length >= enough) break;
    const people = await factsNowAndLater(db, user, asked, now);
    const isAble = ways.every(({ policies, places }) =>
      people.every((person) => findWayIn({ person, signIns, places }, policies, now) !== null),
    );
    if (isAble) able.push(user.id);
  }
  return able;
};

/**
 * Super admins who could sign in now, from somewhere, with what they have, and open the console: their keys by today's
 * settings, their groups and profile by today's policies, and places by today's zones.
 */
export const superAdminsAbleToSignIn = (s: Services, db: Transaction, supposed: Supposed = {}): Promise<string[]> =>
  ableToSignIn(s, db, supposed, Number.POSITIVE_INFINITY);

/** Could anybody come in who can undo whatever is wrong? */
export const isAnybodyAble = async (s: Services, db: Transaction, supposed: Supposed = {}): Promise<boolean> =>
  (await ableToSignIn(s, db, supposed, 1)).length > 0 || (await isBreakGlassAble(db, s.clock.now()));

/**
 * Would what a transaction has written so far shut out the last who can come in now? What is committed is what was before
 * it. A server that nobody can enter yet (set up headless) has nothing to lose.
 */
export const shutsEverybodyOut = async (s: Services, tx: Transaction): Promise<boolean> =>
  !(await isAnybodyAble(s, tx)) && (await isAnybodyAble(s, s.store.read));

/**
 * Runs a change, and refuses it (E0000006), undone with its transaction, when it would take the console from the last
 * super admin or break-glass account able to sign in now (design §4.13). Whatever could do that runs in it: what people
 * are and hold, their keys and passwords, policies and whatever these name.
 */
export const keepingAWayIn = async <T>(s: Services, tx: Transaction, change: () => Promise<T>): Promise<T> => {
  const result = await change();
  if (await shutsEverybodyOut(s, tx)) throw refuse(['last-super-admin']);
  return result;
};
