import { ApiError, invalid } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { Permission } from '@sallyport/model/roles';
import { pageLimit } from '../http/page-limit.ts';
import { dropPasswordRests, hashNewPassword, newPasswordColumns } from '../passwords/new-password.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMayManageUser, keepingASuperAdmin } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSessionsOfUser } from '../sessions/end-sessions.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf, recordEvent, userAsActor } from '../system-log/record-event.ts';
import { presentUser } from './present-user.ts';
import { findUser, listUserRows, type UserQuery } from './store.ts';

interface Profile {
  readonly login: string;
  readonly email: string;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly [key: string]: unknown;
}
interface Credentials {
  readonly password?: { readonly value?: string | undefined } | undefined;
}

const hashOf = async (s: Services, credentials: Credentials | undefined, profile: Profile): Promise<string | null> => {
  const password = credentials?.password?.value;
  if (password === undefined) return null;
  return hashNewPassword(s, password, profile);
};

const assertLoginIsFree = async (tx: Transaction, login: string, ownId: string | null): Promise<void> => {
  const taken = await tx
    .selectFrom('users')
    .select('id')
    .where('loginFolded', '=', login.toLowerCase())
    .executeTakeFirst();
  if (taken !== undefined && taken.id !== ownId)
    throw invalid('login', 'An object with this field already exists in the current organization');
};

/** `GET /api/v1/users`. */
export const listUsers = async (s: Services, input: UserQuery & { readonly limit?: string | undefined }) => {
  if (input.filter !== undefined && input.search !== undefined) throw new ApiError('E0000033');
  const limit = pageLimit(input.limit, 200, 200);
  const rows = await listUserRows(s.store.read, input, limit + 1);
  const shown = rows.slice(0, limit);
  return {
    users: shown.map((row) => presentUser(row, s.config.publicUrl.origin)),
    after: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
};

export interface CreateUser {
  readonly profile: Profile;
  readonly credentials?: Credentials | undefined;
  readonly groupIds?: readonly string[] | undefined;
}

/** `POST /api/v1/users`: ACTIVE with a password, PROVISIONED without, STAGED with `activate=false`. */
export const createUser = async (s: Services, principal: Principal, input: CreateUser, activate: boolean) => {
  const passwordHash = await hashOf(s, input.credentials, input.profile);
  const now = s.clock.now();
  const status = !activate ? 'STAGED' : passwordHash === null ? 'PROVISIONED' : 'ACTIVE';
  const user: Row<'users'> = {
    id: newId(s.random, 'user'),
    status,
    login: input.profile.login,
    loginFolded: input.profile.login.toLowerCase(),
    profile: JSON.stringify(input.profile),
    typeId: 'oty0000000000000default'.slice(0, 20),
    createdAt: now,
    activatedAt: activate ? now : null,
    statusChangedAt: now,
    lastLoginAt: null,
    lastUpdatedAt: now,
    passwordHash,
    passwordChangedAt: passwordHash === null ? null : now,
    passwordFailures: 0,
    passwordLockedAt: null,
    passwordState: null,
    createdBy: authorOf(principal),
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertLoginIsFree(tx, user.login, null);
    await tx.insertInto('users').values(user).execute();
    const everyone = await tx.selectFrom('groups').select('id').where('type', '=', 'BUILT_IN').execute();
    for (const groupId of new Set([...everyone.map((group) => group.id), ...(input.groupIds ?? [])])) {
      const group = await tx.selectFrom('groups').select('id').where('id', '=', groupId).executeTakeFirst();
      if (group === undefined) throw invalid('groupIds', `there is no group ${groupId.slice(0, 64)}`);
      const role = await tx
        .selectFrom('roleAssignments')
        .select('id')
        .where('principalKind', '=', 'group')
        .where('principalId', '=', groupId)
        .executeTakeFirst();
      if (role !== undefined)
        throw new ApiError('E0000006', {
          causes: ['A group that holds an admin role takes new members by its own route only.'],
        });
      await tx
        .insertInto('groupMembers')
        .values({ groupId, userId: user.id, addedAt: now, addedBy: authorOf(principal) })
        .execute();
    }
    await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.create', target: [userAsActor(user)] });
    if (activate)
      await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.activate', target: [userAsActor(user)] });
  });
  return presentUser(user, s.config.publicUrl.origin);
};

/** `GET /api/v1/users/{id}`. */
export const getUser = async (s: Services, idOrLogin: string) =>
  presentUser(await findUser(s.store.read, idOrLogin), s.config.publicUrl.origin);

/** `POST` (parts) and `PUT` (the whole profile) on a user. A new password ends all sessions of its owner. */
export const updateUser = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  input: { readonly profile?: Partial<Profile> | undefined; readonly credentials?: Credentials | undefined },
  isReplacing: boolean,
) => {
  const before = await findUser(s.store.read, idOrLogin);
  const merge = (row: Row<'users'>): Profile =>
    ({ ...(isReplacing ? {} : (JSON.parse(row.profile) as Profile)), ...input.profile }) as Profile;
  const passwordHash = await hashOf(s, input.credentials, merge(before));
  const now = s.clock.now();
  const { user, ended } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findUser(tx, before.id);
    await assertMayManageUser(
      tx,
      principal,
      passwordHash === null ? 'okta.users.manage' : 'okta.users.credentials.manage',
      row.id,
    );
    if (row.status === 'DEPROVISIONED')
      throw new ApiError('E0000038', { causes: ['A deactivated user cannot be changed.'] });
    const profile = merge(row);
    await assertLoginIsFree(tx, profile.login, row.id);
    const change = {
      profile: JSON.stringify(profile),
      login: profile.login,
      loginFolded: profile.login.toLowerCase(),
      lastUpdatedAt: now,
      ...(passwordHash === null ? {} : newPasswordColumns(passwordHash, now)),
    };
    await tx.updateTable('users').set(change).where('id', '=', row.id).execute();
    const changed = { ...row, ...change };
    await recordEvent(s, tx, principal, { eventType: 'user.account.update_profile', target: [userAsActor(changed)] });
    if (passwordHash === null) return { user: changed, ended: false };
    await dropPasswordRests(s, tx, row.id);
    await recordEvent(s, tx, principal, { eventType: 'user.account.update_password', target: [userAsActor(changed)] });
    await endSessionsOfUser(s, tx, principal, userAsActor(changed), 'revoked-by-admin');
    return { user: changed, ended: true };
  });
  if (ended) s.bus.publish({ kind: 'user', id: user.id, reason: 'revoked-by-admin' });
  const displayName = displayNameOf(JSON.parse(user.profile), user.login);
  s.appSessions.rename({ userId: user.id, login: user.login, displayName });
  return presentUser(user, s.config.publicUrl.origin);
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
const usable = (row: Row<'users'>): string => (row.passwordHash === null ? 'PROVISIONED' : 'ACTIVE');
const lifecycle = (more: Partial<Transition> & Pick<Transition, 'from' | 'to' | 'event'>): Transition => ({
  permission: 'okta.users.lifecycle.manage',
  endsSessions: false,
  refusal: 'E0000038',
  ...more,
});

const TRANSITIONS: Readonly<Record<Exclude<LifecycleVerb, 'unlock'>, Transition>> = {
  activate: lifecycle({
    from: ['STAGED', 'DEPROVISIONED'],
    to: usable,
    event: 'user.lifecycle.activate',
    refusal: 'E0000016',
  }),
  reactivate: lifecycle({ from: ['PROVISIONED', 'RECOVERY'], to: usable, event: 'user.lifecycle.reactivate' }),
  deactivate: lifecycle({
    from: ['STAGED', 'PROVISIONED', 'ACTIVE', 'SUSPENDED', 'RECOVERY'],
    to: () => 'DEPROVISIONED',
    event: 'user.lifecycle.deactivate',
    endsSessions: true,
  }),
  suspend: lifecycle({ from: ['ACTIVE'], to: () => 'SUSPENDED', event: 'user.lifecycle.suspend', endsSessions: true }),
  unsuspend: lifecycle({ from: ['SUSPENDED'], to: () => 'ACTIVE', event: 'user.lifecycle.unsuspend' }),
};

const unlock = async (s: Services, tx: Transaction, principal: Principal, row: Row<'users'>): Promise<void> => {
  await assertMayManageUser(tx, principal, 'okta.users.credentials.manage', row.id);
  if (row.passwordLockedAt === null) throw new ApiError('E0000032');
  await tx.updateTable('users').set({ passwordLockedAt: null, passwordFailures: 0 }).where('id', '=', row.id).execute();
  await recordEvent(s, tx, principal, { eventType: 'user.account.unlock', target: [userAsActor(row)] });
};

const move = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: Row<'users'>,
  transition: Transition,
): Promise<void> => {
  await assertMayManageUser(tx, principal, transition.permission, row.id);
  if (!transition.from.includes(row.status)) throw new ApiError(transition.refusal);
  const now = s.clock.now();
  const status = transition.to(row);
  await keepingASuperAdmin(tx, async () => {
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
  await recordEvent(s, tx, principal, { eventType: transition.event, target: [userAsActor(row)] });
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
    await (verb === 'unlock' ? unlock(s, tx, principal, row) : move(s, tx, principal, row, TRANSITIONS[verb]));
  });
  if (verb !== 'unlock' && TRANSITIONS[verb].endsSessions)
    s.bus.publish({ kind: 'user', id, reason: 'user-deactivated' });
  return {};
};

/** `DELETE /api/v1/users/{id}`: the first call deactivates, the second deletes. */
export const deleteUser = async (s: Services, principal: Principal, idOrLogin: string): Promise<void> => {
  const { id, status } = await findUser(s.store.read, idOrLogin);
  if (status !== 'DEPROVISIONED') return void (await changeLifecycle(s, principal, id, 'deactivate'));
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findUser(tx, id);
    await assertMayManageUser(tx, principal, 'okta.users.lifecycle.manage', id);
    if (row.status !== 'DEPROVISIONED') throw new ApiError('E0000038');
    for (const table of ['groupMembers', 'factors', 'setupCodes'] as const)
      await tx.deleteFrom(table).where('userId', '=', id).execute();
    await tx.deleteFrom('roleAssignments').where('principalKind', '=', 'user').where('principalId', '=', id).execute();
    await tx
      .updateTable('apiTokens')
      .set({ revokedAt: s.clock.now() })
      .where('userId', '=', id)
      .where('revokedAt', 'is', null)
      .execute();
    await tx.deleteFrom('users').where('id', '=', id).execute();
    await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.delete.initiated', target: [userAsActor(row)] });
  });
};
