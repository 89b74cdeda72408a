import type { GroupAttributeTypes } from '@sallyport/decide/groups/group-language';
import { invalid } from '@sallyport/model/errors';
import { GROUP_BASE_ATTRIBUTES, isGroupBaseName } from '@sallyport/model/group-schema';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { ATTRIBUTES_MAX, type AttributeSchema } from '@sallyport/model/user-schema';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { presentPart, readCustomPart, type SchemaBody } from '../user-types/attribute-body.ts';
import { comparesAs } from '../user-types/store.ts';

/** Attributes of groups that the schema adds, oldest first. */
export const ownGroupAttributes = async (s: Services, db: Transaction): Promise<ReadonlyMap<string, AttributeSchema>> =>
  new Map(Object.entries((await s.settings.read(db, 'groupSchema')).attributes));

/** How they compare in a search. */
export const groupAttributeTypes = async (s: Services, db: Transaction): Promise<GroupAttributeTypes> =>
  new Map([...(await ownGroupAttributes(s, db))].map(([name, schema]) => [name, comparesAs(schema)]));

const present = async (s: Services, db: Transaction) => {
  const org = await db.selectFrom('org').select('createdAt').executeTakeFirstOrThrow();
  const written = await db
    .selectFrom('settings')
    .select('updatedAt')
    .where('key', '=', 'groupSchema')
    .executeTakeFirst();
  const { origin } = s.config.publicUrl;
  return {
    id: `${origin}/meta/schemas/group/default`,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: 'group',
    title: 'Group',
    description: 'What profiles of groups hold',
    lastUpdated: toIso(written?.updatedAt ?? org.createdAt),
    created: toIso(org.createdAt),
    definitions: {
      custom: presentPart('#custom', [...(await ownGroupAttributes(s, db))]),
      base: presentPart('#base', Object.entries(GROUP_BASE_ATTRIBUTES)),
    },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: { self: { rel: 'self', href: `${origin}/api/v1/meta/schemas/group/default`, method: 'GET' } },
  };
};

/** `GET /api/v1/meta/schemas/group/default`. */
export const getGroupSchema = (s: Services) => present(s, s.store.read);

/** Takes the values of attributes that are no longer there out of all groups. */
const forgetValues = async (tx: Transaction, names: readonly string[]): Promise<void> => {
  if (names.length === 0) return;
  for (const { id, profile } of await tx.selectFrom('groups').select(['id', 'profile']).execute()) {
    const before = JSON.parse(profile) as Record<string, unknown>;
    const after = Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name)));
    if (Object.keys(after).length < Object.keys(before).length)
      await tx
        .updateTable('groups')
        .set({ profile: JSON.stringify(after) })
        .where('id', '=', id)
        .execute();
  }
};

/**
 * `POST /api/v1/meta/schemas/group/default`: adds and changes what is named, and takes out what is named as null, with its
 * values; the rest stays. Base attributes stay as they are, whatever is said of them. By a super admin: it reaches into
 * every group, those that give admin roles too.
 */
export const updateGroupSchema = async (s: Services, principal: Principal, { definitions }: SchemaBody) => {
  assertSuperAdmin(principal);
  const shown = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await ownGroupAttributes(s, tx);
    const changes = readCustomPart(definitions.custom ?? {}, before, isGroupBaseName);
    for (const [name, schema] of changes)
      if (schema?.unique !== undefined) throw invalid(name, 'attributes of groups cannot be unique here');
    const after = [...new Map([...before, ...changes])].flatMap(([name, schema]) =>
      schema === null ? [] : [[name, schema] as const],
    );
    if (after.length > ATTRIBUTES_MAX)
      throw invalid('definitions', `a schema adds at most ${ATTRIBUTES_MAX} attributes`);
    const document = { attributes: Object.fromEntries(after) };
    await s.settings.put(tx, 'groupSchema', document, s.clock.now(), authorOf(principal));
    await forgetValues(
      tx,
      [...changes].flatMap(([name, schema]) => (schema === null && before.has(name) ? [name] : [])),
    );
    await recordEvent(s, tx, principal, {
      eventType: 'directory.user_profile.update',
      target: [{ id: 'group', type: 'GroupSchema', alternateId: 'group', displayName: 'Group', detailEntry: null }],
      debugData: { attributes: [...changes.keys()].join(',').slice(0, 1000) },
    });
    return present(s, tx);
  });
  await s.settings.reload();
  return shown;
};
