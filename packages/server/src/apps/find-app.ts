import { ApiError, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { SERVICE_APP_NAME } from '../machines/service-app.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMay } from '../roles/guard-user.ts';
import type { Row } from '../store/tables.ts';

type AppPermission = 'okta.apps.read' | 'okta.apps.manage' | 'okta.apps.assignment.manage';

/**
 * An app on which the principal may use the permission. Errors: E0000007, E0000006. A service app that holds an admin role
 * is changed by super admins alone: whoever adds a key to it has its power.
 */
export const findApp = async (
  db: Transaction,
  principal: Principal,
  permission: AppPermission,
  id: string,
): Promise<Row<'apps'>> => {
  const row = await db.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'AppInstance');
  const role = await db
    .selectFrom('roleAssignments')
    .select('id')
    .where('principalKind', '=', 'client')
    .where('principalId', '=', id)
    .executeTakeFirst();
  assertMay(principal, permission, { kind: 'app', id, name: row.name, holdsAdminRole: role !== undefined });
  return row;
};

/** The same for a service app; E0000227 for any other. */
export const findManagedServiceApp = async (
  db: Transaction,
  principal: Principal,
  permission: AppPermission,
  id: string,
): Promise<Row<'apps'>> => {
  const row = await findApp(db, principal, permission, id);
  if (row.name !== SERVICE_APP_NAME) throw new ApiError('E0000227');
  return row;
};
