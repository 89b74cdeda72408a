import { parseResourceName } from '@sallyport/decide/roles/resource-name';
import { invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { addressOfHolder, bindRole, findHolder, giveRole, type Holder, takeRole } from './assign-role.ts';
import { assertSuperAdmin } from './guard-user.ts';
import { findLabelled, holdersOf, labelledTarget, orgIdOf, publishRights } from './store.ts';

const MEMBERS_MAX = 1000;
const PAGE = 100;

interface Bound {
  readonly role: Row<'customRoles'>;
  readonly set: Row<'resourceSets'>;
}

const addressOf = (origin: string, setId: string): string => `${origin}/api/v1/iam/resource-sets/${setId}`;

const presentEdit = ({ role, set }: Bound, origin: string) => {
  const self = addressOf(origin, set.id);
  return {
    _links: {
      self: { href: `${self}/bindings/${role.id}` },
      bindings: { href: `${self}/bindings` },
      'resource-set': { href: self },
    },
  };
};

const presentMember = (row: Row<'roleAssignments'>, origin: string) => ({
  id: row.id,
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  _links: { self: { href: addressOfHolder(row, origin) } },
});

const findBoth = async (db: Transaction, setIdOrLabel: string, roleIdOrLabel: string): Promise<Bound> => ({
  set: await findLabelled(db, 'resourceSets', setIdOrLabel),
  role: await findLabelled(db, 'customRoles', roleIdOrLabel),
});

const findBinding = async (db: Transaction, setIdOrLabel: string, roleIdOrLabel: string): Promise<Bound> => {
  const both = await findBoth(db, setIdOrLabel, roleIdOrLabel);
  const row = await db
    .selectFrom('roleBindings')
    .select('roleId')
    .where('roleId', '=', both.role.id)
    .where('resourceSetId', '=', both.set.id)
    .executeTakeFirst();
  if (row === undefined) throw notFound(roleIdOrLabel, 'Binding');
  return both;
};

const membersOf = (db: Transaction, { role, set }: Bound) =>
  db
    .selectFrom('roleAssignments')
    .selectAll()
    .where('roleId', '=', role.id)
    .where('resourceSetId', '=', set.id)
    .orderBy('id')
    .execute();

/** `GET …/bindings`. */
export const listBindings = async (s: Services, setIdOrLabel: string, input: { readonly after?: string }) => {
  const { origin } = s.config.publicUrl;
  const set = await findLabelled(s.store.read, 'resourceSets', setIdOrLabel);
  const self = addressOf(origin, set.id);
  const rows = await s.store.read
    .selectFrom('roleBindings')
    .selectAll()
    .where('resourceSetId', '=', set.id)
    .where('roleId', '>', input.after ?? '')
    .orderBy('roleId')
    .limit(PAGE + 1)
    .execute();
  const shown = rows.slice(0, PAGE);
  return {
    roles: shown.map(({ roleId }) => ({
      id: roleId,
      _links: {
        self: { href: `${origin}/api/v1/iam/roles/${roleId}` },
        members: { href: `${self}/bindings/${roleId}/members` },
      },
    })),
    _links: {
      self: { href: `${self}/bindings` },
      'resource-set': { href: self },
      ...(rows.length > PAGE ? { next: { href: `${self}/bindings?after=${shown.at(-1)?.roleId ?? ''}` } } : {}),
    },
  };
};

/** `GET …/bindings/{role}`. */
export const getBinding = async (s: Services, setIdOrLabel: string, roleIdOrLabel: string) => {
  const { role, set } = await findBinding(s.store.read, setIdOrLabel, roleIdOrLabel);
  const self = addressOf(s.config.publicUrl.origin, set.id);
  return {
    id: role.id,
    _links: {
      self: { href: `${self}/bindings/${role.id}` },
      members: { href: `${self}/bindings/${role.id}/members` },
      'resource-set': { href: self },
    },
  };
};

/** A member as it is named: the address of a person, a group or a service app. */
const readMember = async (s: Services, tx: Transaction, text: string, orgId: string): Promise<Holder> => {
  const { origin } = s.config.publicUrl;
  const clientId = /^\/oauth2\/v1\/clients\/(\w{20})$/.exec(
    text.startsWith(`${origin}/`) ? text.slice(origin.length) : text,
  )?.[1];
  if (clientId !== undefined) return findHolder(tx, 'client', clientId);
  const selector = parseResourceName(text, orgId, origin);
  if (selector?.kind === 'app' && selector.by === 'id') return findHolder(tx, 'client', selector.id);
  if (selector === null || selector.by !== 'id' || (selector.kind !== 'user' && selector.kind !== 'group'))
    throw invalid('members', `${text.slice(0, 200)} is not the address of a person, a group or a service app`);
  return findHolder(tx, selector.kind, selector.id);
};

const addAll = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  bound: Bound,
  names: readonly string[],
): Promise<readonly Holder[]> => {
  const orgId = await orgIdOf(tx);
  const before = await membersOf(tx, bound);
  const holders = new Map<string, Holder>();
  for (const name of names) {
    const holder = await readMember(s, tx, name, orgId);
    if (!before.some((row) => row.principalKind === holder.kind && row.principalId === holder.id))
      holders.set(`${holder.kind} ${holder.id}`, holder);
  }
  if (before.length + holders.size > MEMBERS_MAX) throw invalid('members', `at most ${MEMBERS_MAX} can hold it`);
  for (const holder of holders.values()) await giveRole(s, tx, principal, holder, { type: 'CUSTOM', ...bound });
  await recordEvent(s, tx, principal, {
    eventType: 'iam.resourceset.bindings.add',
    target: [
      labelledTarget('resourceSets', bound.set),
      labelledTarget('customRoles', bound.role),
      ...[...holders.values()].map(({ target }) => target),
    ],
  });
  return [...holders.values()];
};

const publish = async (s: Services, holders: readonly Pick<Holder, 'kind' | 'id'>[]): Promise<void> =>
  publishRights(
    s,
    await holdersOf(
      s.store.read,
      holders.map(({ kind, id }) => ({ principalKind: kind, principalId: id })),
    ),
  );

/** `POST …/bindings {role, members}`. One that exists takes the members as `PATCH …/members` does. */
export const createBinding = async (
  s: Services,
  principal: Principal,
  setIdOrLabel: string,
  body: { readonly role: string; readonly members?: readonly string[] | undefined },
) => {
  assertSuperAdmin(principal);
  const { bound, holders } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const both = await findBoth(tx, setIdOrLabel, body.role);
    await bindRole(tx, both.role.id, both.set.id, s.clock.now());
    return { bound: both, holders: await addAll(s, tx, principal, both, body.members ?? []) };
  });
  await publish(s, holders);
  return presentEdit(bound, s.config.publicUrl.origin);
};

/** `PATCH …/bindings/{role}/members {additions}`. */
export const addMembers = async (
  s: Services,
  principal: Principal,
  setIdOrLabel: string,
  roleIdOrLabel: string,
  additions: readonly string[],
) => {
  assertSuperAdmin(principal);
  const { bound, holders } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const found = await findBinding(tx, setIdOrLabel, roleIdOrLabel);
    return { bound: found, holders: await addAll(s, tx, principal, found, additions) };
  });
  await publish(s, holders);
  return presentEdit(bound, s.config.publicUrl.origin);
};

const removeMembers = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  bound: Bound,
  rows: readonly Row<'roleAssignments'>[],
): Promise<readonly Holder[]> => {
  const holders: Holder[] = [];
  for (const row of rows) {
    const holder = await findHolder(tx, row.principalKind, row.principalId);
    await takeRole(s, tx, principal, holder, { ...row, roleLabel: bound.role.label });
    holders.push(holder);
  }
  await recordEvent(s, tx, principal, {
    eventType: 'iam.resourceset.bindings.delete',
    target: [
      labelledTarget('resourceSets', bound.set),
      labelledTarget('customRoles', bound.role),
      ...holders.map(({ target }) => target),
    ],
  });
  return holders;
};

/** `DELETE …/bindings/{role}`: nobody holds the role over this set any more. */
export const deleteBinding = async (
  s: Services,
  principal: Principal,
  setIdOrLabel: string,
  roleIdOrLabel: string,
): Promise<void> => {
  assertSuperAdmin(principal);
  const holders = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const bound = await findBinding(tx, setIdOrLabel, roleIdOrLabel);
    const removed = await removeMembers(s, tx, principal, bound, await membersOf(tx, bound));
    await tx
      .deleteFrom('roleBindings')
      .where('roleId', '=', bound.role.id)
      .where('resourceSetId', '=', bound.set.id)
      .execute();
    return removed;
  });
  await publish(s, holders);
};

/** `GET …/bindings/{role}/members`. */
export const listMembers = async (
  s: Services,
  setIdOrLabel: string,
  roleIdOrLabel: string,
  input: { readonly after?: string; readonly limit?: string },
) => {
  const { origin } = s.config.publicUrl;
  const limit = pageLimit(input.limit, PAGE, MEMBERS_MAX);
  const bound = await findBinding(s.store.read, setIdOrLabel, roleIdOrLabel);
  const rows = (await membersOf(s.store.read, bound)).filter(({ id }) => id > (input.after ?? ''));
  const shown = rows.slice(0, limit);
  const binding = `${addressOf(origin, bound.set.id)}/bindings/${bound.role.id}`;
  return {
    members: shown.map((row) => presentMember(row, origin)),
    _links: {
      self: { href: `${binding}/members` },
      binding: { href: binding },
      ...(rows.length > limit ? { next: { href: `${binding}/members?after=${shown.at(-1)?.id ?? ''}` } } : {}),
    },
  };
};

const findMember = async (db: Transaction, bound: Bound, memberId: string): Promise<Row<'roleAssignments'>> => {
  const row = (await membersOf(db, bound)).find(({ id }) => id === memberId);
  if (row === undefined) throw notFound(memberId, 'BindingMember');
  return row;
};

/** `GET …/members/{memberId}`. */
export const getMember = async (s: Services, setIdOrLabel: string, roleIdOrLabel: string, memberId: string) =>
  presentMember(
    await findMember(s.store.read, await findBinding(s.store.read, setIdOrLabel, roleIdOrLabel), memberId),
    s.config.publicUrl.origin,
  );

/** `DELETE …/members/{memberId}`. */
export const removeMember = async (
  s: Services,
  principal: Principal,
  setIdOrLabel: string,
  roleIdOrLabel: string,
  memberId: string,
): Promise<void> => {
  assertSuperAdmin(principal);
  const holders = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const bound = await findBinding(tx, setIdOrLabel, roleIdOrLabel);
    return removeMembers(s, tx, principal, bound, [await findMember(tx, bound, memberId)]);
  });
  await publish(s, holders);
};
