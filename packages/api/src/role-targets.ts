import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.roles.read' }, rateClass: 'management' } as const;
const manage = { access: { kind: 'admin', permission: 'okta.roles.manage' }, rateClass: 'management' } as const;
/** A target narrows; the second and each further one gives more. */
const add = { ...manage, status: 204, body: z.unknown().optional(), protection: { action: 'role.assign' } } as const;
const remove = { ...manage, status: 204, protection: { action: 'role.unassign' } } as const;
const page = z.object({
  limit: z.string().optional(),
  after: z.string().max(64).optional(),
  status: z.string().max(20).optional(),
});
const ofUser = '/api/v1/users/{userId}/roles/{roleAssignmentId}/targets';
const ofGroup = '/api/v1/groups/{groupId}/roles/{roleAssignmentId}/targets';

export const roleTargetRoutes = defineRoutes([
  {
    name: 'userRoleTargets.groups',
    method: 'GET',
    path: `${ofUser}/groups`,
    summary: 'Groups that a role of a user is narrowed to',
    ...read,
    query: page,
  },
  {
    name: 'userRoleTargets.addGroup',
    method: 'PUT',
    path: `${ofUser}/groups/{groupId}`,
    summary: 'Narrow a role of a user to a group, or widen it by one',
    ...add,
    events: ['user.account.privilege.grant'],
  },
  {
    name: 'userRoleTargets.removeGroup',
    method: 'DELETE',
    path: `${ofUser}/groups/{groupId}`,
    summary: 'Take a group from what a role of a user is narrowed to',
    ...remove,
    events: ['user.account.privilege.revoke'],
  },
  {
    name: 'userRoleTargets.apps',
    method: 'GET',
    path: `${ofUser}/catalog/apps`,
    summary: 'Apps that a role of a user is narrowed to',
    ...read,
    query: page,
  },
  {
    name: 'userRoleTargets.allApps',
    method: 'PUT',
    path: `${ofUser}/catalog/apps`,
    summary: 'Let an app role of a user be for all apps again',
    ...add,
    events: ['user.account.privilege.grant'],
  },
  {
    name: 'userRoleTargets.addAppName',
    method: 'PUT',
    path: `${ofUser}/catalog/apps/{appName}`,
    summary: 'Narrow a role of a user to a kind of app, or widen it by one',
    ...add,
    events: ['user.account.privilege.grant'],
  },
  {
    name: 'userRoleTargets.removeAppName',
    method: 'DELETE',
    path: `${ofUser}/catalog/apps/{appName}`,
    summary: 'Take a kind of app from what a role of a user is narrowed to',
    ...remove,
    events: ['user.account.privilege.revoke'],
  },
  {
    name: 'userRoleTargets.addApp',
    method: 'PUT',
    path: `${ofUser}/catalog/apps/{appName}/{appId}`,
    summary: 'Narrow a role of a user to an app, or widen it by one',
    ...add,
    events: ['user.account.privilege.grant'],
  },
  {
    name: 'userRoleTargets.removeApp',
    method: 'DELETE',
    path: `${ofUser}/catalog/apps/{appName}/{appId}`,
    summary: 'Take an app from what a role of a user is narrowed to',
    ...remove,
    events: ['user.account.privilege.revoke'],
  },
  {
    name: 'groupRoleTargets.groups',
    method: 'GET',
    path: `${ofGroup}/groups`,
    summary: 'Groups that a role of a group is narrowed to',
    ...read,
    query: page,
  },
  {
    name: 'groupRoleTargets.addGroup',
    method: 'PUT',
    path: `${ofGroup}/groups/{targetGroupId}`,
    summary: 'Narrow a role of a group to a group, or widen it by one',
    ...add,
    events: ['group.privilege.grant'],
  },
  {
    name: 'groupRoleTargets.removeGroup',
    method: 'DELETE',
    path: `${ofGroup}/groups/{targetGroupId}`,
    summary: 'Take a group from what a role of a group is narrowed to',
    ...remove,
    events: ['group.privilege.revoke'],
  },
  {
    name: 'groupRoleTargets.apps',
    method: 'GET',
    path: `${ofGroup}/catalog/apps`,
    summary: 'Apps that a role of a group is narrowed to',
    ...read,
    query: page,
  },
  {
    name: 'groupRoleTargets.addAppName',
    method: 'PUT',
    path: `${ofGroup}/catalog/apps/{appName}`,
    summary: 'Narrow a role of a group to a kind of app, or widen it by one',
    ...add,
    events: ['group.privilege.grant'],
  },
  {
    name: 'groupRoleTargets.removeAppName',
    method: 'DELETE',
    path: `${ofGroup}/catalog/apps/{appName}`,
    summary: 'Take a kind of app from what a role of a group is narrowed to',
    ...remove,
    events: ['group.privilege.revoke'],
  },
  {
    name: 'groupRoleTargets.addApp',
    method: 'PUT',
    path: `${ofGroup}/catalog/apps/{appName}/{appId}`,
    summary: 'Narrow a role of a group to an app, or widen it by one',
    ...add,
    events: ['group.privilege.grant'],
  },
  {
    name: 'groupRoleTargets.removeApp',
    method: 'DELETE',
    path: `${ofGroup}/catalog/apps/{appName}/{appId}`,
    summary: 'Take an app from what a role of a group is narrowed to',
    ...remove,
    events: ['group.privilege.revoke'],
  },
]);
