import { ApiError } from '@sallyport/model/errors';
import { groupsAt } from '../grants/active-grants.ts';
import { presentGroup } from '../groups/present-group.ts';
import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { assertMayManageUser } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import { type ImportUsers, importUsers, previewImport } from './import-users.ts';
import {
  type CreateUser,
  changeLifecycle,
  createUser,
  deleteUser,
  getOwnUser,
  getUser,
  type LifecycleVerb,
  listUsers,
  updateUser,
} from './manage-users.ts';
import { findUser } from './store.ts';

const lifecycle =
  (verb: LifecycleVerb): Handler =>
  async ({ services, principal, params }) => ({
    body: await changeLifecycle(services, principal, params['userId'] ?? '', verb),
  });

export const userHandlers = {
  'users.me': async ({ services, principal }) => {
    if (principal.kind !== 'session' && principal.kind !== 'token') throw new ApiError('E0000011');
    return { body: await getOwnUser(services, principal.userId) };
  },
  'users.list': async ({ services, principal, query }) => {
    const { users, after } = await listUsers(services, principal, query);
    return { body: users, headers: pageLinks(services.config.publicUrl.origin, '/api/v1/users', query, after) };
  },
  'users.create': async ({ services, principal, body, query }) => ({
    body: await createUser(services, principal, body as CreateUser, query['activate'] !== 'false'),
  }),
  'userImports.create': async ({ services, principal, body, query }) => {
    const run = query['dryRun'] === 'true' ? previewImport : importUsers;
    return { body: await run(services, principal, body as ImportUsers) };
  },
  'users.get': async ({ services, principal, params }) => ({
    body: await getUser(services, principal, params['userId'] ?? ''),
  }),
  'users.update': async ({ services, principal, params, body }) => ({
    body: await updateUser(services, principal, params['userId'] ?? '', body as Partial<CreateUser>, false),
  }),
  'users.replace': async ({ services, principal, params, body }) => ({
    body: await updateUser(services, principal, params['userId'] ?? '', body as CreateUser, true),
  }),
  'users.delete': async ({ services, principal, params }) => {
    await deleteUser(services, principal, params['userId'] ?? '');
    return {};
  },
  'users.groups': async ({ services, principal, params }) => {
    const asked = params['userId'] ?? '';
    const user = await findUser(services.store.read, asked);
    await assertMayManageUser(services.store.read, principal, 'okta.users.read', user.id, asked);
    const rows = await services.store.read
      .selectFrom('groups')
      .where('groups.id', 'in', groupsAt(services.store.read, user.id, services.clock.now()))
      .selectAll('groups')
      .where(whereAllowed(principal, 'okta.groups.read', 'group'))
      .orderBy('groups.id')
      .execute();
    return { body: rows.map((row) => presentGroup(row, services.config.publicUrl.origin)) };
  },
  'users.activate': lifecycle('activate'),
  'users.reactivate': lifecycle('reactivate'),
  'users.deactivate': lifecycle('deactivate'),
  'users.suspend': lifecycle('suspend'),
  'users.unsuspend': lifecycle('unsuspend'),
  'users.unlock': lifecycle('unlock'),
} satisfies Record<string, Handler>;
