import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const schema = '/api/v1/meta/schemas/user/{schemaId}';
const choice = z.union([z.string().max(255), z.number()]);
const bounds = {
  enum: z.array(choice).min(1).max(200).nullish(),
  oneOf: z
    .array(z.object({ const: choice, title: z.string().max(255) }))
    .min(1)
    .max(200)
    .nullish(),
};
const count = z.number().int().min(0).max(1024);
const attribute = z.object({
  title: z.string().trim().min(1).max(255),
  description: z.string().max(1024).nullish(),
  type: z.enum(['string', 'boolean', 'number', 'integer', 'array']),
  items: z.object({ type: z.enum(['string', 'number', 'integer']), ...bounds }).nullish(),
  ...bounds,
  required: z.boolean().nullish(),
  format: z.string().max(64).nullish(),
  minLength: count.nullish(),
  maxLength: count.nullish(),
  minimum: z.number().nullish(),
  maximum: z.number().nullish(),
  default: z.union([z.string().max(1024), z.number(), z.boolean()]).nullish(),
  mutability: z.literal('READ_WRITE').nullish(),
  scope: z.enum(['NONE', 'SELF']).nullish(),
  unique: z.union([z.boolean(), z.enum(['', 'NOT_UNIQUE', 'PENDING_UNIQUENESS', 'UNIQUE_VALIDATED'])]).nullish(),
  permissions: z
    .array(z.object({ principal: z.literal('SELF'), action: z.enum(['HIDE', 'READ_ONLY', 'READ_WRITE']) }))
    .max(1)
    .nullish(),
  master: z.object({ type: z.literal('PROFILE_MASTER') }).nullish(),
});
/** An attribute of null is taken out. */
const part = z.object({
  id: z.string().max(64).optional(),
  type: z.string().max(64).optional(),
  properties: z.record(z.string().max(128), attribute.nullable()).optional(),
  required: z.array(z.string().max(128)).max(200).nullish(),
});

/** A schema as clients send it, of people or of groups. */
export const schemaBody = z.object({
  title: z.string().max(255).optional(),
  description: z.string().max(1024).nullish(),
  definitions: z.object({ custom: part.optional(), base: part.optional() }),
});

export const userSchemaRoutes = defineRoutes([
  {
    name: 'userSchemas.get',
    method: 'GET',
    path: schema,
    summary: 'What profiles of a type of user hold',
    access: { kind: 'admin', permission: 'okta.users.read' },
    rateClass: 'management',
  },
  {
    name: 'userSchemas.update',
    method: 'POST',
    path: schema,
    summary: 'Add, change and take out attributes of profiles',
    access: { kind: 'admin', permission: 'okta.users.manage' },
    rateClass: 'management',
    body: schemaBody,
    protection: { action: 'user-schema.update' },
    events: ['directory.user_profile.update'],
  },
]);
