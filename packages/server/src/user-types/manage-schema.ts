import { parseExpression } from '@sallyport/decide/filter/parse-expression';
import { userSearch } from '@sallyport/decide/users/user-language';
import { invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { ATTRIBUTES_MAX, type AttributeSchema, BASE_ATTRIBUTES, isBaseName } from '@sallyport/model/user-schema';
import { queueForRules } from '../group-rules/store.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { expressionToSql } from '../store/expression-to-sql.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { forgetUnique, makeUnique } from '../users/unique-values.ts';
import { userLayout } from '../users/user-layout.ts';
import { type AttributeBody, presentPart, readCustomPart, type SchemaBody, said } from './attribute-body.ts';
import { type Attributes, findTypeOfSchema, ownAttributes, schemaIdOf, typeAsTarget } from './store.ts';

/** Of base attributes only these may be made required, or not, here as there. */
const REQUIRED_IS_OPEN = ['firstName', 'lastName'];

const presentSchema = (type: Row<'userTypes'>, own: Attributes, origin: string) => {
  const base = Object.entries(BASE_ATTRIBUTES).map(([name, schema]) => [name, own.get(name) ?? schema] as const);
  const link = (rel: string, path: string) => ({ rel, href: `${origin}/api/v1/meta/${path}`, method: 'GET' });
  return {
    id: `${origin}/meta/schemas/user/${type.name === 'user' ? 'default' : schemaIdOf(type.id)}`,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: type.name,
    title: type.displayName,
    description: type.description,
    lastUpdated: toIso(type.schemaUpdatedAt),
    created: toIso(type.createdAt),
    definitions: {
      custom: presentPart(
        '#custom',
        [...own].filter(([name]) => !isBaseName(name)),
      ),
      base: presentPart('#base', base),
    },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: {
      self: link('self', `schemas/user/${schemaIdOf(type.id)}`),
      type: link('type', `types/user/${type.id}`),
    },
  };
};

/** `GET /api/v1/meta/schemas/user/{schemaId}`. */
export const getSchema = async (s: Services, schemaId: string) => {
  const type = await findTypeOfSchema(s.store.read, schemaId);
  return presentSchema(type, await ownAttributes(s.store.read, type.id), s.config.publicUrl.origin);
};

/** Of a base attribute: whether it is required, and what people may do with it themselves. */
const readBase = (name: string, body: AttributeBody | null): AttributeSchema => {
  const base = Object.hasOwn(BASE_ATTRIBUTES, name) ? BASE_ATTRIBUTES[name] : undefined;
  if (base === undefined || body === null) throw invalid(name.slice(0, 64), 'base attributes stay; there is no other');
  const { type, required = base.required ?? false, permissions = base.permissions } = said(body);
  if (type !== base.type) throw invalid(name, `the type of an attribute stays; it is ${base.type}`);
  if (required !== (base.required ?? false) && !REQUIRED_IS_OPEN.includes(name))
    throw invalid(name, 'cannot be made required, or not');
  return { ...base, required, permissions };
};

/** Takes the values of attributes that are no longer there out of the profiles of a type. */
const forgetValues = async (s: Services, tx: Transaction, principal: Principal, typeId: string, names: string[]) => {
  for (const name of names) {
    const parsed = parseExpression(`profile.${name} pr`, userSearch(new Map()));
    if (!parsed.ok) continue;
    const rows = await tx
      .selectFrom('users')
      .select(['id', 'profile'])
      .where('typeId', '=', typeId)
      .where(expressionToSql(parsed.filter, userLayout(principal, s.store.engine, s.clock.now()), s.store.engine))
      .execute();
    for (const { id, profile } of rows) {
      const { [name]: _, ...rest } = JSON.parse(profile) as Record<string, unknown>;
      await tx
        .updateTable('users')
        .set({ profile: JSON.stringify(rest) })
        .where('id', '=', id)
        .execute();
      await queueForRules(tx, [id], s.clock.now());
    }
  }
};

/**
 * `POST /api/v1/meta/schemas/user/{schemaId}`: adds and changes what is named, and takes out what is named as null, with
 * its values; the rest stays. By a super admin: it reaches into every profile, those of administrators too.
 */
export const updateSchema = async (s: Services, principal: Principal, schemaId: string, body: SchemaBody) => {
  assertSuperAdmin(principal);
  const now = s.clock.now();
  return s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const type = await findTypeOfSchema(tx, schemaId);
    const before = await ownAttributes(tx, type.id);
    const { custom = {}, base = {} } = body.definitions;
    const changes = readCustomPart(custom, before, isBaseName);
    for (const [name, attribute] of Object.entries(base.properties ?? {})) changes.set(name, readBase(name, attribute));
    for (const [name, schema] of changes) {
      if (schema === null)
        await tx.deleteFrom('userAttributes').where('typeId', '=', type.id).where('name', '=', name).execute();
      else {
        const text = JSON.stringify(schema);
        await tx
          .insertInto('userAttributes')
          .values({ typeId: type.id, name, body: text, createdAt: now })
          .onConflict((conflict) => conflict.columns(['typeId', 'name']).doUpdateSet({ body: text }))
          .execute();
      }
    }
    for (const [name, schema] of changes) {
      const [was, is] = [before.get(name)?.unique !== undefined, schema?.unique !== undefined];
      if (was && !is) await forgetUnique(tx, type.id, name);
      if (is && !was) await makeUnique(tx, type.id, name);
    }
    const gone = [...changes].flatMap(([name, schema]) => (schema === null && before.has(name) ? [name] : []));
    await keepingAWayIn(s, tx, () => forgetValues(s, tx, principal, type.id, gone));
    const after = await ownAttributes(tx, type.id);
    if (after.size > ATTRIBUTES_MAX) throw invalid('definitions', `a schema adds at most ${ATTRIBUTES_MAX} attributes`);
    await tx.updateTable('userTypes').set({ schemaUpdatedAt: now }).where('id', '=', type.id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'directory.user_profile.update',
      target: [typeAsTarget(type)],
      debugData: { attributes: [...changes.keys()].join(',').slice(0, 1000) },
    });
    return presentSchema({ ...type, schemaUpdatedAt: now }, after, s.config.publicUrl.origin);
  });
};
