import { formatResourceName, parseResourceName, pathOfSelector } from '@sallyport/decide/roles/resource-name';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { Selector } from '@sallyport/model/rights';
import { pageLimit } from '../http/page-limit.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { changeLabelled } from './change-labelled.ts';
import type { LabelBody } from './custom-roles.ts';
import { assertSuperAdmin } from './guard-user.ts';
import {
  assertLabelIsFree,
  assertRoomFor,
  findLabelled,
  labelledTarget,
  orgIdOf,
  readSelectors,
  selectorText,
} from './store.ts';

const SETS_MAX = 10_000;
const RESOURCES_MAX = 1000;
const EXCEPTIONS_MAX = 100;

export interface ResourceConditionsBody {
  readonly Exclude?: { readonly 'okta:ORN'?: readonly string[] | undefined } | undefined;
}

const target = (row: Pick<Row<'resourceSets'>, 'id' | 'label'>) => labelledTarget('resourceSets', row);
const find = (db: Transaction, idOrLabel: string) => findLabelled(db, 'resourceSets', idOrLabel);

const present = (
  row: Pick<Row<'resourceSets'>, 'id' | 'label' | 'description' | 'createdAt' | 'lastUpdatedAt'>,
  origin: string,
) => {
  const self = `${origin}/api/v1/iam/resource-sets/${row.id}`;
  return {
    id: row.id,
    label: row.label,
    description: row.description,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    _links: { self: { href: self }, resources: { href: `${self}/resources` }, bindings: { href: `${self}/bindings` } },
  };
};

const presentEntry = (s: Services, row: Row<'resourceSetEntries'>, orgId: string) => {
  const { ornPartition, publicUrl } = s.config;
  const { origin } = publicUrl;
  const selector = JSON.parse(row.selector) as Selector;
  const except = readSelectors(row.excluded);
  const href = `${origin}${pathOfSelector(selector)}`;
  return {
    id: row.id,
    orn: formatResourceName(selector, orgId, ornPartition),
    conditions: { Exclude: { 'okta:ORN': except.map((one) => formatResourceName(one, orgId, ornPartition)) } },
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    _links: {
      self: { href },
      resource: { href: `${origin}/api/v1/iam/resource-sets/${row.resourceSetId}/resources/${row.id}` },
      ...(selector.kind === 'user' ? { users: { href } } : {}),
      ...(selector.kind === 'group' ? { groups: { href } } : {}),
    },
  };
};

const TABLE_OF = { user: 'users', group: 'groups', app: 'apps', policy: 'policies', zone: 'zones' } as const;

/** E0000001 for what is none, or does not exist: an entry must not wait for an object that takes its name later. */
const readResource = async (s: Services, db: Transaction, text: string, orgId: string): Promise<Selector> => {
  const selector = parseResourceName(text, orgId, s.config.publicUrl.origin);
  if (selector === null)
    throw invalid(
      'resources',
      `${text.slice(0, 200)} is not the name or the address of something that this server has`,
    );
  const named =
    selector.by === 'id'
      ? ([TABLE_OF[selector.kind], selector.id] as const)
      : selector.by === 'group'
        ? (['groups', selector.groupId] as const)
        : null;
  if (named === null) return selector;
  const row = await db.selectFrom(named[0]).select('id').where('id', '=', named[1]).executeTakeFirst();
  if (row === undefined) throw invalid('resources', `there is no ${text.slice(0, 200)}`);
  return selector;
};

/** One after the other: a transaction has one connection. */
const readResources = async (
  s: Services,
  db: Transaction,
  names: readonly string[],
  orgId: string,
): Promise<readonly Selector[]> => {
  const selectors: Selector[] = [];
  for (const name of names) selectors.push(await readResource(s, db, name, orgId));
  return selectors;
};

const readExceptions = async (
  s: Services,
  db: Transaction,
  selector: Selector,
  conditions: ResourceConditionsBody | undefined,
  orgId: string,
): Promise<readonly Selector[]> => {
  const names = conditions?.Exclude?.['okta:ORN'] ?? [];
  if (names.length > EXCEPTIONS_MAX) throw invalid('conditions', `at most ${EXCEPTIONS_MAX} can be left out`);
  const except = await readResources(s, db, names, orgId);
  const stranger = except.find(({ kind, by }) => kind !== selector.kind || by === 'all');
  if (stranger !== undefined)
    throw invalid('conditions', 'only single things of the same kind, or the people of a group, can be left out');
  return except;
};

const entriesOf = (db: Transaction, resourceSetId: string) =>
  db.selectFrom('resourceSetEntries').selectAll().where('resourceSetId', '=', resourceSetId).orderBy('id').execute();

const addEntries = async (
  s: Services,
  tx: Transaction,
  resourceSetId: string,
  entries: readonly { readonly selector: Selector; readonly except: readonly Selector[] }[],
): Promise<readonly Row<'resourceSetEntries'>[]> => {
  const before = await entriesOf(tx, resourceSetId);
  const known = new Set(before.map(({ selector }) => selector));
  const now = s.clock.now();
  const rows = new Map<string, Row<'resourceSetEntries'>>();
  for (const { selector, except } of entries) {
    const text = selectorText(selector);
    if (!known.has(text))
      rows.set(text, {
        id: newId(s.random, 'resourceSetEntry'),
        resourceSetId,
        selector: text,
        excluded: JSON.stringify(except),
        createdAt: now,
        lastUpdatedAt: now,
      });
  }
  if (before.length + rows.size > RESOURCES_MAX) throw invalid('resources', `at most ${RESOURCES_MAX} fit in a set`);
  if (rows.size > 0)
    await tx
      .insertInto('resourceSetEntries')
      .values([...rows.values()])
      .execute();
  return [...rows.values()];
};

/** `GET /api/v1/iam/resource-sets`. */
export const listResourceSets = async (s: Services, input: { readonly after?: string; readonly limit?: string }) => {
  const limit = pageLimit(input.limit, 100, 200);
  const { origin } = s.config.publicUrl;
  let query = s.store.read
    .selectFrom('resourceSets')
    .selectAll()
    .orderBy('id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? `${origin}/api/v1/iam/resource-sets?after=${shown.at(-1)?.id ?? ''}` : null;
  return {
    'resource-sets': shown.map((row) => present(row, origin)),
    ...(next === null ? {} : { _links: { next: { href: next } } }),
  };
};

/**
 * A set that clients take for granted in every organisation, by this very id. Here nothing is in it, no role is held over
 * it, and it is not listed: it is there to be read.
 */
const WORKFLOWS_SET = {
  id: 'WORKFLOWS_IAM_POLICY',
  label: 'Workflows Resource Set',
  description: 'What workflows of the organisation may reach; this server runs none',
};

/** `GET /api/v1/iam/resource-sets/{idOrLabel}`. */
export const getResourceSet = async (s: Services, idOrLabel: string) => {
  const { origin } = s.config.publicUrl;
  if (idOrLabel !== WORKFLOWS_SET.id) return present(await find(s.store.read, idOrLabel), origin);
  const { createdAt } = await s.store.read.selectFrom('org').select('createdAt').executeTakeFirstOrThrow();
  return present({ ...WORKFLOWS_SET, createdAt, lastUpdatedAt: createdAt }, origin);
};

/** `POST /api/v1/iam/resource-sets`. */
export const createResourceSet = async (
  s: Services,
  principal: Principal,
  body: LabelBody & { readonly resources: readonly string[] },
) => {
  assertSuperAdmin(principal);
  const now = s.clock.now();
  const row: Row<'resourceSets'> = {
    id: newId(s.random, 'resourceSet'),
    label: body.label,
    labelFolded: body.label.toLowerCase(),
    description: body.description,
    createdAt: now,
    lastUpdatedAt: now,
    lastUpdatedBy: authorOf(principal),
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const orgId = await orgIdOf(tx);
    const selectors = await readResources(s, tx, body.resources, orgId);
    await assertRoomFor(tx, 'resourceSets', SETS_MAX);
    await assertLabelIsFree(tx, 'resourceSets', row.label, null);
    await tx.insertInto('resourceSets').values(row).execute();
    await addEntries(
      s,
      tx,
      row.id,
      selectors.map((selector) => ({ selector, except: [] })),
    );
    await recordEvent(s, tx, principal, { eventType: 'iam.resourceset.create', target: [target(row)] });
  });
  return present(row, s.config.publicUrl.origin);
};

/** Changes a set in a transaction; the doors of whoever holds a role over it hear of it. */
const change = <T>(
  s: Services,
  principal: Principal,
  idOrLabel: string,
  work: (tx: Transaction, row: Row<'resourceSets'>, orgId: string) => Promise<T>,
): Promise<T> =>
  changeLabelled(s, principal, 'resourceSets', idOrLabel, async (tx, row) => work(tx, row, await orgIdOf(tx)));

/** `PUT /api/v1/iam/resource-sets/{idOrLabel}`: label and description. */
export const replaceResourceSet = (s: Services, principal: Principal, idOrLabel: string, body: LabelBody) =>
  change(s, principal, idOrLabel, async (tx, row) => {
    await assertLabelIsFree(tx, 'resourceSets', body.label, row.id);
    const set = { label: body.label, labelFolded: body.label.toLowerCase(), description: body.description };
    await tx.updateTable('resourceSets').set(set).where('id', '=', row.id).execute();
    await recordEvent(s, tx, principal, { eventType: 'iam.resourceset.update', target: [target({ ...row, ...set })] });
    return present({ ...row, ...set, lastUpdatedAt: s.clock.now() }, s.config.publicUrl.origin);
  });

/** `DELETE /api/v1/iam/resource-sets/{idOrLabel}`: roles that were held over it are held no more. */
export const deleteResourceSet = (s: Services, principal: Principal, idOrLabel: string): Promise<void> =>
  change(s, principal, idOrLabel, async (tx, row) => {
    for (const table of ['roleAssignments', 'roleBindings', 'resourceSetEntries'] as const)
      await tx.deleteFrom(table).where('resourceSetId', '=', row.id).execute();
    await tx.deleteFrom('resourceSets').where('id', '=', row.id).execute();
    await recordEvent(s, tx, principal, { eventType: 'iam.resourceset.delete', target: [target(row)] });
  });

/** `GET …/resources`. */
export const listResources = async (
  s: Services,
  idOrLabel: string,
  input: { readonly after?: string; readonly limit?: string },
) => {
  const limit = pageLimit(input.limit, 100, RESOURCES_MAX);
  const { origin } = s.config.publicUrl;
  const set = await find(s.store.read, idOrLabel);
  const orgId = await orgIdOf(s.store.read);
  const rows = (await entriesOf(s.store.read, set.id)).filter(({ id }) => id > (input.after ?? ''));
  const shown = rows.slice(0, limit);
  const self = `${origin}/api/v1/iam/resource-sets/${set.id}`;
  return {
    resources: shown.map((row) => presentEntry(s, row, orgId)),
    _links: {
      ...(rows.length > limit ? { next: { href: `${self}/resources?after=${shown.at(-1)?.id ?? ''}` } } : {}),
      'resource-set': { href: self },
    },
  };
};

const findEntry = async (
  db: Transaction,
  resourceSetId: string,
  entryId: string,
): Promise<Row<'resourceSetEntries'>> => {
  const row = (await entriesOf(db, resourceSetId)).find(({ id }) => id === entryId);
  if (row === undefined) throw notFound(entryId, 'ResourceSetResource');
  return row;
};

/** `GET …/resources/{id}`. */
export const getResource = async (s: Services, idOrLabel: string, entryId: string) => {
  const set = await find(s.store.read, idOrLabel);
  const row = await findEntry(s.store.read, set.id, entryId);
  return presentEntry(s, row, await orgIdOf(s.store.read));
};

/** `PATCH …/resources {additions}`. What is there already stays as it is. */
export const addResources = (s: Services, principal: Principal, idOrLabel: string, additions: readonly string[]) =>
  change(s, principal, idOrLabel, async (tx, set, orgId) => {
    const selectors = await readResources(s, tx, additions, orgId);
    const added = await addEntries(
      s,
      tx,
      set.id,
      selectors.map((selector) => ({ selector, except: [] })),
    );
    await recordEvent(s, tx, principal, {
      eventType: 'iam.resourceset.resources.add',
      target: [target(set)],
      debugData: {
        resources: added
          .map((row) => presentEntry(s, row, orgId).orn)
          .join(', ')
          .slice(0, 4096),
      },
    });
    return present({ ...set, lastUpdatedAt: s.clock.now() }, s.config.publicUrl.origin);
  });

/** `POST …/resources {resourceOrnOrUrl, conditions}`. E0000090 where the set has it already. */
export const addResource = (
  s: Services,
  principal: Principal,
  idOrLabel: string,
  body: { readonly resourceOrnOrUrl: string; readonly conditions?: ResourceConditionsBody | undefined },
) =>
  change(s, principal, idOrLabel, async (tx, set, orgId) => {
    const selector = await readResource(s, tx, body.resourceOrnOrUrl, orgId);
    const except = await readExceptions(s, tx, selector, body.conditions, orgId);
    const [row] = await addEntries(s, tx, set.id, [{ selector, except }]);
    if (row === undefined) throw new ApiError('E0000090', { causes: ['The resource set has this resource already.'] });
    const presented = presentEntry(s, row, orgId);
    await recordEvent(s, tx, principal, {
      eventType: 'iam.resourceset.resources.add',
      target: [target(set)],
      debugData: { resources: presented.orn, conditions: JSON.stringify(presented.conditions) },
    });
    return presented;
  });

/** `PUT …/resources/{id} {conditions}`. */
export const replaceResource = (
  s: Services,
  principal: Principal,
  idOrLabel: string,
  entryId: string,
  conditions: ResourceConditionsBody | undefined,
) =>
  change(s, principal, idOrLabel, async (tx, set, orgId) => {
    const before = await findEntry(tx, set.id, entryId);
    const except = await readExceptions(s, tx, JSON.parse(before.selector) as Selector, conditions, orgId);
    const row = { ...before, excluded: JSON.stringify(except), lastUpdatedAt: s.clock.now() };
    await tx
      .updateTable('resourceSetEntries')
      .set({ excluded: row.excluded, lastUpdatedAt: row.lastUpdatedAt })
      .where('id', '=', entryId)
      .execute();
    const presented = presentEntry(s, row, orgId);
    await recordEvent(s, tx, principal, {
      eventType: 'iam.resourceset.resources.update',
      target: [target(set)],
      debugData: { resources: presented.orn, conditions: JSON.stringify(presented.conditions) },
    });
    return presented;
  });

/** `DELETE …/resources/{id}`. */
export const removeResource = (s: Services, principal: Principal, idOrLabel: string, entryId: string): Promise<void> =>
  change(s, principal, idOrLabel, async (tx, set, orgId) => {
    const row = await findEntry(tx, set.id, entryId);
    await tx.deleteFrom('resourceSetEntries').where('id', '=', entryId).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'iam.resourceset.resources.delete',
      target: [target(set)],
      debugData: { resources: presentEntry(s, row, orgId).orn },
    });
  });
