import { defineRoutes } from './define-route.ts';
import { schemaBody } from './user-schemas.ts';

const path = '/api/v1/meta/schemas/group/default';

export const groupSchemaRoutes = defineRoutes([
  {
    name: 'groupSchema.get',
    method: 'GET',
    path,
    summary: 'What profiles of groups hold',
    access: { kind: 'admin', permission: 'okta.groups.read' },
    rateClass: 'management',
  },
  {
    name: 'groupSchema.update',
    method: 'POST',
    path,
    summary: 'Add, change and take out attributes of groups',
    access: { kind: 'admin', permission: 'okta.groups.manage' },
    rateClass: 'management',
    body: schemaBody,
    protection: { action: 'group-schema.update' },
    events: ['directory.user_profile.update'],
  },
]);
