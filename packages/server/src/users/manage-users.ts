import { isPasswordLocked } from '@sallyport/decide/authenticators/judge-password-times';
import { authorize, isSuperAdmin, reachesAttribute } from '@sallyport/decide/roles/authorize';
import { changedAttributes, judgeProfile, normalProfile } from '@sallyport/decide/users/judge-profile';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import type { PasswordSettings } from '@sallyport/model/password-policy';
import { makerOf, type Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Resource } from '@sallyport/model/rights';
import type { Permission } from '@sallyport/model/roles';
import { otherAccountsOf } from '../approvals/accounts-of-human.ts';
import { endDelegationsOf } from '../delegations/name-delegate.ts';
import { endGrantsOf } from '../grants/end-grant.ts';
import { queueForRules } from '../group-rules/store.ts';
import { pageLimit } from '../http/page-limit.ts';
import { dropPasswordRests, hashSetPassword, newPasswordColumns } from '../passwords/new-password.ts';
import { settingsForGroups, settingsOfPerson } from '../passwords/settings-of-person.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { deleteAssignmentsOf, forgetResource } from '../roles/forget.ts';
import { assertMay, assertMayManageUser, groupFacts, refuse, userFacts } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSessionsOfUser } from '../sessions/end-sessions.ts';
import type { Row } from '../store/tables.ts';
import { forgetSubscriptions } from '../subscriptions/store.ts';
import { keepFormerAccounts } from '../system-log/keep-ties.ts';
import { displayNameOf, recordEvent, userAsActor } from '../system-log/record-event.ts';
import { DEFAULT_TYPE_ID } from '../user-types/default-type.ts';
import { attributesOf, ownAttributes, profileTypes } from '../user-types/store.ts';
import { presentUser, presentWholeUser } from './present-user.ts';
import { findByShortName, findUser, listUserRows, type UserQuery } from './store.ts';
import { claimUniqueValues, releaseUniqueValues, TAKEN } from './unique-values.ts';
import { withVisibleProfiles } from './visible-users.ts';

interface Profile {
  readonly login: string;
  readonly email: string;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly [key: string]: unknown;
}
interface Credentials {
  readonly password?: { readonly value?: string | undefined; readonly hash?: unknown } | null | undefined;
}
interface TypeRef {
  readonly id: string;
}

const hashOf = async (
  s: Services,
  credentials: Credentials | undefined,
  profile: Profile,
  settings: PasswordSettings,
): Promise<string | null> => {
  // A password that nobody could sign in with must not look as if it had been taken.
  if (credentials?.password?.hash !== undefined)
    throw invalid('credentials.password.hash', 'hashes of other systems are not taken; send a value or none');
  const password = credentials?.password?.value;
  if (password === undefined) return null;
  return hashSetPassword(s, password, profile, settings);
};

/** E0000001 for a login that somebody else has. */
export const assertLoginIsFree = async (tx: Transaction, login: string, ownId: string | null): Promise<void> => {
  const taken = await tx
    .selectFrom('users')
    .select('id')
    .where('loginFolded', '=', login.toLowerCase())
    .executeTakeFirst();
  if (taken !== undefined && taken.id !== ownId) throw invalid('login', TAKEN);
};

/** `GET /api/v1/users`. */
export const listUsers = async (
  s: Services,
  principal: Principal,
  input: UserQuery & { readonly limit?: string | undefined },
) => {
  if (input.filter !== undefined && input.search !== undefined) throw new ApiError('E0000033');
  const limit = pageLimit(input.limit, 200, 200);
  const page = await listUserRows(
    s.store.read,
    s.store.engine,
    principal,
    await profileTypes(s.store.read),
    { ...input, now: s.clock.now() },
    limit,
  );
  const shown = await withVisibleProfiles(s.store.read, principal, page.shown);
  return { users: shown.map((row) => presentUser(row, s.config.publicUrl.origin, s.clock.now())), after: page.after };
};

/**
 * E0000001 with what is wrong with a profile, as the schema of the type sees it, and where somebody else has a value that
 * only one may have.
 */
const assertProfile = async (
  tx: Transaction,
  user: { readonly id: string; readonly typeId: string; readonly profile: Readonly<Record<string, unknown>> },
  written: readonly string[],
): Promise<void> => {
  const attributes = await attributesOf(tx, user.typeId);
  const faults = judgeProfile(attributes, user.profile, written);
  const [first] = faults;
  if (first !== undefined)
    throw new ApiError('E0000001', { args: [first.split(':', 1)[0] ?? 'profile'], causes: faults.slice(0, 20) });
  await claimUniqueValues(tx, user, attributes);
};

/** The profile with the defaults of its schema for what is not said. */
const withDefaults = async (tx: Transaction, typeId: string, profile: Profile): Promise<Profile> => {
  const defaults = [...(await ownAttributes(tx, typeId))].flatMap(([name, schema]) =>
    schema.default === undefined ? [] : [[name, schema.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...profile };
};

/** Nobody can be created without. */
const REQUIRED_ATTRIBUTES = ['login', 'email'];

/** E0000006 when one of these attributes is none that the principal may write with this permission. */
const assertMayWrite = (
  principal: Principal,
  permission: Permission,
  user: Extract<Resource, { kind: 'user' }>,
  attributes: readonly string[],
  always: readonly string[] = [],
): void => {
  const closed = attributes.filter(
    (attribute) => !always.includes(attribute) && !reachesAttribute(principal, permission, user, attribute),
  );
  if (closed.length > 0)
    throw new ApiError('E0000006', {
      causes: [`${sentenceOf('attribute-outside')} (${closed.slice(0, 5).join(', ')})`],
      detail: 'attribute-outside',
    });
};

export interface CreateUser {
  readonly profile: Profile;
  readonly credentials?: Credentials | undefined;
  readonly groupIds?: readonly string[] | undefined;
  readonly type?: TypeRef | undefined;
}

/**
 * May somebody like this be created, in these groups? Where the permission is narrowed to groups, only into one of them;
 * into any other group by whoever may add members to it, which a group that holds a role takes by its own route only.
 */
export const assertMayCreate = async (
  tx: Transaction,
  principal: Principal,
  { profile, groupIds = [] }: CreateUser,
  groupIdsAfter: readonly string[],
): Promise<void> => {
  const newcomer = { kind: 'user', id: null, groupIds: groupIdsAfter, holdsAdminRole: false } as const;
  assertMay(principal, 'okta.users.create', newcomer);
  assertMayWrite(principal, 'okta.users.create', newcomer, Object.keys(profile), REQUIRED_ATTRIBUTES);
  for (const groupId of groupIds) {
    const group = await tx.selectFrom('groups').select('id').where('id', '=', groupId).executeTakeFirst();
    if (group === undefined) throw invalid('groupIds', `there is no group ${groupId.slice(0, 64)}`);
    const facts = await groupFacts(tx, groupId);
    if (facts.holdsAdminRole)
      throw new ApiError('E0000006', {
        causes: ['A group that holds an admin role or approves access takes new members by its own route only.'],
      });
    const alone = { ...newcomer, groupIds: [groupId] };
    if (authorize(principal, 'okta.users.create', alone).kind === 'deny')
      assertMay(principal, 'okta.groups.members.manage', facts);
  }
};

/** The type that is asked for, or the default one. E0000001 for one that there is not. */
const typeFor = async (tx: Transaction, type: TypeRef | undefined): Promise<string> => {
  if (type === undefined) return DEFAULT_TYPE_ID;
  const row = await tx.selectFrom('userTypes').select('id').where('id', '=', type.id).executeTakeFirst();
  if (row === undefined) throw invalid('type', `there is no type ${type.id.slice(0, 64)}`);
  return row.id;
};

/** Somebody new: ACTIVE with a password, PROVISIONED without, STAGED without `activate`. */
export const newUserRow = (
  s: Services,
  principal: Principal,
  profile: Profile,
  {
    passwordHash,
    activate,
    typeId = DEFAULT_TYPE_ID,
  }: { readonly passwordHash: string | null; readonly activate: boolean; readonly typeId?: string },
): Row<'users'> => {
  const now = s.clock.now();
  return {
    id: newId(s.random, 'user'),
    status: !activate ? 'STAGED' : passwordHash === null ? 'PROVISIONED' : 'ACTIVE',
    login: profile.login,
    loginFolded: profile.login.toLowerCase(),
    profile: JSON.stringify(normalProfile(profile)),
    typeId,
    createdAt: now,
    activatedAt: activate ? now : null,
    statusChangedAt: now,
    lastLoginAt: null,
    lastUpdatedAt: now,
    passwordHash,
    passwordChangedAt: passwordHash === null ? null : now,
    passwordFailures: 0,
    passwordLockedAt: null,
    passwordUnlocksAt: null,
    passwordState: null,
    createdBy: makerOf(principal),
    serviceAccountAt: null,
  };
};

/** Those groups, and the ones that everybody is in. */
export const everyGroupOf = async (tx: Transaction, groupIds: readonly string[]): Promise<readonly string[]> => {
  const everyone = await tx.selectFrom('groups').select('id').where('type', '=', 'BUILT_IN').execute();
  return [...new Set([...everyone.map((group) => group.id), ...groupIds])];
};

/**
 * Writes somebody new, their groups and the events. Whether this may be, the caller has judged; E0000001 where the schema
 * does not know such a profile.
 */
export const insertUser = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  user: Row<'users'>,
  groupIds: readonly string[],
): Promise<void> => {
  const profile = JSON.parse(user.profile) as Profile;
  await assertProfile(tx, { ...user, profile }, Object.keys(profile));
  await tx.insertInto('users').values(user).execute();
  const membership = { userId: user.id, addedAt: user.createdAt, addedBy: makerOf(principal) };
  for (const groupId of groupIds)
    await tx
      .insertInto('groupMembers')
      .values({ groupId, ...membership })
      .execute();
  await queueForRules(tx, [user.id], user.createdAt);
  await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.create', target: [userAsActor(user)] });
  if (user.activatedAt !== null)
    await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.activate', target: [userAsActor(user)] });
};

/** `POST /api/v1/users`. */
export const createUser = async (s: Services, principal: Principal, input: CreateUser, activate: boolean) => {
  const settings = settingsForGroups(s, await everyGroupOf(s.store.read, input.groupIds ?? []));
  const passwordHash = await hashOf(s, input.credentials, input.profile, settings);
  const user = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const groupIds = await everyGroupOf(tx, input.groupIds ?? []);
    await assertMayCreate(tx, principal, input, groupIds);
    const typeId = await typeFor(tx, input.type);
    const profile = await withDefaults(tx, typeId, input.profile);
    const made = newUserRow(s, principal, profile, { passwordHash, activate, typeId });
    await assertLoginIsFree(tx, made.login, null);
    await insertUser(s, tx, principal, made, groupIds);
    return made;
  });
  return presentWholeUser(user, s.config.publicUrl.origin, s.clock.now());
};

/** `GET /api/v1/users/me`: all of it, for it is their own. */
export const getOwnUser = async (s: Services, id: string) =>
  presentWholeUser(await findUser(s.store.read, id), s.config.publicUrl.origin, s.clock.now());

/** A user by themselves, as far as the principal may see them. */
export const presentFor = async (s: Services, principal: Principal, row: Row<'users'>) => {
  const [visible = row] = await withVisibleProfiles(s.store.read, principal, [row]);
  return presentWholeUser(visible, s.config.publicUrl.origin, s.clock.now());
};

/** `GET /api/v1/users/{id}`: by id, login, or what stands before the at sign of it where only one person has that. */
export const getUser = async (s: Services, principal: Principal, idOrLogin: string) => {
  const row = await findUser(s.store.read, idOrLogin).catch(async (error: unknown) => {
    const byShortName = await findByShortName(s.store.read, s.store.engine, idOrLogin);
    if (byShortName === undefined) throw error;
    return byShortName;
  });
  await assertMayManageUser(s.store.read, principal, 'okta.users.read', row.id, idOrLogin);
  return presentFor(s, principal, row);
};

/** By these it is told who approves for somebody, and whether two accounts are one human (design §4.6). */
const IDENTITY_ATTRIBUTES = ['managerId', 'employeeNumber', 'email'];

/** E0000006 for whoever would choose their own manager, or seem another person than with their other account. */
const assertIdentityIsKept = (principal: Principal, userId: string, written: readonly string[]): void => {
  if (!('userId' in principal) || principal.userId !== userId || isSuperAdmin(principal)) return;
  if (written.some((attribute) => IDENTITY_ATTRIBUTES.includes(attribute))) throw refuse(['own-identity']);
};

/** `POST` (parts) and `PUT` (the whole profile) on a user. A new password ends all sessions of its owner. */
export const updateUser = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  input: {
    readonly profile?: Partial<Profile> | undefined;
    readonly credentials?: Credentials | undefined;
    readonly type?: TypeRef | undefined;
  },
  isReplacing: boolean,
) => {
  const before = await findUser(s.store.read, idOrLogin);
  const merge = (row: Row<'users'>, kept: Partial<Profile>): Profile =>
    ({ ...(isReplacing ? kept : (JSON.parse(row.profile) as Profile)), ...input.profile }) as Profile;
  const settings = await settingsOfPerson(s, s.store.read, before.id);
  const passwordHash = await hashOf(s, input.credentials, merge(before, {}), settings);
  const now = s.clock.now();
  const { user, ended } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findUser(tx, before.id);
    const facts = await userFacts(tx, row.id);
    if (passwordHash !== null) assertMay(principal, 'okta.users.credentials.manage', facts, idOrLogin);
    if (input.profile !== undefined || input.type !== undefined || passwordHash === null)
      assertMay(principal, 'okta.users.userprofile.manage', facts, idOrLogin);
    if (row.status === 'DEPROVISIONED')
      throw new ApiError('E0000038', { causes: ['A deactivated user cannot be changed.'] });
    if (passwordHash !== null && row.serviceAccountAt !== null)
      throw new ApiError('E0000038', { causes: [sentenceOf('service-account')] });
    const old = JSON.parse(row.profile) as Profile;
    // Whoever replaces a profile of which they may not write all leaves the rest as it was.
    const isOpen = (attribute: string): boolean =>
      reachesAttribute(principal, 'okta.users.userprofile.manage', facts, attribute);
    const kept = Object.fromEntries(Object.entries(old).filter(([attribute]) => !isOpen(attribute)));
    const profile = normalProfile(merge(row, kept)) as Profile;
    const written = changedAttributes(old, profile);
    if (input.profile !== undefined) assertMayWrite(principal, 'okta.users.userprofile.manage', facts, written);
    assertIdentityIsKept(principal, row.id, written);
    const typeId = input.type === undefined ? row.typeId : await typeFor(tx, input.type);
    // Of another type it is another schema that all of the profile is held against.
    if (typeId !== row.typeId) await assertProfile(tx, { id: row.id, typeId, profile }, Object.keys(profile));
    else if (written.length > 0) await assertProfile(tx, { id: row.id, typeId, profile }, written);
    await assertLoginIsFree(tx, profile.login, row.id);
    const change = {
      profile: JSON.stringify(profile),
      typeId,
      login: profile.login,
      loginFolded: profile.login.toLowerCase(),
      lastUpdatedAt: now,
      ...(passwordHash === null ? {} : await newPasswordColumns(s, tx, row, passwordHash, now)),
    };
    const isSeenAnew = written.some((attribute) => IDENTITY_ATTRIBUTES.includes(attribute));
    const accountsBefore = isSeenAnew ? await otherAccountsOf(tx, row.id) : [];
    await keepingAWayIn(s, tx, () => tx.updateTable('users').set(change).where('id', '=', row.id).execute());
    await keepFormerAccounts(tx, row.id, accountsBefore, now);
    await queueForRules(tx, [row.id], now);
    const changed = { ...row, ...change };
    await recordEvent(s, tx, principal, { eventType: 'user.account.update_profile', target: [userAsActor(changed)] });
    if (typeId !== row.typeId)
      await recordEvent(s, tx, principal, {
        eventType: 'user.account.update_user_type',
        target: [userAsActor(changed)],
      });
    if (passwordHash === null) return { user: changed, ended: false };
    await dropPasswordRests(s, tx, row.id);
    await recordEvent(s, tx, principal, { eventType: 'user.account.update_password', target: [userAsActor(changed)] });
    await endSessionsOfUser(s, tx, principal, userAsActor(changed), 'revoked-by-admin');
    return { user: changed, ended: true };
  });
  if (ended) s.bus.publish({ kind: 'user', id: user.id, reason: 'revoked-by-admin' });
  const displayName = displayNameOf(JSON.parse(user.profile), user.login);
  s.appSessions.rename({ userId: user.id, login: user.login, displayName });
  return presentFor(s, principal, user);
};

export type LifecycleVerb = 'activate' | 'reactivate' | 'deactivate' | 'suspend' | 'unsuspend' | 'unlock';
interface Transition {
  readonly from: readonly string[];
  readonly to: (row: Row<'users'>) => string;
  readonly event: EventType;
  readonly permission: Permission;
  readonly endsSessions: boolean;
  readonly refusal: ConstructorParameters<typeof ApiError>[0];
}
/** Whoever is a service account waits for no password. */
const usable = (row: Row<'users'>): string =>
  row.passwordHash === null && row.serviceAccountAt === null ? 'PROVISIONED' : 'ACTIVE';
const lifecycle = (
  more: Partial<Transition> & Pick<Transition, 'from' | 'to' | 'event' | 'permission'>,
): Transition => ({
  endsSessions: false,
  refusal: 'E0000038',
  ...more,
});

const TRANSITIONS: Readonly<Record<Exclude<LifecycleVerb, 'unlock'>, Transition>> = {
  activate: lifecycle({
    permission: 'okta.users.lifecycle.activate',
    from: ['STAGED', 'DEPROVISIONED'],
    to: usable,
    event: 'user.lifecycle.activate',
    refusal: 'E0000016',
  }),
  reactivate: lifecycle({
    permission: 'okta.users.lifecycle.activate',
    from: ['PROVISIONED', 'RECOVERY'],
    to: usable,
    event: 'user.lifecycle.reactivate',
  }),
  deactivate: lifecycle({
    permission: 'okta.users.lifecycle.deactivate',
    from: ['STAGED', 'PROVISIONED', 'ACTIVE', 'SUSPENDED', 'RECOVERY'],
    to: () => 'DEPROVISIONED',
    event: 'user.lifecycle.deactivate',
    endsSessions: true,
  }),
  suspend: lifecycle({
    permission: 'okta.users.lifecycle.suspend',
    from: ['ACTIVE'],
    to: () => 'SUSPENDED',
    event: 'user.lifecycle.suspend',
    endsSessions: true,
  }),
  unsuspend: lifecycle({
    permission: 'okta.users.lifecycle.unsuspend',
    from: ['SUSPENDED'],
    to: () => 'ACTIVE',
    event: 'user.lifecycle.unsuspend',
  }),
};

const unlock = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: Row<'users'>,
  asked: string,
): Promise<void> => {
  await assertMayManageUser(tx, principal, 'okta.users.lifecycle.unlock', row.id, asked);
  if (!isPasswordLocked(row, s.clock.now())) throw new ApiError('E0000032');
  await tx
    .updateTable('users')
    .set({ passwordLockedAt: null, passwordUnlocksAt: null, passwordFailures: 0 })
    .where('id', '=', row.id)
    .execute();
  await recordEvent(s, tx, principal, { eventType: 'user.account.unlock', target: [userAsActor(row)] });
};

const move = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: Row<'users'>,
  transition: Transition,
  asked: string,
): Promise<void> => {
  await assertMayManageUser(tx, principal, transition.permission, row.id, asked);
  if (!transition.from.includes(row.status)) throw new ApiError(transition.refusal);
  const now = s.clock.now();
  const status = transition.to(row);
  await keepingAWayIn(s, tx, async () => {
    await tx
      .updateTable('users')
      .set({
        status,
        statusChangedAt: now,
        lastUpdatedAt: now,
        ...(row.activatedAt === null && status !== 'DEPROVISIONED' ? { activatedAt: now } : {}),
      })
      .where('id', '=', row.id)
      .execute();
  });
  await queueForRules(tx, [row.id], now);
  await recordEvent(s, tx, principal, { eventType: transition.event, target: [userAsActor(row)] });
  // Power for a while, and a vote that was given away, do not come back with the account.
  if (status === 'DEPROVISIONED') {
    await endGrantsOf(s, tx, principal, { userId: row.id }, 'user-deactivated');
    await endDelegationsOf(s, tx, principal, row.id);
  }
  if (transition.endsSessions) await endSessionsOfUser(s, tx, principal, userAsActor(row), 'user-deactivated');
};

/** `POST …/lifecycle/{verb}`. */
export const changeLifecycle = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  verb: LifecycleVerb,
): Promise<Record<string, never>> => {
  const { id } = await findUser(s.store.read, idOrLogin);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findUser(tx, id);
    await (verb === 'unlock'
      ? unlock(s, tx, principal, row, idOrLogin)
      : move(s, tx, principal, row, TRANSITIONS[verb], idOrLogin));
  });
  if (verb !== 'unlock' && TRANSITIONS[verb].endsSessions)
    s.bus.publish({ kind: 'user', id, reason: 'user-deactivated' });
  return {};
};

/** `DELETE /api/v1/users/{id}`: the first call deactivates, the second deletes. */
export const deleteUser = async (s: Services, principal: Principal, idOrLogin: string): Promise<void> => {
  const { id, status } = await findUser(s.store.read, idOrLogin);
  if (status !== 'DEPROVISIONED') return void (await changeLifecycle(s, principal, idOrLogin, 'deactivate'));
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findUser(tx, id);
    await assertMayManageUser(tx, principal, 'okta.users.lifecycle.delete', id, idOrLogin);
    if (row.status !== 'DEPROVISIONED') throw new ApiError('E0000038');
    await endGrantsOf(s, tx, principal, { userId: id }, 'user-deleted');
    for (const table of ['groupMembers', 'groupRuleQueue', 'factors', 'setupCodes', 'passwordHistory'] as const)
      await tx.deleteFrom(table).where('userId', '=', id).execute();
    await tx.deleteFrom('groupOwners').where('ownerId', '=', id).execute();
    await deleteAssignmentsOf(tx, 'user', id);
    await forgetResource(tx, { kind: 'user', by: 'id', id });
    await tx
      .deleteFrom('tokenUses')
      .where('tokenId', 'in', (e) => e.selectFrom('apiTokens').select('id').where('userId', '=', id))
      .execute();
    await tx
      .updateTable('apiTokens')
      .set({ revokedAt: s.clock.now() })
      .where('userId', '=', id)
      .where('revokedAt', 'is', null)
      .execute();
    await forgetSubscriptions(tx, 'user', id);
    await releaseUniqueValues(tx, id);
    await tx.deleteFrom('users').where('id', '=', id).execute();
    await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.delete.initiated', target: [userAsActor(row)] });
  });
};
