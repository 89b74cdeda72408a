import { isBlocking } from '@sallyport/decide/requests/find-weaknesses';
import { judgeZeroStanding, weaknessesOfFew } from '@sallyport/decide/setup/judge-zero-standing';
import { accessDurationInWords, readAccessDuration, writeAccessDuration } from '@sallyport/model/access-duration';
import type { SequenceStep } from '@sallyport/model/access-request';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Entitlement } from '@sallyport/model/grant';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { isRoleType, labelOf } from '@sallyport/model/roles';
import {
  ASKED_FOR_BUNDLE,
  ASKERS_GROUP,
  ASKING_CONDITION,
  type DayRole,
  dayGroupOf,
} from '@sallyport/model/zero-standing';
import { adminRows, type StandingRole, standingRolesOf } from '../admins/store.ts';
import { breakGlassFacts } from '../break-glass/present-account.ts';
import { makeBundle } from '../bundles/manage-bundles.ts';
import { bundleRoles } from '../bundles/store.ts';
import { membersAt } from '../grants/active-grants.ts';
import { assertNoRuleFills } from '../group-rules/store.ts';
import { findGroup, groupAsTarget, makeGroup, writeMembership } from '../groups/manage-groups.ts';
import { superAdminsAbleToSignIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { outlookOf } from '../requests/ask-for-access.ts';
import { CONSOLE_APP_NAME, namesOf } from '../requests/entitlements.ts';
import { lookOnce } from '../requests/look-once.ts';
import { changeCondition, makeCondition, switchCondition } from '../requests/manage-conditions.ts';
import { findSequence } from '../requests/manage-sequences.ts';
import {
  type DurationSettings,
  durationOf,
  entitlementsOf,
  type RequesterSettings,
  type ScopeSettings,
} from '../requests/read-conditions.ts';
import { findHolder, giveRole, takeRole } from '../roles/assign-role.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';

export interface ZeroStandingBody {
  /** Whose super admin is taken, and which small role they get for the day; null keeps what else they hold. */
  readonly people: readonly { readonly id: string; readonly role: DayRole | null }[];
  readonly sequenceId: string;
  /** The longest that super admin is asked for, ISO 8601. */
  readonly maximumDuration: string;
}

/**
 * Whose deed a small role is that somebody gets in place of a great one: nobody's. It adds nothing to what they held, so
 * that whoever walks through the set-up must not be tied to everybody for 30 days, and two others be one hand through it.
 */
const BY_SETUP = 'setup';
const EVERYTHING = 'SUPER_ADMIN   EVERYTHING';

const isSuperAdmin = ({ type }: StandingRole): boolean => type === 'SUPER_ADMIN';
const roleInWords = ({ type, role, resourceSet, isNarrowed, via }: StandingRole): string => {
  const over = resourceSet?.label ?? (isNarrowed ? 'its targets' : null);
  return `${role?.label ?? (isRoleType(type) ? labelOf(type) : type)}${over === null ? '' : ` over ${over}`}${via === null ? '' : `, through ${via.name}`}`;
};

/** People who hold super admin all the time; break-glass accounts and accounts that are no person stand apart. */
export const standingPeople = async (db: Transaction) => {
  const rows = (await adminRows(db, { role: 'SUPER_ADMIN', unusedBefore: 0 })).filter(
    ({ serviceAccountAt }) => serviceAccountAt === null,
  );
  const roles = await standingRolesOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, login, profile }) => {
    const held = roles.get(id) ?? [];
    const groupIds = [...new Set(held.filter(isSuperAdmin).flatMap(({ via }) => (via === null ? [] : [via.id])))];
    // What else comes through a group that gives super admin goes with it.
    const others = held.filter((role) => !isSuperAdmin(role) && !(role.via !== null && groupIds.includes(role.via.id)));
    return {
      id,
      login,
      name: displayNameOf(JSON.parse(profile) as Parameters<typeof displayNameOf>[0], login),
      held,
      words: held.map(roleInWords),
      others: others.map(roleInWords),
      groupIds,
    };
  });
};
type Standing = Awaited<ReturnType<typeof standingPeople>>[number];

/** The bundle that gives super admin over everything and nothing else; the oldest, if there are several. */
export const superAdminBundle = async (db: Transaction): Promise<Row<'bundles'> | undefined> => {
  const found = await db
    .selectFrom('bundles')
    .innerJoin('roleAssignments', 'roleAssignments.principalId', 'bundles.id')
    .selectAll('bundles')
    .distinct()
    .where('roleAssignments.principalKind', '=', 'bundle')
    .where('roleAssignments.type', '=', 'SUPER_ADMIN')
    .orderBy('bundles.createdAt')
    .orderBy('bundles.id')
    .execute();
  for (const bundle of found) {
    const roles = await bundleRoles(db, bundle.id);
    if (roles.length === 1 && roles[0]?.words === EVERYTHING) return bundle;
  }
  return undefined;
};

const groupNamed = (db: Transaction, name: string): Promise<Row<'groups'> | undefined> =>
  db.selectFrom('groups').selectAll().where('nameFolded', '=', name.toLowerCase()).executeTakeFirst();
const rolesOfGroup = (db: Transaction, id: string): Promise<Row<'roleAssignments'>[]> =>
  db
    .selectFrom('roleAssignments')
    .selectAll()
    .where('principalKind', '=', 'group')
    .where('principalId', '=', id)
    .execute();

/** The condition by which those who may ask can ask for it; the first, if there are several. */
const conditionOf = async (
  db: Transaction,
  bundleId: string,
  askersId: string,
): Promise<Row<'requestConditions'> | undefined> => {
  const conditions = await db
    .selectFrom('requestConditions')
    .innerJoin('apps', 'apps.id', 'requestConditions.resourceId')
    .selectAll('requestConditions')
    .where('apps.name', '=', CONSOLE_APP_NAME)
    .orderBy('requestConditions.priority')
    .orderBy('requestConditions.id')
    .execute();
  return conditions.find(
    ({ resourceId, scope, requesters }) =>
      entitlementsOf(resourceId, JSON.parse(scope) as ScopeSettings).some(({ id }) => id === bundleId) &&
      (JSON.parse(requesters) as RequesterSettings).groups?.some(({ id }) => id === askersId) === true,
  );
};

const secondsOf = ({ duration }: Row<'requestConditions'>): number =>
  durationOf(duration === null ? null : (JSON.parse(duration) as DurationSettings)).seconds;

/** By whose yes and for how long at most it is asked for now; undefined before the first run. */
export const askedForNow = async (
  db: Transaction,
): Promise<{ readonly sequenceId: string; readonly maximumDuration: string } | undefined> => {
  const bundle = await superAdminBundle(db);
  const askers = await groupNamed(db, ASKERS_GROUP);
  const own = bundle && askers && (await conditionOf(db, bundle.id, askers.id));
  return own && { sequenceId: own.sequenceId, maximumDuration: writeAccessDuration(secondsOf(own)) };
};

const NAMES_MAX = 5;
const listed = (names: readonly string[]): string =>
  `${names.slice(0, NAMES_MAX).join(', ')}${names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : ''}`;

/** What else a condition gives, and who else may ask by it, in words; empty for one that is about this alone. */
const breadthInWords = async (
  db: Transaction,
  { resourceId, scope, requesters }: Row<'requestConditions'>,
  bundleId: string,
  askersId: string,
): Promise<string> => {
  const besides = entitlementsOf(resourceId, JSON.parse(scope) as ScopeSettings).filter(({ id }) => id !== bundleId);
  const groups = ((JSON.parse(requesters) as RequesterSettings).groups ?? [])
    .filter(({ id }) => id !== askersId)
    .map(({ id }) => ({ kind: 'group', id }) as const);
  const words = async (all: readonly Entitlement[]): Promise<string> => {
    const names = await namesOf(db, all);
    return listed(all.map(({ id }) => `“${names.get(id) ?? id}”`));
  };
  return [
    ...(besides.length === 0 ? [] : [`it also gives ${await words(besides)}`]),
    ...(groups.length === 0 ? [] : [`members of ${await words(groups)} ask by it, too`]),
  ].join('; ');
};

/** One run over one transaction: what it did, in words, and with what. */
const run = (s: Services, tx: Transaction, principal: Principal, body: ZeroStandingBody) => {
  const changes: string[] = [];
  const isChosen = (userId: string): boolean => body.people.some(({ id }) => id === userId);
  const membersOf = async ({ id }: Row<'groups'>) =>
    tx
      .selectFrom('users')
      .select(['id', 'login', 'profile'])
      .where('id', 'in', membersAt(tx, id, s.clock.now()))
      .orderBy('login')
      .execute();

  const group = async (name: string, description: string): Promise<Row<'groups'>> => {
    const found = await groupNamed(tx, name);
    if (found !== undefined) {
      await assertNoRuleFills(tx, found.id);
      return found;
    }
    changes.push(`A group “${name}” is made.`);
    return makeGroup(s, tx, principal, { profile: { name, description } });
  };

  /** Whoever is in it may ask. It gives nothing by itself, or joining it would. */
  const askers = async (): Promise<Row<'groups'>> => {
    const made = await group(ASKERS_GROUP, 'Whoever is in it may ask for super admin for a while.');
    if ((await rolesOfGroup(tx, made.id)).length > 0)
      throw invalid('people', `the group “${ASKERS_GROUP}” holds an admin role; take it away, or rename the group`);
    return made;
  };

  const dayGroup = async (role: DayRole): Promise<Row<'groups'>> => {
    const made = await group(dayGroupOf(role), 'Small enough to be held all day.');
    const roles = await rolesOfGroup(tx, made.id);
    if (roles.length === 0) {
      // Whoever put them there gave them nothing by it: they must not get the role unseen.
      if ((await membersOf(made)).length > 0)
        throw invalid('people', `the group “${made.name}” has members already and gives nothing yet; rename it`);
      const holder = { kind: 'group', id: made.id, target: groupAsTarget(made), isBuiltIn: false } as const;
      await giveRole(s, tx, principal, holder, { type: role, role: null, set: null }, BY_SETUP);
      changes.push(`“${made.name}” gives ${labelOf(role)} over everything.`);
    } else if (roles.some(({ type, scope }) => type !== role || scope !== 'EVERYTHING') || roles.length > 1)
      throw invalid('people', `the group “${made.name}” gives something else than its name says; rename it`);
    return made;
  };

  const join = async (target: Row<'groups'>, user: Row<'users'>): Promise<void> => {
    const isIn = await tx
      .selectFrom('groupMembers')
      .select('userId')
      .where('groupId', '=', target.id)
      .where('userId', '=', user.id)
      .executeTakeFirst();
    if (isIn === undefined) await writeMembership(s, tx, principal, target, user, true, BY_SETUP);
  };

  /** Bundle, group and condition: what is there already, and as it should be, stays. */
  const makeAskable = async () => {
    const sequence = await findSequence(tx, body.sequenceId);
    const seconds = readAccessDuration(body.maximumDuration);
    if (seconds === null) throw invalid('maximumDuration', 'must be an ISO 8601 duration, such as PT4H');
    const longest = accessDurationInWords(seconds);
    const words = `up to ${longest}, by the sequence “${sequence.name}”`;
    let bundle = await superAdminBundle(tx);
    if (bundle === undefined) {
      bundle = await makeBundle(s, tx, principal, {
        name: ASKED_FOR_BUNDLE,
        description: 'All power, for as long as somebody asked for it.',
        entitlements: [{ role: 'SUPER_ADMIN' }],
      });
      changes.push(`A bundle “${bundle.name}” is made. It gives super admin for a while.`);
    }
    const who = await askers();
    const own = await conditionOf(tx, bundle.id, who.id);
    // It is the first, for the first that fits decides: a looser one before it would be the rule.
    const duration = { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: body.maximumDuration } as const;
    if (own === undefined) {
      const app = await tx
        .selectFrom('apps')
        .select('id')
        .where('name', '=', CONSOLE_APP_NAME)
        .executeTakeFirstOrThrow();
      const made = await makeCondition(s, tx, principal, app.id, {
        name: ASKING_CONDITION,
        requesterSettings: { type: 'GROUPS', groups: [{ id: who.id }] },
        accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: bundle.id }] },
        accessDurationSettings: duration,
        approvalSequenceId: sequence.id,
        priority: 0,
      });
      await switchCondition(s, tx, principal, made, 'ACTIVE');
      changes.push(`Whoever is in “${who.name}” may ask for super admin, ${words}.`);
    } else {
      const before = secondsOf(own);
      const isSo = own.sequenceId === sequence.id && before === seconds;
      const isFirst = Number(own.priority) === 0;
      const kept =
        isSo && isFirst
          ? own
          : await changeCondition(s, tx, principal, own, {
              ...(before === seconds ? {} : { accessDurationSettings: duration }),
              approvalSequenceId: sequence.id,
              priority: 0,
            });
      if (!isSo) {
        const by = await tx
          .selectFrom('requestSequences')
          .select('name')
          .where('id', '=', own.sequenceId)
          .executeTakeFirst();
        const so = `up to ${accessDurationInWords(before)}, by ${by === undefined ? 'a sequence that was deleted' : `the sequence “${by.name}”`}`;
        changes.push(`The condition “${own.name}” lets people ask for ${words}; so far for ${so}.`);
      }
      const breadth = isFirst ? '' : await breadthInWords(tx, own, bundle.id, who.id);
      if (!isFirst)
        changes.push(`The condition “${own.name}” decides before all others${breadth === '' ? '' : `: ${breadth}`}.`);
      if (kept.status !== 'ACTIVE') {
        await switchCondition(s, tx, principal, kept, 'ACTIVE');
        changes.push(`The condition “${own.name}” is switched on.`);
      }
    }
    if (own?.status !== 'ACTIVE') {
      // The group may have been there, with people in it whom nobody chose.
      const others = (await membersOf(who)).filter(({ id }) => !isChosen(id));
      if (others.length > 0)
        changes.push(
          `“${who.name}” has ${others.length === 1 ? 'one other member' : `${others.length} other members`} already, who may ask as well: ${listed(others.map(({ profile, login }) => displayNameOf(JSON.parse(profile) as object, login)))}.`,
        );
    }
    return { bundle, askers: who, sequence, longest };
  };

  /** The role itself, and the groups that give it; whatever else such a group gives goes with it. */
  const take = async (person: Standing, user: Row<'users'>): Promise<void> => {
    const holder = await findHolder(tx, 'user', person.id);
    const direct = await tx
      .selectFrom('roleAssignments')
      .selectAll()
      .where('principalKind', '=', 'user')
      .where('principalId', '=', person.id)
      .where('type', '=', 'SUPER_ADMIN')
      .execute();
    for (const row of direct) await takeRole(s, tx, principal, holder, { ...row, roleLabel: null });
    for (const id of person.groupIds) await writeMembership(s, tx, principal, await findGroup(tx, id), user, false);
  };
  return { changes, makeAskable, dayGroup, join, take };
};

interface Outlook {
  readonly steps: Awaited<ReturnType<typeof outlookOf>>['steps'];
  readonly isBlocked: boolean;
  readonly sentences: readonly string[];
}
/** Several steps may name the same person. */
const onceEach = <T extends { readonly id: string }>(all: readonly T[]): readonly T[] =>
  all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);

/**
 * Everything of one run, in the caller's transaction, and what it leads to, judged as requests will be. Where `refusals` are
 * none the caller commits. Errors: E0000001 for people from whom nothing is taken, and names that are taken.
 */
export const carryOutZeroStanding = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  body: ZeroStandingBody,
) => {
  const standing = await standingPeople(tx);
  const chosen = body.people.map(({ id, role }) => {
    const person = standing.find((one) => one.id === id);
    if (person === undefined) throw invalid('people', `${id} is nobody who holds super admin all the time`);
    if (role === null && person.others.length === 0)
      throw invalid('people', `${person.login} holds nothing else: choose a small role for the day`);
    return { person, role };
  });
  if (new Set(body.people.map(({ id }) => id)).size < chosen.length)
    throw invalid('people', 'somebody stands there twice');
  const breakGlassReady = (await breakGlassFacts(s, tx)).filter(({ state }) => state === 'READY').length;
  const { changes, makeAskable, dayGroup, join, take } = run(s, tx, principal, body);
  const { bundle, askers, sequence, longest } = await makeAskable();
  const users = new Map<string, Row<'users'>>();
  for (const { person, role } of chosen) {
    const user = await tx.selectFrom('users').selectAll().where('id', '=', person.id).executeTakeFirstOrThrow();
    users.set(person.id, user);
    await join(askers, user);
    if (role !== null) await join(await dayGroup(role), user);
  }
  const isChosen = (id: string): boolean => users.has(id);
  const standingAble = (await superAdminsAbleToSignIn(s, tx, 'in-time')).filter((id) => !isChosen(id)).length;
  const facts = { taken: chosen.length, standingAble, breakGlassReady };
  // Without this nothing is tried: the guard of the last way in would refuse it, and say less.
  const before = judgeZeroStanding({ ...facts, ableToGetIt: null });
  const ask = {
    entitlement: { kind: 'bundle', id: bundle.id } as const,
    duration: body.maximumDuration,
    reason: 'set-up',
  };
  /** By the policies of then, and without what was taken. Whoever could not come in says no yes, and gets nothing. */
  const look = lookOnce(s, tx, 'in-time');
  /** What stands in somebody's own way, such as that their account is suspended, is said of them and keeps nobody else. */
  const lookOut = async (userId: string): Promise<Outlook> => {
    try {
      const { steps, weaknesses } = await outlookOf(s, tx, userId, ask, look);
      const isIn = (await look.comingIn([userId])).has(userId);
      return {
        steps,
        isBlocked: !isIn || weaknesses.some(isBlocking),
        sentences: [...(isIn ? [] : [sentenceOf('no-way-in')]), ...weaknesses.map(({ sentence }) => sentence)],
      };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'E0000006') throw error;
      return { steps: [], isBlocked: true, sentences: error.options.causes ?? [] };
    }
  };
  const people = [];
  let ableToGetIt = 0;
  if (before.kind === 'allow')
    for (const { person } of chosen) {
      const user = users.get(person.id);
      if (user !== undefined) await take(person, user);
    }
  for (const { person, role } of chosen) {
    const outlook = before.kind === 'allow' ? await lookOut(person.id) : null;
    if (outlook?.isBlocked === false) ableToGetIt += 1;
    people.push({
      id: person.id,
      login: person.login,
      name: person.name,
      isYou: principal.kind === 'session' && principal.userId === person.id,
      before: person.words,
      after: [...(role === null ? [] : [labelOf(role)]), ...person.others, `super admin by asking, up to ${longest}`],
      canGetIt: outlook === null ? null : !outlook.isBlocked,
      canSayYes: onceEach(outlook?.steps.flatMap(({ able }) => able) ?? [])
        .map(({ name }) => name)
        .toSorted(),
      cannotSayYes: onceEach(outlook?.steps.flatMap(({ unable }) => unable) ?? [])
        .filter(({ id }) => id !== person.id)
        .map(({ id, name, sentence }) => ({ id, name, sentence })),
      weaknesses: outlook?.sentences ?? [],
    });
  }
  const after = before.kind === 'deny' ? before : judgeZeroStanding({ ...facts, ableToGetIt });
  const needed = (JSON.parse(sequence.steps) as SequenceStep[]).reduce((sum, { count }) => sum + count, 0);
  const admins = (await adminRows(tx, { show: 'able', unusedBefore: 0 })).length;
  return {
    changes,
    people,
    /** Who holds it all the time then. */
    standing: standing.filter(({ id }) => !isChosen(id)).map(({ id, login, name }) => ({ id, login, name })),
    weaknesses: weaknessesOfFew({ admins, needed, isEnding: chosen.length > 0 && standingAble === 0 }),
    refusals: after.reasons.map(sentenceOf),
  };
};
