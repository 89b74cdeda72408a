import type { Entitlement } from '@sallyport/model/grant';
import { isActiveAt } from '../grants/active-grants.ts';
import { peopleAbleToSignIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { isWithinReach } from './ask-for-access.ts';
import { lookOnce } from './look-once.ts';
import { conditionsOfAllPower } from './super-admin-askers.ts';

/** So many are tried. Where there are more of them nothing is said, for it would not be known of all. */
const TRIED_MAX = 20;

/** Who has one of these now; of somebody suspended it is there, and helps nobody. */
const holdersOf = async (s: Services, db: Transaction, all: readonly Entitlement[]): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('grants')
    .select('userId')
    .distinct()
    .where('entitlementId', 'in', ['', ...all.map(({ id }) => id)])
    .where(isActiveAt(s.clock.now()))
    .execute();
  return rows.map(({ userId }) => userId);
};

/**
 * Could anybody have super admin by asking for it now, by the yes of people who could come in to give it? One who has it for
 * a while, and could come in, is proof enough. `askers`: those who may ask, and could come in.
 */
export const isSuperAdminInReach = async (s: Services, askers: readonly string[]): Promise<boolean> => {
  const db = s.store.read;
  if (askers.length > TRIED_MAX) return true;
  const given = (await conditionsOfAllPower(db)).flatMap(({ entitlements }) => entitlements);
  const all = [...new Map(given.map((one) => [one.id, one])).values()];
  if ((await peopleAbleToSignIn(s, db, await holdersOf(s, db, all), 'now')).length > 0) return true;
  const look = lookOnce(s, db, 'now');
  for (const asker of askers)
    for (const entitlement of all) if (await isWithinReach(s, db, asker, entitlement, look)) return true;
  return false;
};
