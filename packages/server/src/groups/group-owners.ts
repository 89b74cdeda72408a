import { authorize } from '@sallyport/decide/roles/authorize';
import { invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMay, assertMayManageGroup, assertMayManageUser, groupFacts, userFacts } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf, recordEvent } from '../system-log/record-event.ts';
import { findGroup, groupAsTarget } from './manage-groups.ts';

/** Whom to ask about a group. It gives no right: rights come from roles alone. */
export interface OwnerBody {
  readonly id: string;
  readonly type: 'USER' | 'GROUP';
}

const OWNERS_MAX = 100;

const nameOf = async (db: Transaction, { ownerId, kind }: Row<'groupOwners'>): Promise<string | null> => {
  if (kind === 'GROUP')
    return (await db.selectFrom('groups').select('name').where('id', '=', ownerId).executeTakeFirst())?.name ?? null;
  const user = await db.selectFrom('users').select(['login', 'profile']).where('id', '=', ownerId).executeTakeFirst();
  return user === undefined ? null : displayNameOf(JSON.parse(user.profile) as object, user.login);
};

const present = async (db: Transaction, row: Row<'groupOwners'>) => ({
  id: row.ownerId,
  type: row.kind,
  resolved: true,
  originId: null,
  originType: 'OKTA_DIRECTORY',
  displayName: await nameOf(db, row),
  lastUpdated: toIso(row.createdAt),
});

const isVisible = async (db: Transaction, principal: Principal, { kind, ownerId }: Row<'groupOwners'>) =>
  (kind === 'USER'
    ? authorize(principal, 'okta.users.read', await userFacts(db, ownerId))
    : authorize(principal, 'okta.groups.read', await groupFacts(db, ownerId))
  ).kind === 'allow';

/** `GET /api/v1/groups/{id}/owners`: those whom the principal may see. */
export const listOwners = async (
  s: Services,
  principal: Principal,
  groupId: string,
  input: { readonly limit?: string; readonly after?: string },
) => {
  const db = s.store.read;
  await findGroup(db, groupId);
  await assertMayManageGroup(db, principal, 'okta.groups.read', groupId);
  const limit = pageLimit(input.limit, OWNERS_MAX, OWNERS_MAX);
  const rows = await db
    .selectFrom('groupOwners')
    .selectAll()
    .where('groupId', '=', groupId)
    .where('ownerId', '>', input.after ?? '')
    .orderBy('ownerId')
    .execute();
  const visible: Row<'groupOwners'>[] = [];
  for (const row of rows) if (visible.length <= limit && (await isVisible(db, principal, row))) visible.push(row);
  const shown = visible.slice(0, limit);
  return {
    owners: await Promise.all(shown.map((row) => present(db, row))),
    after: visible.length > limit ? (shown.at(-1)?.ownerId ?? null) : null,
  };
};

/** `POST /api/v1/groups/{id}/owners`. E0000007 for somebody whom the principal does not see; twice is as good as once. */
export const addOwner = async (s: Services, principal: Principal, groupId: string, { id, type }: OwnerBody) =>
  s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const group = await findGroup(tx, groupId);
    await assertMayManageGroup(tx, principal, 'okta.groups.manage', groupId);
    if (type === 'USER') {
      const user = await tx.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst();
      if (user === undefined) throw notFound(id, 'User');
      await assertMayManageUser(tx, principal, 'okta.users.read', id);
    } else {
      await findGroup(tx, id);
      assertMay(principal, 'okta.groups.read', await groupFacts(tx, id));
      if (id === groupId) throw invalid('id', 'a group does not own itself');
    }
    const known = await tx.selectFrom('groupOwners').selectAll().where('groupId', '=', groupId).execute();
    const before = known.find(({ ownerId }) => ownerId === id);
    if (before !== undefined) return present(tx, before);
    if (known.length >= OWNERS_MAX) throw invalid('id', `a group has at most ${OWNERS_MAX} owners`);
    const row: Row<'groupOwners'> = {
      groupId,
      ownerId: id,
      kind: type,
      createdAt: s.clock.now(),
      createdBy: authorOf(principal),
    };
    await tx.insertInto('groupOwners').values(row).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'group.profile.update',
      target: [groupAsTarget(group)],
      debugData: { ownerAdded: id },
    });
    return present(tx, row);
  });

/** `DELETE /api/v1/groups/{id}/owners/{ownerId}`. */
export const removeOwner = async (s: Services, principal: Principal, groupId: string, ownerId: string): Promise<void> =>
  s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const group = await findGroup(tx, groupId);
    await assertMayManageGroup(tx, principal, 'okta.groups.manage', groupId);
    const { numDeletedRows } = await tx
      .deleteFrom('groupOwners')
      .where('groupId', '=', groupId)
      .where('ownerId', '=', ownerId)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw notFound(ownerId, 'GroupOwner');
    await recordEvent(s, tx, principal, {
      eventType: 'group.profile.update',
      target: [groupAsTarget(group)],
      debugData: { ownerRemoved: ownerId },
    });
  });
