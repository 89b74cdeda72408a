import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import type { SchemaBody } from '../user-types/attribute-body.ts';
import { getGroupDetail, listGroupMembers } from './group-detail.ts';
import { addOwner, listOwners, type OwnerBody, removeOwner } from './group-owners.ts';
import { getGroupSchema, updateGroupSchema } from './group-schema.ts';
import { listGroups } from './list-groups.ts';
import {
  createGroup,
  deleteGroup,
  type GroupBody,
  getGroup,
  listMembers,
  replaceGroup,
  setMembership,
} from './manage-groups.ts';

const id = (params: Readonly<Record<string, string>>): string => params['groupId'] ?? '';

export const groupHandlers = {
  'groupSchema.get': async ({ services }) => ({ body: await getGroupSchema(services) }),
  'groupSchema.update': async ({ services, principal, body }) => ({
    body: await updateGroupSchema(services, principal, body as SchemaBody),
  }),
  'groups.list': async ({ services, principal, query }) => {
    const { groups, after } = await listGroups(services, principal, query);
    return { body: groups, headers: pageLinks(services.config.publicUrl.origin, '/api/v1/groups', query, after) };
  },
  'groups.create': async ({ services, principal, body }) => ({
    body: await createGroup(services, principal, body as GroupBody),
  }),
  'groups.get': async ({ services, principal, params }) => ({
    body: await getGroup(services, principal, id(params)),
  }),
  'groups.replace': async ({ services, principal, params, body }) => ({
    body: await replaceGroup(services, principal, id(params), body as GroupBody),
  }),
  'groups.delete': async ({ services, principal, params }) => {
    await deleteGroup(services, principal, id(params));
    return {};
  },
  'groups.members': async ({ services, principal, params, query }) => {
    const { users, after } = await listMembers(services, principal, id(params), query);
    return {
      body: users,
      headers: pageLinks(services.config.publicUrl.origin, `/api/v1/groups/${id(params)}/users`, query, after),
    };
  },
  'groups.addMember': async ({ services, principal, params }) => {
    await setMembership(services, principal, id(params), params['userId'] ?? '', true);
    return {};
  },
  'groups.removeMember': async ({ services, principal, params }) => {
    await setMembership(services, principal, id(params), params['userId'] ?? '', false);
    return {};
  },
  'groups.owners': async ({ services, principal, params, query }) => {
    const { owners, after } = await listOwners(services, principal, id(params), query);
    const path = `/api/v1/groups/${id(params)}/owners`;
    return { body: owners, headers: pageLinks(services.config.publicUrl.origin, path, query, after) };
  },
  'groups.addOwner': async ({ services, principal, params, body }) => ({
    body: await addOwner(services, principal, id(params), body as OwnerBody),
  }),
  'groups.removeOwner': async ({ services, principal, params }) => {
    await removeOwner(services, principal, id(params), params['ownerId'] ?? '');
    return {};
  },
  'groupDetails.get': async ({ services, principal, params }) => ({
    body: await getGroupDetail(services, principal, id(params)),
  }),
  'groupDetails.members': async ({ services, principal, params, query }) => {
    const { members, after } = await listGroupMembers(services, principal, id(params), query);
    const path = `/sallyport/v1/groups/${id(params)}/members`;
    return { body: members, headers: pageLinks(services.config.publicUrl.origin, path, query, after) };
  },
} satisfies Record<string, Handler>;
