import type { Handler } from '../http/exchange.ts';
import { settingsVersion } from '../settings/settings-version.ts';
import { assignRole, getRole, type HolderKind, listRoles, type RoleBody, unassignRole } from './assign-role.ts';
import {
  addMembers,
  createBinding,
  deleteBinding,
  getBinding,
  getMember,
  listBindings,
  listMembers,
  removeMember,
} from './bindings.ts';
import {
  addPermission,
  type ConditionsBody,
  createCustomRole,
  deleteCustomRole,
  getCustomRole,
  getPermission,
  type LabelBody,
  listCustomRoles,
  listPermissions,
  type RoleDraft,
  removePermission,
  replaceCustomRole,
  replacePermission,
  saveCustomRole,
} from './custom-roles.ts';
import { listAssignees } from './list-assignees.ts';
import { listHeldRoles } from './list-held-roles.ts';
import { getResourceSetDetail } from './resource-set-detail.ts';
import {
  addResource,
  addResources,
  createResourceSet,
  deleteResourceSet,
  getResource,
  getResourceSet,
  listResourceSets,
  listResources,
  type ResourceConditionsBody,
  removeResource,
  replaceResource,
  replaceResourceSet,
} from './resource-sets.ts';
import { getRoleComparison, getRoleDetail, listAllRoles, listPermissionWords } from './role-catalogue.ts';
import {
  type Assigned,
  addTarget,
  listAppTargets,
  listGroupTargets,
  removeTarget,
  targetAllApps,
} from './role-targets.ts';
import type { Target } from './target-selectors.ts';

type Params = Readonly<Record<string, string>>;
const at = (params: Params, name: string): string => params[name] ?? '';

const of = (kind: HolderKind, param: string) => ({
  list: (async ({ services, params }) => ({
    body: await listRoles(services, kind, at(params, param)),
  })) satisfies Handler,
  assign: (async ({ services, principal, params, body }) => ({
    body: await assignRole(services, principal, kind, at(params, param), body as RoleBody),
  })) satisfies Handler,
  get: (async ({ services, params }) => ({
    body: await getRole(services, kind, at(params, param), at(params, 'roleAssignmentId')),
  })) satisfies Handler,
  unassign: (async ({ services, principal, params }) => {
    await unassignRole(services, principal, kind, at(params, param), at(params, 'roleAssignmentId'));
    return {};
  }) satisfies Handler,
});
const user = of('user', 'userId');
const group = of('group', 'groupId');
const client = of('client', 'clientId');

const targetsOf = (kind: HolderKind, param: string, groupParam: string) => {
  const assigned = (params: Params): Assigned => ({
    kind,
    holderId: at(params, param),
    assignmentId: at(params, 'roleAssignmentId'),
  });
  const toGroup = (params: Params): Target => ({ kind: 'group', groupId: at(params, groupParam) });
  const toApp = (params: Params): Target => ({ kind: 'app', name: at(params, 'appName'), appId: params['appId'] });
  const change =
    (work: typeof addTarget, target: (params: Params) => Target): Handler =>
    async ({ services, principal, params }) => {
      await work(services, principal, assigned(params), target(params));
      return {};
    };
  return {
    groups: (async ({ services, params }) => ({
      body: await listGroupTargets(services, assigned(params)),
    })) satisfies Handler,
    apps: (async ({ services, params }) => ({
      body: await listAppTargets(services, assigned(params)),
    })) satisfies Handler,
    addGroup: change(addTarget, toGroup),
    removeGroup: change(removeTarget, toGroup),
    addApp: change(addTarget, toApp),
    removeApp: change(removeTarget, toApp),
    allApps: (async ({ services, principal, params }) => {
      await targetAllApps(services, principal, assigned(params));
      return {};
    }) satisfies Handler,
  };
};
const userTargets = targetsOf('user', 'userId', 'groupId');
const groupTargets = targetsOf('group', 'groupId', 'targetGroupId');
const clientTargets = targetsOf('client', 'clientId', 'groupId');

const role = (params: Params): string => at(params, 'roleIdOrLabel');
const set = (params: Params): string => at(params, 'resourceSetIdOrLabel');
const permission = (params: Params): string => at(params, 'permissionType');
const conditions = (body: unknown): ConditionsBody | null | undefined =>
  (body as { conditions?: ConditionsBody | null } | null | undefined)?.conditions;
/** The wire's clients find a role by this header after creating it. */
const withSelf = <B extends { readonly _links: { readonly self: { readonly href: string } } }>(body: B) => ({
  body,
  headers: { Link: `<${body._links.self.href}>; rel="self"` },
});

/** A role with the tag of its version, for whoever means to change it. */
const tagged = ({ body, document }: Awaited<ReturnType<typeof getRoleDetail>>) => ({
  body,
  ...(document === null ? {} : { headers: { ETag: settingsVersion(document) } }),
});

export const roleHandlers = {
  'userRoles.list': user.list,
  'userRoles.assign': user.assign,
  'userRoles.get': user.get,
  'userRoles.unassign': user.unassign,
  'groupRoles.list': group.list,
  'groupRoles.assign': group.assign,
  'groupRoles.get': group.get,
  'groupRoles.unassign': group.unassign,
  'clientRoles.list': client.list,
  'clientRoles.assign': client.assign,
  'clientRoles.get': client.get,
  'clientRoles.unassign': client.unassign,
  'assignees.list': async ({ services, query }) => ({ body: await listAssignees(services, query) }),
  'userRoleTargets.groups': userTargets.groups,
  'userRoleTargets.addGroup': userTargets.addGroup,
  'userRoleTargets.removeGroup': userTargets.removeGroup,
  'userRoleTargets.apps': userTargets.apps,
  'userRoleTargets.allApps': userTargets.allApps,
  'userRoleTargets.addAppName': userTargets.addApp,
  'userRoleTargets.removeAppName': userTargets.removeApp,
  'userRoleTargets.addApp': userTargets.addApp,
  'userRoleTargets.removeApp': userTargets.removeApp,
  'groupRoleTargets.groups': groupTargets.groups,
  'groupRoleTargets.addGroup': groupTargets.addGroup,
  'groupRoleTargets.removeGroup': groupTargets.removeGroup,
  'groupRoleTargets.apps': groupTargets.apps,
  'groupRoleTargets.addAppName': groupTargets.addApp,
  'groupRoleTargets.removeAppName': groupTargets.removeApp,
  'groupRoleTargets.addApp': groupTargets.addApp,
  'groupRoleTargets.removeApp': groupTargets.removeApp,
  'clientRoleTargets.groups': clientTargets.groups,
  'clientRoleTargets.addGroup': clientTargets.addGroup,
  'clientRoleTargets.removeGroup': clientTargets.removeGroup,
  'clientRoleTargets.apps': clientTargets.apps,
  'clientRoleTargets.addAppName': clientTargets.addApp,
  'clientRoleTargets.removeAppName': clientTargets.removeApp,
  'clientRoleTargets.addApp': clientTargets.addApp,
  'clientRoleTargets.removeApp': clientTargets.removeApp,
  'customRoles.list': async ({ services, query }) => ({ body: await listCustomRoles(services, query) }),
  'permissions.list': async () => ({ body: listPermissionWords() }),
  'roles.list': async ({ services }) => ({ body: await listAllRoles(services) }),
  'roles.create': async ({ services, principal, body }) => {
    const { id } = await createCustomRole(services, principal, body as RoleDraft);
    return tagged(await getRoleDetail(services, id));
  },
  'roles.get': async ({ services, params }) => tagged(await getRoleDetail(services, role(params))),
  'roles.put': async ({ services, principal, params, body, request }) => {
    const ifMatch = request.headers['if-match'];
    const id = await saveCustomRole(services, principal, role(params), body as RoleDraft, ifMatch);
    return tagged(await getRoleDetail(services, id));
  },
  'roles.compare': async ({ services, params }) => ({
    body: await getRoleComparison(services, role(params), at(params, 'otherRoleIdOrLabel')),
  }),
  'heldRoles.ofUser': async ({ services, params }) => ({
    body: await listHeldRoles(services, 'user', at(params, 'userId')),
  }),
  'heldRoles.ofGroup': async ({ services, params }) => ({
    body: await listHeldRoles(services, 'group', at(params, 'groupId')),
  }),
  'heldRoles.ofClient': async ({ services, params }) => ({
    body: await listHeldRoles(services, 'client', at(params, 'clientId')),
  }),
  'resourceSetDetails.get': async ({ services, params }) => ({
    body: await getResourceSetDetail(services, set(params)),
  }),
  'customRoles.create': async ({ services, principal, body }) => {
    const { permissions, ...rest } = body as LabelBody & { readonly permissions: readonly string[] };
    const draft = { ...rest, permissions: permissions.map((name) => ({ permission: name })) };
    return withSelf(await createCustomRole(services, principal, draft));
  },
  'customRoles.get': async ({ services, params }) => withSelf(await getCustomRole(services, role(params))),
  'customRoles.replace': async ({ services, principal, params, body }) =>
    withSelf(
      await replaceCustomRole(services, principal, role(params), body as Parameters<typeof replaceCustomRole>[3]),
    ),
  'customRoles.delete': async ({ services, principal, params }) => {
    await deleteCustomRole(services, principal, role(params));
    return {};
  },
  'rolePermissions.list': async ({ services, params }) => ({ body: await listPermissions(services, role(params)) }),
  'rolePermissions.get': async ({ services, params }) => ({
    body: await getPermission(services, role(params), permission(params)),
  }),
  'rolePermissions.add': async ({ services, principal, params, body }) => {
    await addPermission(services, principal, role(params), permission(params), conditions(body));
    return {};
  },
  'rolePermissions.replace': async ({ services, principal, params, body }) => ({
    body: await replacePermission(services, principal, role(params), permission(params), conditions(body)),
  }),
  'rolePermissions.remove': async ({ services, principal, params }) => {
    await removePermission(services, principal, role(params), permission(params));
    return {};
  },
  'resourceSets.list': async ({ services, query }) => ({ body: await listResourceSets(services, query) }),
  'resourceSets.create': async ({ services, principal, body }) => ({
    body: await createResourceSet(services, principal, body as Parameters<typeof createResourceSet>[2]),
  }),
  'resourceSets.get': async ({ services, params }) => ({ body: await getResourceSet(services, set(params)) }),
  'resourceSets.replace': async ({ services, principal, params, body }) => ({
    body: await replaceResourceSet(services, principal, set(params), body as Parameters<typeof replaceResourceSet>[3]),
  }),
  'resourceSets.delete': async ({ services, principal, params }) => {
    await deleteResourceSet(services, principal, set(params));
    return {};
  },
  'resources.list': async ({ services, params, query }) => ({
    body: await listResources(services, set(params), query),
  }),
  'resources.addAll': async ({ services, principal, params, body }) => ({
    body: await addResources(services, principal, set(params), (body as { additions: string[] }).additions),
  }),
  'resources.add': async ({ services, principal, params, body }) => ({
    body: await addResource(services, principal, set(params), body as Parameters<typeof addResource>[3]),
  }),
  'resources.get': async ({ services, params }) => ({
    body: await getResource(services, set(params), at(params, 'resourceId')),
  }),
  'resources.replace': async ({ services, principal, params, body }) => ({
    body: await replaceResource(
      services,
      principal,
      set(params),
      at(params, 'resourceId'),
      (body as { conditions?: ResourceConditionsBody }).conditions,
    ),
  }),
  'resources.remove': async ({ services, principal, params }) => {
    await removeResource(services, principal, set(params), at(params, 'resourceId'));
    return {};
  },
  'bindings.list': async ({ services, params, query }) => ({ body: await listBindings(services, set(params), query) }),
  'bindings.create': async ({ services, principal, params, body }) => ({
    body: await createBinding(services, principal, set(params), body as Parameters<typeof createBinding>[3]),
  }),
  'bindings.get': async ({ services, params }) => ({ body: await getBinding(services, set(params), role(params)) }),
  'bindings.delete': async ({ services, principal, params }) => {
    await deleteBinding(services, principal, set(params), role(params));
    return {};
  },
  'bindingMembers.list': async ({ services, params, query }) => ({
    body: await listMembers(services, set(params), role(params), query),
  }),
  'bindingMembers.add': async ({ services, principal, params, body }) => ({
    body: await addMembers(services, principal, set(params), role(params), (body as { additions: string[] }).additions),
  }),
  'bindingMembers.get': async ({ services, params }) => ({
    body: await getMember(services, set(params), role(params), at(params, 'memberId')),
  }),
  'bindingMembers.remove': async ({ services, principal, params }) => {
    await removeMember(services, principal, set(params), role(params), at(params, 'memberId'));
    return {};
  },
} satisfies Record<string, Handler>;
