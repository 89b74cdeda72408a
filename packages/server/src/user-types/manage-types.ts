import { ApiError, invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { DEFAULT_TYPE_ID } from './default-type.ts';
import { findType, schemaIdOf, typeAsTarget } from './store.ts';

const TYPES_MAX = 50;

export interface TypeBody {
  readonly name: string;
  readonly displayName: string;
  readonly description?: string | null | undefined;
}

const present = (row: Row<'userTypes'>, origin: string) => {
  const link = (rel: string, path: string) => ({ rel, href: `${origin}/api/v1/meta/${path}`, method: 'GET' });
  return {
    id: row.id,
    displayName: row.displayName,
    name: row.name,
    description: row.description,
    createdBy: row.createdBy,
    lastUpdatedBy: row.lastUpdatedBy,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    default: row.id === DEFAULT_TYPE_ID,
    _links: {
      schema: link('schema', `schemas/user/${schemaIdOf(row.id)}`),
      self: link('self', `types/user/${row.id}`),
    },
  };
};

/** `GET /api/v1/meta/types/user`, the default one first. */
export const listTypes = async (s: Services) => {
  const rows = await s.store.read.selectFrom('userTypes').selectAll().orderBy('createdAt').orderBy('id').execute();
  return rows.map((row) => present(row, s.config.publicUrl.origin));
};

/** `GET /api/v1/meta/types/user/{typeId}`. */
export const getType = async (s: Services, id: string) =>
  present(await findType(s.store.read, id), s.config.publicUrl.origin);

/** `POST /api/v1/meta/types/user`, by a super admin. E0000001: the name is taken, or there are too many. */
export const createType = async (s: Services, principal: Principal, body: TypeBody) => {
  assertSuperAdmin(principal);
  const [now, by] = [s.clock.now(), authorOf(principal)];
  const row: Row<'userTypes'> = {
    id: newId(s.random, 'userType'),
    name: body.name,
    nameFolded: body.name.toLowerCase(),
    displayName: body.displayName,
    description: body.description ?? null,
    createdAt: now,
    createdBy: by,
    lastUpdatedAt: now,
    lastUpdatedBy: by,
    schemaUpdatedAt: now,
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const known = await tx.selectFrom('userTypes').select('nameFolded').execute();
    if (known.some(({ nameFolded }) => nameFolded === row.nameFolded))
      throw invalid('name', 'An object with this field already exists in the current organization');
    if (known.length >= TYPES_MAX) throw invalid('name', `there are ${TYPES_MAX} types already, and no more fit`);
    await tx.insertInto('userTypes').values(row).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'directory.non_default_user_profile.create',
      target: [typeAsTarget(row)],
    });
  });
  return present(row, s.config.publicUrl.origin);
};

/** `POST` (parts) and `PUT` on a type. Its name stays: E0000001 for another. */
export const updateType = async (s: Services, principal: Principal, id: string, body: Partial<TypeBody>) => {
  assertSuperAdmin(principal);
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findType(tx, id);
    if (body.name !== undefined && body.name !== before.name) throw invalid('name', 'the name of a type stays');
    const change = {
      displayName: body.displayName ?? before.displayName,
      description: body.description === undefined ? before.description : body.description,
      lastUpdatedAt: s.clock.now(),
      lastUpdatedBy: authorOf(principal),
    };
    await tx.updateTable('userTypes').set(change).where('id', '=', before.id).execute();
    const after = { ...before, ...change };
    await recordEvent(s, tx, principal, {
      eventType: 'directory.user_profile.update',
      target: [typeAsTarget(after)],
    });
    return after;
  });
  return present(row, s.config.publicUrl.origin);
};

/** `DELETE /api/v1/meta/types/user/{typeId}`, with its schema. E0000111 the default one; E0000001 while somebody is of it. */
export const deleteType = async (s: Services, principal: Principal, id: string): Promise<void> => {
  assertSuperAdmin(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findType(tx, id);
    if (row.id === DEFAULT_TYPE_ID) throw new ApiError('E0000111', { causes: ['The default type stays.'] });
    const held = await tx.selectFrom('users').select('id').where('typeId', '=', row.id).executeTakeFirst();
    if (held !== undefined) throw invalid('typeId', 'there are people of this type; give them another first');
    await tx.deleteFrom('userAttributes').where('typeId', '=', row.id).execute();
    await tx.deleteFrom('userTypes').where('id', '=', row.id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'directory.user_profile.update',
      target: [typeAsTarget(row)],
      debugData: { change: 'the type was deleted' },
    });
  });
};
