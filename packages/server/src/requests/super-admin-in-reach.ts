import { isBlocking } from '@sallyport/decide/requests/find-weaknesses';
import { writeAccessDuration } from '@sallyport/model/access-duration';
import { ApiError } from '@sallyport/model/errors';
import { isActiveAt } from '../grants/active-grants.ts';
import { peopleAbleToSignIn } from '../policies/ways-in.ts';
import type { Services } from '../services.ts';
import { type AccessAsk, outlookOf } from './ask-for-access.ts';
import type { ComingIn } from './explain-steps.ts';
import { conditionsOfAllPower } from './super-admin-askers.ts';

/** So many are tried. Where none of them could have it, it is not said of the others. */
const TRIED_MAX = 20;

/**
 * Could anybody have super admin by asking for it now, by the yes of people who could come in to give it? One who has it for
 * a while is proof enough. `askers`: those who may ask, and could come in.
 */
export const isSuperAdminInReach = async (s: Services, askers: readonly string[]): Promise<boolean> => {
  const db = s.store.read;
  const all = (await conditionsOfAllPower(db)).flatMap(({ entitlements, longestSeconds }) =>
    entitlements.map((entitlement) => ({ entitlement, duration: writeAccessDuration(longestSeconds) })),
  );
  const held = await db
    .selectFrom('grants')
    .select('id')
    .where('entitlementId', 'in', ['', ...all.map(({ entitlement }) => entitlement.id)])
    .where(isActiveAt(s.clock.now()))
    .limit(1)
    .executeTakeFirst();
  if (held !== undefined || askers.length > TRIED_MAX) return true;
  const able = new Map<string, boolean>();
  const comingIn: ComingIn = async (ids) => {
    const unknown = ids.filter((id) => !able.has(id));
    const found = new Set(await peopleAbleToSignIn(s, db, unknown, 'now'));
    for (const id of unknown) able.set(id, found.has(id));
    return new Set(ids.filter((id) => able.get(id)));
  };
  const isInReachOf = async (asker: string, ask: Pick<AccessAsk, 'entitlement' | 'duration'>): Promise<boolean> => {
    try {
      const { weaknesses } = await outlookOf(s, db, asker, { ...ask, reason: 'overview' }, comingIn);
      return !weaknesses.some(isBlocking);
    } catch (error) {
      // Of two conditions the other one may count for them, and be for less long: then nothing is said.
      if (error instanceof ApiError) return error.code !== 'E0000006';
      throw error;
    }
  };
  for (const asker of askers) for (const ask of all) if (await isInReachOf(asker, ask)) return true;
  return false;
};
