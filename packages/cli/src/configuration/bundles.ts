import type { BundleAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Names } from './names.ts';
import { readAll } from './read-all.ts';
import type { Entry, Live, Mention, Section } from './section.ts';
import { isFields, isNames } from './shapes.ts';

/** A standard role over everything, or over groups or apps; a custom one over resource sets. */
const EVERYTHING = 'everything';
interface Over {
  readonly groups?: readonly string[];
  readonly apps?: readonly string[];
  readonly resourceSets?: readonly string[];
}
type Roles = Readonly<Record<string, Over | typeof EVERYTHING>>;
const LISTS = ['groups', 'apps', 'resourceSets'] as const;

interface LiveBundle extends Live {
  readonly openGrants: number;
}

const rolesOf = (entry: Entry): Roles => entry['roles'] as Roles;

const saidRoles = ({ roles }: BundleAnswer): Roles => {
  const said: Record<string, Record<string, string[]> | typeof EVERYTHING> = {};
  for (const { role, resourceSet, targets } of roles) {
    // A custom role has no name that is a standard one's type to the server, which reads these first.
    const name = role.kind === 'standard' ? role.id : role.label;
    if (resourceSet === null && targets === null) {
      said[name] = EVERYTHING;
      continue;
    }
    const before = said[name];
    const over = before === undefined || before === EVERYTHING ? {} : before;
    const put = (list: (typeof LISTS)[number], what: string): void => {
      over[list] = [...(over[list] ?? []), what].toSorted();
    };
    if (resourceSet !== null) put('resourceSets', resourceSet.label);
    // What was deleted keeps its id, and gives nothing.
    for (const { id, name: target } of targets ?? []) put(id.startsWith('00g') ? 'groups' : 'apps', target ?? id);
    said[name] = over;
  }
  return said;
};

const bodyOf = async (name: string, entry: Entry, names: Names) => {
  const entitlements = [];
  for (const [role, over] of Object.entries(rolesOf(entry))) {
    if (over === EVERYTHING) {
      entitlements.push({ role });
      continue;
    }
    const { groups = [], apps = [], resourceSets = [] } = over;
    const targets: string[] = [];
    for (const group of groups) targets.push(await names.idOf('group', group));
    for (const app of apps) targets.push(await names.idOf('app', app));
    const sets: string[] = [];
    for (const set of resourceSets) sets.push(await names.idOf('resource set', set));
    entitlements.push({
      role: sets.length === 0 ? role : await names.idOf('role', role),
      ...(sets.length === 0 ? {} : { resourceSets: sets }),
      ...(targets.length === 0 ? {} : { targets }),
    });
  }
  return { name, description: String(entry['description']), entitlements };
};

const checkRole = ([role, over]: readonly [string, unknown]): readonly string[] => {
  if (over === EVERYTHING) return [];
  const lists = isFields(over) ? Object.entries(over) : [];
  const isRight = lists.length > 0 && lists.every(([, names]) => isNames(names) && names.length > 0);
  const unknown = lists.filter(([list]) => !(LISTS as readonly string[]).includes(list));
  return [
    ...unknown.map(([list]) => `roles.${role}: there is no field ${list}`),
    // An empty list would not be nothing, but everything.
    ...(isRight ? [] : [`roles.${role}: must be ${EVERYTHING}, or have ${LISTS.join(', ')}, each with names`]),
  ];
};

/** Admin roles that can be given for a while. */
export const bundles: Section = {
  key: 'bundles',
  noun: 'bundle',
  fields: { description: '', roles: undefined },
  async read(client) {
    const all = await readAll<BundleAnswer>(client, '/sallyport/v1/bundles?limit=200', null);
    return all.map((bundle): LiveBundle => {
      const { id, name, description, openGrants } = bundle;
      return { id, name, isBuiltIn: false, openGrants, entry: { description, roles: saidRoles(bundle) } };
    });
  },
  check: ({ roles }) =>
    isFields(roles) && Object.keys(roles).length > 0
      ? Object.entries(roles).flatMap(checkRole)
      : ['roles: must name a role, and over what'],
  mentions: (entry) =>
    Object.entries(rolesOf(entry)).flatMap(([role, over]): Mention[] => {
      if (over === EVERYTHING) return [];
      const { groups = [], apps = [], resourceSets = [] } = over;
      return [
        ...(resourceSets.length === 0 ? [] : [{ kind: 'role', name: role } as const]),
        ...resourceSets.map((name) => ({ kind: 'resource set', name }) as const),
        ...groups.map((name) => ({ kind: 'group', name }) as const),
        ...apps.map((name) => ({ kind: 'app', name }) as const),
      ];
    }),
  create: (name, entry) => [
    {
      batch: 'bundle.create',
      request: async (names) => requestOf('bundles.create', { body: await bodyOf(name, entry, names) }),
    },
  ],
  update: ({ id, name }, entry) => [
    {
      batch: 'bundle.update',
      request: async (names) =>
        requestOf('bundles.replace', { params: { bundleId: id }, body: await bodyOf(name, entry, names) }),
    },
  ],
  remove: ({ id }) => [
    { batch: 'bundle.delete', request: () => requestOf('bundles.delete', { params: { bundleId: id } }) },
  ],
  ends(live, entry) {
    const { openGrants } = live as LiveBundle;
    return entry === null && openGrants > 0 ? [`${openGrants} grant(s) of it end`] : [];
  },
};
