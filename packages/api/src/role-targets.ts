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

interface Holder<Name extends string, Path extends string, Group extends string, Events extends string> {
  readonly name: Name;
  /** Where the targets of an assignment are. */
  readonly path: Path;
  /** The place of the target group in a path: where the holder is a group, that one has the usual name. */
  readonly group: Group;
  readonly who: string;
  /** Begins the names of the events. */
  readonly events: Events;
}

/** The same rows for whoever can hold a role. */
const targetsOf = <const N extends string, const P extends string, const G extends string, const E extends string>({
  name,
  path,
  group,
  who,
  events,
}: Holder<N, P, G, E>) =>
  [
    {
      name: `${name}.groups`,
      method: 'GET',
      path: `${path}/groups`,
      summary: `Groups that a role of ${who} is narrowed to`,
      ...read,
      query: page,
    },
    {
      name: `${name}.addGroup`,
      method: 'PUT',
      path: `${path}/groups/{${group}}`,
      summary: `Narrow a role of ${who} to a group, or widen it by one`,
      ...add,
      events: [`${events}.grant`],
    },
    {
      name: `${name}.removeGroup`,
      method: 'DELETE',
      path: `${path}/groups/{${group}}`,
      summary: `Take a group from what a role of ${who} is narrowed to`,
      ...remove,
      events: [`${events}.revoke`],
    },
    {
      name: `${name}.apps`,
      method: 'GET',
      path: `${path}/catalog/apps`,
      summary: `Apps that a role of ${who} is narrowed to`,
      ...read,
      query: page,
    },
    {
      name: `${name}.addAppName`,
      method: 'PUT',
      path: `${path}/catalog/apps/{appName}`,
      summary: `Narrow a role of ${who} to a kind of app, or widen it by one`,
      ...add,
      events: [`${events}.grant`],
    },
    {
      name: `${name}.removeAppName`,
      method: 'DELETE',
      path: `${path}/catalog/apps/{appName}`,
      summary: `Take a kind of app from what a role of ${who} is narrowed to`,
      ...remove,
      events: [`${events}.revoke`],
    },
    {
      name: `${name}.addApp`,
      method: 'PUT',
      path: `${path}/catalog/apps/{appName}/{appId}`,
      summary: `Narrow a role of ${who} to an app, or widen it by one`,
      ...add,
      events: [`${events}.grant`],
    },
    {
      name: `${name}.removeApp`,
      method: 'DELETE',
      path: `${path}/catalog/apps/{appName}/{appId}`,
      summary: `Take an app from what a role of ${who} is narrowed to`,
      ...remove,
      events: [`${events}.revoke`],
    },
  ] as const;

const ofUser = '/api/v1/users/{userId}/roles/{roleAssignmentId}/targets';

export const roleTargetRoutes = defineRoutes([
  ...targetsOf({
    name: 'userRoleTargets',
    path: ofUser,
    group: 'groupId',
    who: 'a user',
    events: 'user.account.privilege',
  }),
  {
    name: 'userRoleTargets.allApps',
    method: 'PUT',
    path: `${ofUser}/catalog/apps`,
    summary: 'Let an app role of a user be for all apps again',
    ...add,
    events: ['user.account.privilege.grant'],
  },
  ...targetsOf({
    name: 'groupRoleTargets',
    path: '/api/v1/groups/{groupId}/roles/{roleAssignmentId}/targets',
    group: 'targetGroupId',
    who: 'a group',
    events: 'group.privilege',
  }),
  ...targetsOf({
    name: 'clientRoleTargets',
    path: '/oauth2/v1/clients/{clientId}/roles/{roleAssignmentId}/targets',
    group: 'groupId',
    who: 'a service app',
    events: 'app.oauth2.client.privilege',
  }),
]);
