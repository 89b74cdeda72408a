import { formatResourceName } from '@sallyport/decide/roles/resource-name';
import { toIso } from '@sallyport/model/instant';
import type { Selector } from '@sallyport/model/rights';
import type { Services } from '../services.ts';
import { listHolders } from './list-holders.ts';
import { nameSelectors, namesOf } from './name-selectors.ts';
import { findLabelled, orgIdOf, readSelectors } from './store.ts';

/** `GET /sallyport/v1/resource-sets/{idOrLabel}`: what is in it by name, and who holds which role over it. */
export const getResourceSetDetail = async (s: Services, idOrLabel: string) => {
  const db = s.store.read;
  const set = await findLabelled(db, 'resourceSets', idOrLabel);
  const orgId = await orgIdOf(db);
  const rows = await db
    .selectFrom('resourceSetEntries')
    .selectAll()
    .where('resourceSetId', '=', set.id)
    .orderBy('createdAt')
    .orderBy('selector')
    .execute();
  const entries = rows.map((row) => ({
    id: row.id,
    selector: JSON.parse(row.selector) as Selector,
    except: readSelectors(row.excluded),
  }));
  const nameOf = await nameSelectors(
    db,
    entries.flatMap(({ selector, except }) => [selector, ...except]),
  );
  const bindings = await db
    .selectFrom('roleBindings')
    .innerJoin('customRoles', 'customRoles.id', 'roleBindings.roleId')
    .select(['customRoles.id', 'customRoles.label'])
    .where('roleBindings.resourceSetId', '=', set.id)
    .orderBy('customRoles.labelFolded')
    .execute();
  const holders = await listHolders(db, { resourceSetId: set.id });
  return {
    id: set.id,
    label: set.label,
    description: set.description,
    lastUpdatedAt: toIso(set.lastUpdatedAt),
    lastUpdatedBy: (await namesOf(db, 'user', [set.lastUpdatedBy])).get(set.lastUpdatedBy) ?? null,
    resources: entries.map(({ id, selector, except }) => ({
      id,
      kind: selector.kind,
      orn: formatResourceName(selector, orgId, s.config.ornPartition),
      name: nameOf(selector),
      except: except.map((one) => ({ orn: formatResourceName(one, orgId, s.config.ornPartition), name: nameOf(one) })),
    })),
    bindings: bindings.map((role) => ({
      role,
      holders: holders.filter((holder) => holder.role.id === role.id),
    })),
  };
};
