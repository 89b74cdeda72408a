import type { Selector } from '@sallyport/model/rights';
import type { Transaction } from '../ports/store.ts';

const ALL = {
  user: 'All people',
  group: 'All groups',
  app: 'All apps',
  policy: 'All policies',
  zone: 'All network zones',
  log: 'The whole System Log',
} as const;

type Named = Exclude<keyof typeof NAME_COLUMN, 'bundle' | 'resourceSet'>;
const NAME_COLUMN = {
  user: ['users', 'login'],
  group: ['groups', 'name'],
  app: ['apps', 'label'],
  policy: ['policies', 'name'],
  zone: ['zones', 'name'],
  bundle: ['bundles', 'name'],
  resourceSet: ['resourceSets', 'label'],
} as const;
/** Both engines take this many values in one list. */
const IDS_MAX = 500;

/** Names of things of one kind by their ids; what is gone is not there. */
export const namesOf = async (
  db: Transaction,
  kind: keyof typeof NAME_COLUMN,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const [table, column] = NAME_COLUMN[kind];
  const names = new Map<string, string>();
  const wanted = [...new Set(ids)];
  for (let i = 0; i < wanted.length; i += IDS_MAX) {
    const rows = await db
      .selectFrom(table)
      .select((e) => ['id', e.ref(column as 'name').as('name')])
      .where('id', 'in', wanted.slice(i, i + IDS_MAX))
      .execute();
    for (const { id, name } of rows) names.set(id, name);
  }
  return names;
};

/** What selectors choose, in words that name the thing; one that is gone keeps its id. */
export const nameSelectors = async (
  db: Transaction,
  selectors: readonly Selector[],
): Promise<(selector: Selector) => string> => {
  const ids: Record<Named, string[]> = { user: [], group: [], app: [], policy: [], zone: [] };
  for (const selector of selectors) {
    if (selector.by === 'id') ids[selector.kind].push(selector.id);
    if (selector.by === 'group') ids.group.push(selector.groupId);
  }
  const names = new Map<string, string>();
  for (const kind of Object.keys(ids) as Named[])
    for (const [id, name] of await namesOf(db, kind, ids[kind])) names.set(id, name);
  return (selector) => {
    switch (selector.by) {
      case 'all':
        return ALL[selector.kind];
      case 'id':
        return names.get(selector.id) ?? selector.id;
      case 'group':
        return `People in ${names.get(selector.groupId) ?? selector.groupId}`;
      case 'name':
        return `Apps of the kind ${selector.name}`;
      case 'type':
        return `Policies of the type ${selector.type}`;
    }
  };
};
