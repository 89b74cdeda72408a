import { invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { isStandardRole } from '@sallyport/model/roles';
import { openGrants } from '../grants/active-grants.ts';
import { endGrantsOf, publishGrantEnd } from '../grants/end-grant.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { bindRole, giveRole, type Holder, type RoleToAssign, takeRole } from '../roles/assign-role.ts';
import { deleteAssignmentsOf } from '../roles/forget.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import { findLabelled, holdersOf, orgIdOf, publishRights, selectorText } from '../roles/store.ts';
import { readFirstTargets } from '../roles/target-selectors.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { type BundleRole, bundleRoles, bundleTarget, findBundle } from './store.ts';

/** Roles in one bundle, and bundles in all. */
const ROLES_MAX = 20;
const BUNDLES_MAX = 500;

export interface BundleEntitlement {
  readonly role: string;
  /** Of a custom role: over each of these it is held. */
  readonly resourceSets?: readonly string[] | undefined;
  /** Groups, or apps, that a standard role is narrowed to. */
  readonly targets?: readonly string[] | undefined;
}
export interface BundleBody {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly entitlements: readonly BundleEntitlement[];
}

const linkTo = (origin: string, id: string): string => `${origin}/api/v1/iam/governance/bundles/${id}`;

/** How many people have each of these bundles now, or will from a later time on. */
export const inUse = async (
  db: Transaction,
  ids: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> => {
  const rows = await openGrants(db)
    .select((e) => ['grants.entitlementId as id', e.fn.countAll<number | string>().as('count')])
    .where('grants.kind', '=', 'bundle')
    .where('grants.entitlementId', 'in', [...ids, ''])
    // One that ran out ends nothing, whether or not its end was written down.
    .where('grants.powerEndsAt', '>', now)
    .groupBy('grants.entitlementId')
    .execute();
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
};

const present = async (s: Services, rows: readonly Row<'bundles'>[]) => {
  const db = s.store.read;
  const orgId = await orgIdOf(db);
  const used = await inUse(
    db,
    rows.map(({ id }) => id),
    s.clock.now(),
  );
  return rows.map((row) => {
    const href = linkTo(s.config.publicUrl.origin, row.id);
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      status: 'ACTIVE' as const,
      orn: `orn:${s.config.ornPartition}:governance:${orgId}:bundles:${row.id}`,
      /** Not on the wire of others: whoever deletes it ends so many grants. */
      openGrants: used.get(row.id) ?? 0,
      created: toIso(row.createdAt),
      lastUpdated: toIso(row.lastUpdatedAt),
      _links: { self: { href }, entitlements: { href: `${href}/entitlements` } },
    };
  });
};

const presentOne = async (s: Services, id: string) => {
  const [bundle] = await present(s, [await findBundle(s.store.read, id)]);
  if (bundle === undefined) throw new Error('a bundle was presented as none');
  return bundle;
};

/** `GET /api/v1/iam/governance/bundles`, the oldest first. */
export const listBundles = async (
  s: Services,
  input: { readonly limit?: string | undefined; readonly after?: string | undefined },
) => {
  const limit = pageLimit(input.limit, 100, 200);
  let query = s.store.read
    .selectFrom('bundles')
    .selectAll()
    .orderBy('id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const { shown, after } = pageOf(await query.execute(), limit);
  const self = `${s.config.publicUrl.origin}/api/v1/iam/governance/bundles`;
  return {
    bundles: await present(s, shown),
    _links: {
      self: { href: self },
      ...(after === null ? {} : { next: { href: `${self}?after=${after}&limit=${limit}` } }),
    },
  };
};

/** `GET …/{bundleId}`. */
export const getBundle = (s: Services, id: string) => presentOne(s, id);

/** The assignments that one entry of a body asks for. */
const readEntitlement = async (tx: Transaction, entry: BundleEntitlement): Promise<readonly RoleToAssign[]> => {
  const { role: type, resourceSets = [], targets } = entry;
  if (isStandardRole(type)) {
    if (resourceSets.length > 0) throw invalid('resourceSets', 'a standard role is held over no resource set');
    const groups = targets?.filter((id) => id.startsWith('00g'));
    const apps = targets?.filter((id) => !id.startsWith('00g'));
    const first = await readFirstTargets(tx, type, targets === undefined ? undefined : { groups, apps });
    return [{ type, role: null, set: null, targets: first }];
  }
  const role = await findLabelled(tx, 'customRoles', type);
  if (resourceSets.length === 0) throw invalid('resourceSets', 'a custom role is held over at least one resource set');
  if (targets !== undefined) throw invalid('targets', 'a custom role is narrowed by its resource sets, not by targets');
  const found: RoleToAssign[] = [];
  for (const set of resourceSets)
    found.push({ type: 'CUSTOM', role, set: await findLabelled(tx, 'resourceSets', set) });
  return found;
};

const wordsOf = ({ type, role, set, targets = null }: RoleToAssign): string =>
  [type, role?.id ?? '', set?.id ?? '', ...(targets?.selectors.map(selectorText).toSorted() ?? ['EVERYTHING'])].join(
    ' ',
  );

/** E0000001 for none, for too many, and for one role twice: which of two would count? */
const readRoles = async (tx: Transaction, entries: readonly BundleEntitlement[]): Promise<readonly RoleToAssign[]> => {
  if (entries.length === 0) throw invalid('entitlements', 'must name at least one role');
  const roles: RoleToAssign[] = [];
  for (const entry of entries) roles.push(...(await readEntitlement(tx, entry)));
  if (roles.length > ROLES_MAX) throw invalid('entitlements', `at most ${ROLES_MAX} roles`);
  const keys = roles.map(({ type, role, set }) => `${type} ${role?.id ?? ''} ${set?.id ?? ''}`);
  if (new Set(keys).size < keys.length) throw invalid('entitlements', 'a role stands there twice');
  return roles;
};

const assertNameIsFree = async (tx: Transaction, name: string, ownId: string | null): Promise<void> => {
  const taken = await tx
    .selectFrom('bundles')
    .select('id')
    .where('nameFolded', '=', name.toLowerCase())
    .executeTakeFirst();
  if (taken !== undefined && taken.id !== ownId)
    throw invalid('name', 'An object with this field already exists in the current organization');
};

const asHolder = (row: Row<'bundles'>): Holder => ({
  kind: 'bundle',
  id: row.id,
  target: bundleTarget(row),
  isBuiltIn: false,
});

const give = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  bundle: Row<'bundles'>,
  roles: readonly RoleToAssign[],
): Promise<void> => {
  for (const one of roles) {
    await giveRole(s, tx, principal, asHolder(bundle), one);
    if (one.role !== null && one.set !== null) await bindRole(tx, one.role.id, one.set.id, s.clock.now());
  }
};

/** A new bundle, in the caller's transaction. E0000001 for a name that is taken, or roles that are none. */
export const makeBundle = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  body: BundleBody,
): Promise<Row<'bundles'>> => {
  await assertNameIsFree(tx, body.name, null);
  const { count } = await tx
    .selectFrom('bundles')
    .select((e) => e.fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= BUNDLES_MAX) throw invalid('name', `There are ${BUNDLES_MAX} already, and no more fit`);
  const now = s.clock.now();
  const row: Row<'bundles'> = {
    id: newId(s.random, 'bundle'),
    name: body.name,
    nameFolded: body.name.toLowerCase(),
    description: body.description ?? '',
    createdAt: now,
    createdBy: authorOf(principal),
    lastUpdatedAt: now,
    lastUpdatedBy: authorOf(principal),
  };
  await tx.insertInto('bundles').values(row).execute();
  await recordEvent(s, tx, principal, {
    eventType: 'resource.entitlement_bundle.create',
    target: [bundleTarget(row)],
  });
  await give(s, tx, principal, row, await readRoles(tx, body.entitlements));
  return row;
};

/** `POST …/bundles`, by super admins only. Errors: E0000001 a name that is taken, or roles that are none; E0000007. */
export const createBundle = async (s: Services, principal: Principal, body: BundleBody) => {
  assertSuperAdmin(principal);
  const { id } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    return makeBundle(s, tx, principal, body);
  });
  return presentOne(s, id);
};

/** What whoever changes a bundle writes: its tag is of this. */
export const bundleDocument = ({ name, description }: Row<'bundles'>, held: readonly BundleRole[]) => ({
  name,
  description,
  roles: held.map(({ words }) => words).toSorted(),
});

/**
 * `PUT …/{bundleId}`: name, description and roles. Whoever has it for a while has the new roles at once, and the ones taken
 * out no more. 412 when `ifMatch` is the tag of another version.
 */
export const replaceBundle = async (
  s: Services,
  principal: Principal,
  id: string,
  body: BundleBody,
  ifMatch?: string,
) => {
  assertSuperAdmin(principal);
  const holders = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findBundle(tx, id);
    const held = await bundleRoles(tx, id);
    assertUnchanged(ifMatch, bundleDocument(before, held));
    await assertNameIsFree(tx, body.name, id);
    const row: Row<'bundles'> = {
      ...before,
      name: body.name,
      nameFolded: body.name.toLowerCase(),
      description: body.description ?? '',
      lastUpdatedAt: s.clock.now(),
      lastUpdatedBy: authorOf(principal),
    };
    const { id: _, ...columns } = row;
    await tx.updateTable('bundles').set(columns).where('id', '=', id).execute();
    const wanted = await readRoles(tx, body.entitlements);
    const kept = new Set(wanted.map(wordsOf));
    for (const { row: assignment, words } of held)
      if (!kept.has(words)) await takeRole(s, tx, principal, asHolder(row), assignment);
    const standing = new Set(held.map(({ words }) => words));
    await give(
      s,
      tx,
      principal,
      row,
      wanted.filter((one) => !standing.has(wordsOf(one))),
    );
    await recordEvent(s, tx, principal, {
      eventType: 'resource.entitlement_bundle.update',
      target: [bundleTarget(row)],
    });
    return holdersOf(tx, [{ principalKind: 'bundle', principalId: id }]);
  });
  publishRights(s, holders);
  return presentOne(s, id);
};

/** `DELETE …/{bundleId}`: its grants end with it; their history stays. */
export const deleteBundle = async (s: Services, principal: Principal, id: string): Promise<void> => {
  assertSuperAdmin(principal);
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findBundle(tx, id);
    const grants = await endGrantsOf(s, tx, principal, { kind: 'bundle', id }, 'bundle-deleted');
    await deleteAssignmentsOf(tx, 'bundle', id);
    await tx.deleteFrom('bundles').where('id', '=', id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'resource.entitlement_bundle.delete',
      target: [bundleTarget(row)],
      debugData: { grantsEnded: String(grants.length) },
    });
    return grants;
  });
  for (const grant of ended) publishGrantEnd(s, grant);
};
