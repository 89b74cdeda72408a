import type { Handler } from '../http/exchange.ts';
import { assignRole, getRole, type HolderKind, listRoles, unassignRole } from './assign-role.ts';

const of = (kind: HolderKind, param: string) => ({
  list: (async ({ services, params }) => ({
    body: await listRoles(services, kind, params[param] ?? ''),
  })) satisfies Handler,
  assign: (async ({ services, principal, params, body }) => ({
    body: await assignRole(services, principal, kind, params[param] ?? '', (body as { type: string }).type),
  })) satisfies Handler,
  get: (async ({ services, params }) => ({
    body: await getRole(services, kind, params[param] ?? '', params['roleAssignmentId'] ?? ''),
  })) satisfies Handler,
  unassign: (async ({ services, principal, params }) => {
    await unassignRole(services, principal, kind, params[param] ?? '', params['roleAssignmentId'] ?? '');
    return {};
  }) satisfies Handler,
});
const user = of('user', 'userId');
const group = of('group', 'groupId');

export const roleHandlers = {
  'userRoles.list': user.list,
  'userRoles.assign': user.assign,
  'userRoles.get': user.get,
  'userRoles.unassign': user.unassign,
  'groupRoles.list': group.list,
  'groupRoles.assign': group.assign,
  'groupRoles.get': group.get,
  'groupRoles.unassign': group.unassign,
} satisfies Record<string, Handler>;
