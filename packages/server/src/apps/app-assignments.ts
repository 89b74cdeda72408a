import { ApiError, notFound } from '@sallyport/model/errors';
import { type Instant, toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { holdersAt, membershipsAt } from '../grants/active-grants.ts';
import { findGroup, groupAsTarget } from '../groups/manage-groups.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMayManageGroup, assertMayManageUser } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { appTarget } from './app-target.ts';
import { findApp } from './find-app.ts';

type Assignment = Row<'appAssignments'>;
type Kind = Assignment['kind'];
type Profile = Readonly<Record<string, unknown>>;

const find = (db: Transaction, appId: string, kind: Kind, id: string): Promise<Assignment | undefined> =>
  db
    .selectFrom('appAssignments')
    .selectAll()
    .where('appId', '=', appId)
    .where('kind', '=', kind)
    .where('principalId', '=', id)
    .executeTakeFirst();

const presentUser = (
  appId: string,
  user: Pick<Row<'users'>, 'id' | 'login' | 'createdAt'>,
  own: Assignment | undefined,
  origin: string,
) => {
  const at = own?.createdAt ?? user.createdAt;
  return {
    id: user.id,
    externalId: null,
    created: toIso(at),
    lastUpdated: toIso(own?.lastUpdatedAt ?? at),
    scope: own === undefined ? 'GROUP' : 'USER',
    status: 'ACTIVE',
    statusChanged: toIso(at),
    passwordChanged: null,
    syncState: 'DISABLED',
    credentials: { userName: own?.userName ?? user.login },
    profile: JSON.parse(own?.profile ?? '{}') as Profile,
    _links: {
      app: { href: `${origin}/api/v1/apps/${appId}` },
      user: { href: `${origin}/api/v1/users/${user.id}` },
    },
  };
};

const presentGroup = (row: Assignment, origin: string) => ({
  id: row.principalId,
  lastUpdated: toIso(row.lastUpdatedAt),
  priority: row.priority,
  profile: JSON.parse(row.profile) as Profile,
  _links: {
    app: { href: `${origin}/api/v1/apps/${row.appId}` },
    self: { href: `${origin}/api/v1/apps/${row.appId}/groups/${row.principalId}` },
    group: { href: `${origin}/api/v1/groups/${row.principalId}` },
  },
});

/** People an app is assigned to, by themselves or through a group, or was given to for a while. */
const assignedUsers = (db: Transaction, appId: string, now: Instant) =>
  db.selectFrom('users').where((e) => {
    const of = (kind: Kind) =>
      e
        .selectFrom('appAssignments')
        .select('appAssignments.principalId')
        .where('appAssignments.appId', '=', appId)
        .where('appAssignments.kind', '=', kind);
    return e.or([
      e('users.id', 'in', of('user')),
      e(
        'users.id',
        'in',
        e
          .selectFrom(membershipsAt(db, now).as('memberships'))
          .select('memberships.userId')
          .where('memberships.groupId', 'in', of('group')),
      ),
      e('users.id', 'in', holdersAt(db, 'app', appId, now)),
    ]);
  });

interface Page {
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** `GET …/users`: those of them whom the principal may see. */
export const listAppUsers = async (s: Services, principal: Principal, appId: string, input: Page) => {
  const app = await findApp(s.store.read, principal, 'okta.apps.read', appId);
  const limit = pageLimit(input.limit, 50, 500);
  let query = assignedUsers(s.store.read, app.id, s.clock.now())
    .select(['users.id', 'users.login', 'users.createdAt'])
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .orderBy('users.id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('users.id', '>', input.after);
  const { shown, after } = pageOf(await query.execute(), limit);
  const own = await s.store.read
    .selectFrom('appAssignments')
    .selectAll()
    .where('appId', '=', app.id)
    .where('kind', '=', 'user')
    .where('principalId', 'in', [...shown.map(({ id }) => id), ''])
    .execute();
  const users = shown.map((user) =>
    presentUser(
      app.id,
      user,
      own.find(({ principalId }) => principalId === user.id),
      s.config.publicUrl.origin,
    ),
  );
  return { users, after };
};

/** `GET …/users/{userId}`. */
export const getAppUser = async (s: Services, principal: Principal, appId: string, userId: string) => {
  const app = await findApp(s.store.read, principal, 'okta.apps.read', appId);
  const user = await assignedUsers(s.store.read, app.id, s.clock.now())
    .select(['users.id', 'users.login', 'users.createdAt'])
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .where('users.id', '=', userId)
    .executeTakeFirst();
  if (user === undefined) throw notFound(userId, 'AppUser');
  const own = await find(s.store.read, app.id, 'user', user.id);
  return presentUser(app.id, user, own, s.config.publicUrl.origin);
};

export interface AppUserBody {
  readonly profile?: Profile | null | undefined;
  readonly credentials?: { readonly userName?: string | null | undefined } | null | undefined;
}

const put = async (
  s: Services,
  tx: Transaction,
  appId: string,
  kind: Kind,
  id: string,
  set: Pick<Assignment, 'profile' | 'userName' | 'priority'>,
): Promise<Assignment> => {
  const now = s.clock.now();
  const row: Assignment = { appId, kind, principalId: id, ...set, createdAt: now, lastUpdatedAt: now };
  await tx
    .insertInto('appAssignments')
    .values(row)
    .onConflict((c) => c.columns(['appId', 'kind', 'principalId']).doUpdateSet({ ...set, lastUpdatedAt: now }))
    .execute();
  return (await find(tx, appId, kind, id)) ?? row;
};

/** An app that can be assigned, and changed by this principal in who it is assigned to. */
const findAssignable = async (tx: Transaction, principal: Principal, appId: string): Promise<Row<'apps'>> => {
  const app = await findApp(tx, principal, 'okta.apps.assignment.manage', appId);
  if (app.isSystem === 1) throw new ApiError('E0000111', { causes: ['A built-in app is for whom its policy says.'] });
  return app;
};

/**
 * `POST …/users {id}` and `POST …/users/{userId}`. An assignment is a record: nobody gets in by it, and nobody is kept out
 * for want of one; the policy of the app says who may enter.
 */
export const assignUser = async (
  s: Services,
  principal: Principal,
  appId: string,
  idOrLogin: string,
  body: AppUserBody,
  isUpdate: boolean,
) => {
  const { user, row } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findAssignable(tx, principal, appId);
    const found = await findUser(tx, idOrLogin);
    await assertMayManageUser(tx, principal, 'okta.users.appAssignment.manage', found.id, idOrLogin);
    const before = await find(tx, app.id, 'user', found.id);
    if (isUpdate && before === undefined) throw notFound(idOrLogin, 'AppUser');
    const made = await put(s, tx, app.id, 'user', found.id, {
      profile: JSON.stringify(body.profile ?? JSON.parse(before?.profile ?? '{}')),
      userName: body.credentials?.userName ?? before?.userName ?? null,
      priority: 0,
    });
    await recordEvent(s, tx, principal, {
      eventType: before === undefined ? 'application.user_membership.add' : 'application.user_membership.update',
      target: [userAsActor(found), appTarget(app)],
    });
    return { user: found, row: made };
  });
  return presentUser(row.appId, user, row, s.config.publicUrl.origin);
};

/** `DELETE …/users/{userId}`: of a direct assignment. */
export const unassignUser = async (s: Services, principal: Principal, appId: string, userId: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findAssignable(tx, principal, appId);
    const user = await findUser(tx, userId);
    await assertMayManageUser(tx, principal, 'okta.users.appAssignment.manage', user.id, userId);
    if ((await find(tx, app.id, 'user', user.id)) === undefined) throw notFound(userId, 'AppUser');
    await tx
      .deleteFrom('appAssignments')
      .where('appId', '=', app.id)
      .where('kind', '=', 'user')
      .where('principalId', '=', user.id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'application.user_membership.remove',
      target: [userAsActor(user), appTarget(app)],
    });
  });
};

/** `GET …/groups`. */
export const listAppGroups = async (s: Services, principal: Principal, appId: string, input: Page) => {
  const app = await findApp(s.store.read, principal, 'okta.apps.read', appId);
  const limit = pageLimit(input.limit, 20, 200);
  let query = s.store.read
    .selectFrom('appAssignments')
    .selectAll()
    .where('appId', '=', app.id)
    .where('kind', '=', 'group')
    .orderBy('principalId')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('principalId', '>', input.after);
  const rows = (await query.execute()).map((row) => ({ ...row, id: row.principalId }));
  const { shown, after } = pageOf(rows, limit);
  return { groups: shown.map((row) => presentGroup(row, s.config.publicUrl.origin)), after };
};

/** `GET …/groups/{groupId}`. */
export const getAppGroup = async (s: Services, principal: Principal, appId: string, groupId: string) => {
  const app = await findApp(s.store.read, principal, 'okta.apps.read', appId);
  const row = await find(s.store.read, app.id, 'group', groupId);
  if (row === undefined) throw notFound(groupId, 'ApplicationGroupAssignment');
  return presentGroup(row, s.config.publicUrl.origin);
};

/** `PUT …/groups/{groupId}`. */
export const assignGroup = async (
  s: Services,
  principal: Principal,
  appId: string,
  groupId: string,
  body: { readonly priority?: number | undefined; readonly profile?: Profile | null | undefined },
) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findAssignable(tx, principal, appId);
    const group = await findGroup(tx, groupId);
    await assertMayManageGroup(tx, principal, 'okta.groups.appAssignment.manage', group.id);
    const before = await find(tx, app.id, 'group', group.id);
    const made = await put(s, tx, app.id, 'group', group.id, {
      profile: JSON.stringify(body.profile ?? {}),
      userName: null,
      priority: body.priority ?? 0,
    });
    await recordEvent(s, tx, principal, {
      eventType: before === undefined ? 'group.application_assignment.add' : 'group.application_assignment.update',
      target: [groupAsTarget(group), appTarget(app)],
    });
    return made;
  });
  return presentGroup(row, s.config.publicUrl.origin);
};

/** `DELETE …/groups/{groupId}`. */
export const unassignGroup = async (
  s: Services,
  principal: Principal,
  appId: string,
  groupId: string,
): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findAssignable(tx, principal, appId);
    const group = await findGroup(tx, groupId);
    await assertMayManageGroup(tx, principal, 'okta.groups.appAssignment.manage', group.id);
    if ((await find(tx, app.id, 'group', group.id)) === undefined)
      throw notFound(groupId, 'ApplicationGroupAssignment');
    await tx
      .deleteFrom('appAssignments')
      .where('appId', '=', app.id)
      .where('kind', '=', 'group')
      .where('principalId', '=', group.id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'group.application_assignment.remove',
      target: [groupAsTarget(group), appTarget(app)],
    });
  });
};
