import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { isSame } from './is-same.ts';
import type { Names } from './names.ts';
import { readAll } from './read-all.ts';
import type { Entry, Live, Mention, Section, Step } from './section.ts';

interface ResourceSet {
  readonly id: string;
  readonly label: string;
  readonly description: string;
}
interface Resource {
  readonly id: string;
  readonly orn: string;
  readonly conditions?: { readonly Exclude?: { readonly 'okta:ORN'?: readonly string[] } };
}
interface Member {
  readonly id: string;
  readonly _links: { readonly self: { readonly href: string } };
}
/** Groups by name, people by login. */
interface Members {
  readonly groups?: readonly string[];
  readonly users?: readonly string[];
}
/** What is in it: whole, or but for what is left out of it. */
const WHOLE = 'whole';
type Resources = Readonly<Record<string, { readonly except: readonly string[] } | typeof WHOLE>>;
type Bindings = Readonly<Record<string, Members>>;

/** A resource set as it is, with the ids under which its parts are taken out. */
interface LiveSet extends Live {
  readonly resourceIds: Readonly<Record<string, string>>;
  readonly memberIds: Readonly<Record<string, string>>;
  /** Roles that others hold over it, too, whom no document names: service apps and bundles. */
  readonly rolesOfOthers: ReadonlySet<string>;
}

const resourcesOf = (entry: Entry): Resources => (entry['resources'] ?? {}) as Resources;
const bindingsOf = (entry: Entry): Bindings => (entry['members'] ?? {}) as Bindings;
const memberKey = (role: string, kind: string, name: string): string => JSON.stringify([role, kind, name]);
const KINDS = { groups: 'group', users: 'user' } as const;
const holdersOf = (members: Members) =>
  (['groups', 'users'] as const).flatMap((list) =>
    (members[list] ?? []).map((name) => ({ kind: KINDS[list], list, name })),
  );

const readMembers = async (client: Client, names: Names, set: string, role: string) => {
  const path = `/api/v1/iam/resource-sets/${set}/bindings/${role}/members`;
  const found = [];
  const all = await readAll<Member>(client, path, 'members');
  for (const { id, _links } of all) {
    const [, list, holder] = /\/(groups|users)\/([^/?]+)$/.exec(_links.self.href) ?? [];
    if (list !== 'groups' && list !== 'users') continue;
    found.push({ id, list, name: await names.nameOf(KINDS[list], holder ?? '') });
  }
  return { found, hasOthers: found.length < all.length };
};

const readSet = async (client: Client, names: Names, set: ResourceSet): Promise<LiveSet> => {
  const path = `/api/v1/iam/resource-sets/${set.id}`;
  const held = await readAll<Resource>(client, `${path}/resources`, 'resources');
  const members: Record<string, Members> = {};
  const memberIds: Record<string, string> = {};
  const rolesOfOthers = new Set<string>();
  for (const { id } of await readAll<{ readonly id: string }>(client, `${path}/bindings`, 'roles')) {
    const role = await names.nameOf('role', id);
    const { found, hasOthers } = await readMembers(client, names, set.id, id);
    if (hasOthers) rolesOfOthers.add(role);
    const of = (list: keyof Members) => found.filter((one) => one.list === list).map(({ name }) => name);
    members[role] = { groups: of('groups'), users: of('users') };
    for (const one of found) memberIds[memberKey(role, one.list, one.name)] = one.id;
  }
  return {
    id: set.id,
    name: set.label,
    isBuiltIn: false,
    resourceIds: Object.fromEntries(held.map(({ orn, id }) => [orn, id])),
    memberIds,
    rolesOfOthers,
    entry: {
      description: set.description,
      resources: Object.fromEntries(
        held.map(({ orn, conditions }) => {
          const except = conditions?.Exclude?.['okta:ORN'] ?? [];
          return [orn, except.length === 0 ? WHOLE : { except }];
        }),
      ),
      members,
    },
  };
};

const conditionsOf = (resource: Resources[string]) => ({
  conditions: { Exclude: { 'okta:ORN': resource === WHOLE ? [] : [...resource.except] } },
});

const changeResources = (set: string, had: Resources, wanted: Resources, ids: Readonly<Record<string, string>>) => {
  const steps: Step[] = [];
  const step = (request: Step['request']) => steps.push({ batch: 'resource-set.update', request });
  for (const [orn, resource] of Object.entries(wanted)) {
    const id = ids[orn];
    if (id === undefined)
      step(() =>
        requestOf('resources.add', {
          params: { resourceSetIdOrLabel: set },
          body: { resourceOrnOrUrl: orn, ...(resource === WHOLE ? {} : conditionsOf(resource)) },
        }),
      );
    else if (!isSame(had[orn], resource))
      step(() =>
        requestOf('resources.replace', {
          params: { resourceSetIdOrLabel: set, resourceId: id },
          body: conditionsOf(resource),
        }),
      );
  }
  for (const [orn, id] of Object.entries(ids))
    if (!(orn in wanted))
      step(() => requestOf('resources.remove', { params: { resourceSetIdOrLabel: set, resourceId: id } }));
  return steps;
};

/** People and groups are named to the server by their addresses. */
const addresses = (names: Names, members: Members): Promise<string[]> =>
  Promise.all(
    holdersOf(members).map(async ({ kind, list, name }) => `/api/v1/${list}/${await names.idOf(kind, name)}`),
  );

const changeMembers = (
  set: string,
  had: Bindings,
  wanted: Bindings,
  ids: Readonly<Record<string, string>>,
  rolesOfOthers: ReadonlySet<string>,
) => {
  const steps: Step[] = [];
  // A binding ends with all who hold by it: where others do, only those go whom a document names.
  const kept = Object.keys(had).filter((role) => !(role in wanted) && rolesOfOthers.has(role));
  for (const [role, members] of [...Object.entries(wanted), ...kept.map((one) => [one, {} as Members] as const)]) {
    const before = had[role];
    const params = { resourceSetIdOrLabel: set, roleIdOrLabel: role };
    const gone = holdersOf(before ?? {}).filter(({ list, name }) => !members[list]?.includes(name));
    const fresh: Members = {
      groups: (members.groups ?? []).filter((name) => !before?.groups?.includes(name)),
      users: (members.users ?? []).filter((name) => !before?.users?.includes(name)),
    };
    if (before === undefined)
      steps.push({
        batch: 'role.assign',
        request: async (names) =>
          requestOf('bindings.create', {
            params: { resourceSetIdOrLabel: set },
            body: { role, members: await addresses(names, members) },
          }),
      });
    else if (holdersOf(fresh).length > 0)
      steps.push({
        batch: 'role.assign',
        request: async (names) =>
          requestOf('bindingMembers.add', { params, body: { additions: await addresses(names, fresh) } }),
      });
    for (const { list, name } of gone)
      steps.push({
        batch: 'role.unassign',
        request: () =>
          requestOf('bindingMembers.remove', {
            params: { ...params, memberId: ids[memberKey(role, list, name)] ?? '' },
          }),
      });
  }
  for (const role of Object.keys(had))
    if (!(role in wanted) && !rolesOfOthers.has(role))
      steps.push({
        batch: 'role.unassign',
        request: () => requestOf('bindings.delete', { params: { resourceSetIdOrLabel: set, roleIdOrLabel: role } }),
      });
  return steps;
};

/** Resource sets, and who holds which custom role over them. */
export const resourceSets: Section = {
  key: 'resourceSets',
  noun: 'resource set',
  fields: { description: undefined, resources: {}, members: {} },
  async read(client, names) {
    const live: LiveSet[] = [];
    for (const set of await readAll<ResourceSet>(client, '/api/v1/iam/resource-sets', 'resource-sets'))
      live.push(await readSet(client, names, set));
    return live;
  },
  // The one name that the server gives them: by their addresses they would differ for ever.
  check: (entry) =>
    Object.entries(resourcesOf(entry)).flatMap(([name, value]) => [
      ...(name.startsWith('orn:') ? [] : [`resources: ${name} is no resource name; those begin with orn:`]),
      ...(value === WHOLE || Array.isArray((value as { except?: unknown } | null)?.except)
        ? []
        : [`resources.${name}: must be ${WHOLE}, or except with a list of names`]),
    ]),
  mentions: (entry) =>
    Object.entries(bindingsOf(entry)).flatMap(([role, members]): Mention[] => [
      { kind: 'role', name: role },
      ...holdersOf(members),
    ]),
  create: (label, entry) => [
    {
      batch: 'resource-set.create',
      request: () =>
        requestOf('resourceSets.create', {
          body: { label, description: String(entry['description']), resources: [] },
        }),
    },
    ...changeResources(label, {}, resourcesOf(entry), {}),
    ...changeMembers(label, {}, bindingsOf(entry), {}, new Set()),
  ],
  update(live, entry) {
    const { id, name, entry: before, resourceIds, memberIds, rolesOfOthers } = live as LiveSet;
    const description = String(entry['description']);
    return [
      ...(before['description'] === description
        ? []
        : [
            {
              batch: 'resource-set.update',
              request: () =>
                requestOf('resourceSets.replace', {
                  params: { resourceSetIdOrLabel: id },
                  body: { label: name, description },
                }),
            },
          ]),
      ...changeResources(id, resourcesOf(before), resourcesOf(entry), resourceIds),
      ...changeMembers(id, bindingsOf(before), bindingsOf(entry), memberIds, rolesOfOthers),
    ];
  },
  remove: ({ id }) => [
    {
      batch: 'resource-set.delete',
      request: () => requestOf('resourceSets.delete', { params: { resourceSetIdOrLabel: id } }),
    },
  ],
};
