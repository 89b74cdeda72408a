import { authorize } from '@sallyport/decide/roles/authorize';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Selector } from '@sallyport/model/rights';
import { isStandardRole, labelOf } from '@sallyport/model/roles';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Transaction } from '../ports/store.ts';
import { CONSOLE_APP_NAME } from '../requests/entitlements.ts';
import { readConditions } from '../requests/read-conditions.ts';
import { nameSelectors, namesOf } from '../roles/name-selectors.ts';
import type { Services } from '../services.ts';
import { settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { bundleDocument, inUse } from './manage-bundles.ts';
import { type BundleRole, bundleRoles } from './store.ts';

interface Offer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly bundleIds: readonly string[];
}

/** By which conditions bundles can be asked for; all of these are conditions of the console. */
const offersOf = async (db: Transaction): Promise<readonly Offer[]> => {
  const rows = await db
    .selectFrom('requestConditions')
    .innerJoin('apps', 'apps.id', 'requestConditions.resourceId')
    .selectAll('requestConditions')
    .where('apps.name', '=', CONSOLE_APP_NAME)
    .orderBy('requestConditions.priority')
    .orderBy('requestConditions.id')
    .execute();
  return (await readConditions(db, rows)).map((read, index) => {
    const row = rows[index] as (typeof rows)[number];
    return {
      id: row.id,
      name: row.name,
      status: read.isWhole ? row.status : 'INVALID',
      bundleIds: read.entitlements.map(({ id }) => id),
    };
  });
};

/** What is gone is named by its id. */
const namedOrNull = (name: string, id: string): string | null => (name === id ? null : name);

const presentRoles = (
  held: readonly BundleRole[],
  nameOf: (selector: Selector) => string,
  sets: ReadonlyMap<string, string>,
) =>
  held.map(({ row: { type, roleId, roleLabel, resourceSetId, scope }, selectors }) => ({
    role: isStandardRole(type)
      ? { id: type, kind: 'standard' as const, label: labelOf(type) }
      : { id: roleId, kind: 'custom' as const, label: roleLabel ?? roleId },
    resourceSet: resourceSetId === '' ? null : { id: resourceSetId, label: sets.get(resourceSetId) ?? resourceSetId },
    /** Null is everything, or what the resource set holds. Of a group the group and its people are chosen; one says it. */
    targets:
      scope === 'EVERYTHING' || resourceSetId !== ''
        ? null
        : selectors.flatMap((selector) =>
            selector.by === 'id' ? [{ id: selector.id, name: namedOrNull(nameOf(selector), selector.id) }] : [],
          ),
  }));

/** Roles that were put in at one instant have no order of their own: they stand by their names. */
const byName = (roles: ReturnType<typeof presentRoles>) => {
  const keyOf = ({ role, resourceSet }: (typeof roles)[number]): string =>
    [role.label, role.id, resourceSet?.label ?? ''].join('\n');
  return roles.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
};

/**
 * `GET /sallyport/v1/bundles`: with what each gives, and by what it can be asked for, which is null for whoever may not see
 * how access is asked for. The oldest first.
 */
export const listBundlesInFull = async (
  s: Services,
  principal: Principal,
  input: { readonly limit?: string | undefined; readonly after?: string | undefined },
) => {
  const limit = pageLimit(input.limit, 50, 200);
  const db = s.store.read;
  let query = db
    .selectFrom('bundles')
    .selectAll()
    .orderBy('id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const page = pageOf<Row<'bundles'>>(await query.execute(), limit);
  const ids = page.shown.map(({ id }) => id);
  const held = new Map<string, readonly BundleRole[]>();
  for (const id of ids) held.set(id, await bundleRoles(db, id));
  const all = [...held.values()].flat();
  const nameOf = await nameSelectors(
    db,
    all.flatMap(({ selectors }) => selectors),
  );
  const sets = await namesOf(
    db,
    'resourceSet',
    all.flatMap(({ row }) => (row.resourceSetId === '' ? [] : [row.resourceSetId])),
  );
  const used = await inUse(db, ids, s.clock.now());
  const maySeeOffers = authorize(principal, 'okta.governance.accessRequests.manage').kind === 'allow';
  const offers = maySeeOffers ? await offersOf(db) : null;
  return {
    bundles: page.shown.map((row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      roles: byName(presentRoles(held.get(row.id) ?? [], nameOf, sets)),
      openGrants: used.get(row.id) ?? 0,
      offeredBy:
        offers
          ?.filter(({ bundleIds }) => bundleIds.includes(row.id))
          .map(({ id, name, status }) => ({ id, name, status })) ?? null,
      lastUpdatedAt: toIso(row.lastUpdatedAt),
      version: settingsVersion(bundleDocument(row, held.get(row.id) ?? [])),
    })),
    after: page.after,
  };
};
