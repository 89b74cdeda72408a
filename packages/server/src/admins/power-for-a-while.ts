import { isActiveAt } from '../grants/active-grants.ts';
import { presentGrants } from '../grants/list-grants.ts';
import type { Services } from '../services.ts';

/** The first to end that are told one by one; the others stand in the list of grants. */
const SHOWN_MAX = 10;

/**
 * Who holds power for a while now, beside what stands: bundles of admin roles, and memberships in groups that hold one. How
 * many people, how many grants, and the first to end.
 */
export const powerForAWhile = async (s: Services) => {
  const now = s.clock.now();
  const ofPower = s.store.read
    .selectFrom('grants')
    .where(isActiveAt(now))
    .where((e) =>
      e.or([
        e('grants.kind', '=', 'bundle'),
        e.and([
          e('grants.kind', '=', 'group'),
          e(
            'grants.entitlementId',
            'in',
            e.selectFrom('roleAssignments').select('principalId').where('principalKind', '=', 'group'),
          ),
        ]),
      ]),
    );
  const counts = await ofPower
    .select((e) => [
      e.fn.count<number | string>('grants.userId').distinct().as('people'),
      e.fn.countAll<number | string>().as('grants'),
    ])
    .executeTakeFirstOrThrow();
  const first = await ofPower
    .selectAll('grants')
    .orderBy('grants.powerEndsAt')
    .orderBy('grants.id')
    .limit(SHOWN_MAX)
    .execute();
  return {
    people: Number(counts.people),
    grants: Number(counts.grants),
    first: await presentGrants(s, first),
  };
};
