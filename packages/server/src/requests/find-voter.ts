import { isBreakGlass } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import { standingRights } from '../roles/standing-rights.ts';
import type { Row } from '../store/tables.ts';
import { isEligible } from './is-eligible.ts';

/** Said alike of somebody unknown and of whoever could decide nothing: nobody learns of accounts by it. */
export const NO_VOTER =
  'is nobody who could decide: it takes somebody whom the Admin Console lets in, with a key of their own';

/** Somebody who could decide on requests, by id or by login: an active person whom the Admin Console lets in, with a key. */
export const findVoter = async (tx: Transaction, named: string): Promise<Row<'users'> | undefined> => {
  const user = await tx
    .selectFrom('users')
    .selectAll()
    .where((e) => e.or([e('id', '=', named), e('loginFolded', '=', named.toLowerCase())]))
    .where('status', '=', 'ACTIVE')
    .where('serviceAccountAt', 'is', null)
    .where('id', 'in', (e) =>
      e
        .selectFrom('factors')
        .select('userId')
        .where('kind', '=', 'webauthn')
        .where('status', '=', 'ACTIVE')
        .where('isBackupEligible', '=', 0),
    )
    .executeTakeFirst();
  if (user === undefined || (await isBreakGlass(tx, user.id))) return undefined;
  const { roles } = await standingRights(tx, user.id);
  return roles.length > 0 || (await isEligible(tx, user.id)) ? user : undefined;
};
