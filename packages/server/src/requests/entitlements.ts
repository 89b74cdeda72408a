import type { Entitlement } from '@sallyport/model/grant';
import { SERVICE_APP_NAME } from '../machines/service-app.ts';
import type { Transaction } from '../ports/store.ts';

/** The Admin Console: the resource of all that gives admin roles. */
export const CONSOLE_APP_NAME = 'saasure';

/** Names of what can be asked for, by id; what is gone, or switched off, is not among them. */
export const namesOf = async (
  db: Transaction,
  entitlements: readonly Entitlement[],
): Promise<ReadonlyMap<string, string>> => {
  const ids = (kind: Entitlement['kind']) => entitlements.filter((one) => one.kind === kind).map(({ id }) => id);
  const [bundleIds, groupIds, appIds, accountIds] = [ids('bundle'), ids('group'), ids('app'), ids('service-account')];
  const bundles =
    bundleIds.length === 0
      ? []
      : await db.selectFrom('bundles').select(['id', 'name']).where('id', 'in', bundleIds).execute();
  const groups =
    groupIds.length === 0
      ? []
      : await db
          .selectFrom('groups')
          .select(['id', 'name'])
          .where('id', 'in', groupIds)
          .where('type', '!=', 'BUILT_IN')
          .execute();
  const apps =
    appIds.length === 0
      ? []
      : await db
          .selectFrom('apps')
          .select(['id', 'label as name'])
          .where('id', 'in', appIds)
          .where('isSystem', '=', 0)
          .where('name', '!=', SERVICE_APP_NAME)
          .where('status', '=', 'ACTIVE')
          .execute();
  const accounts =
    accountIds.length === 0
      ? []
      : await db
          .selectFrom('users')
          .select(['id', 'login as name'])
          .where('id', 'in', accountIds)
          .where('status', '=', 'ACTIVE')
          .where('serviceAccountAt', 'is not', null)
          .execute();
  return new Map([...bundles, ...groups, ...apps, ...accounts].map(({ id, name }) => [id, name]));
};

/** The id of an entitlement in the catalogue: the same letters behind another prefix. */
export const entryIdOf = ({ id }: Entitlement): string => `cen${id.slice(3)}`;
