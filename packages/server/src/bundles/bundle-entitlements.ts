import { formatResourceName } from '@sallyport/decide/roles/resource-name';
import { notFound } from '@sallyport/model/errors';
import type { Selector } from '@sallyport/model/rights';
import { isStandardRole, labelOf } from '@sallyport/model/roles';
import type { Transaction } from '../ports/store.ts';
import { nameSelectors, namesOf } from '../roles/name-selectors.ts';
import { orgIdOf } from '../roles/store.ts';
import type { Services } from '../services.ts';
import { type BundleRole, bundleRoles, findBundle } from './store.ts';

const linkTo = (s: Services, bundleId: string): string =>
  `${s.config.publicUrl.origin}/api/v1/iam/governance/bundles/${bundleId}`;

const rolesByName = async (db: Transaction, held: readonly BundleRole[]) => {
  const rows = await db
    .selectFrom('customRoles')
    .select(['id', 'label', 'description'])
    .where('id', 'in', [...held.map(({ row }) => row.roleId), ''])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
};

/** `GET …/{bundleId}/entitlements`: its roles, one line for each resource set that a custom one is held over. */
export const listBundleEntitlements = async (s: Services, bundleId: string) => {
  const db = s.store.read;
  await findBundle(db, bundleId);
  const held = await bundleRoles(db, bundleId);
  const custom = await rolesByName(db, held);
  const href = linkTo(s, bundleId);
  return {
    entitlements: held.map(({ row: { id, type, roleId } }) => {
      const role = custom.get(roleId);
      return {
        id,
        role: isStandardRole(type) ? type : roleId,
        name: role?.label ?? (isStandardRole(type) ? labelOf(type) : type),
        description: role?.description ?? '',
        _links: { values: { href: `${href}/entitlements/${id}/values` } },
      };
    }),
    _links: { self: { href: `${href}/entitlements` }, bundle: { href } },
  };
};

/** `GET …/entitlements/{entitlementId}/values`: what it is held over; empty is everything. E0000007. */
export const listEntitlementValues = async (s: Services, bundleId: string, entitlementId: string) => {
  const db = s.store.read;
  await findBundle(db, bundleId);
  const found = (await bundleRoles(db, bundleId)).find(({ row }) => row.id === entitlementId);
  if (found === undefined) throw notFound(entitlementId, 'BundleEntitlement');
  const { origin } = s.config.publicUrl;
  const orgId = await orgIdOf(db);
  const { resourceSetId } = found.row;
  const sets = await namesOf(db, 'resourceSet', resourceSetId === '' ? [] : [resourceSetId]);
  // Of a group the group and its people are both chosen; one value says it.
  const shown = found.selectors.filter(({ by }) => by !== 'group');
  const nameOf = await nameSelectors(db, shown);
  const presentSelector = (selector: Selector) => {
    const id = selector.by === 'id' ? selector.id : nameOf(selector);
    return {
      id,
      name: nameOf(selector),
      value: formatResourceName(selector, orgId, s.config.ornPartition),
      _links:
        selector.by !== 'id'
          ? {}
          : selector.kind === 'group'
            ? { group: { href: `${origin}/api/v1/groups/${id}` } }
            : { app: { href: `${origin}/api/v1/apps/${id}` } },
    };
  };
  const href = linkTo(s, bundleId);
  return {
    entitlementValues: [
      ...[...sets].map(([id, name]) => ({
        id,
        name,
        value: `orn:${s.config.ornPartition}:iam:${orgId}:resource-sets:${id}`,
        _links: { 'resource-set': { href: `${origin}/api/v1/iam/resource-sets/${id}` } },
      })),
      ...shown.map(presentSelector),
    ],
    _links: {
      self: { href: `${href}/entitlements/${entitlementId}/values` },
      bundle: { href },
      entitlements: { href: `${href}/entitlements` },
    },
  };
};
