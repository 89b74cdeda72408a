import { maintenanceAt } from '../grants/active-grants.ts';
import { askerOf } from '../grants/tie-to-grant.ts';
import type { Transaction } from '../ports/store.ts';
import { managersOf } from '../requests/hands.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

/** Who answers for a grant by which somebody signs in as a service account: whoever asked for it, and its manager. */
export const answerersOf = async (db: Transaction, grant: Row<'grants'>): Promise<readonly string[]> => {
  const managers = await managersOf(db, [grant.userId]);
  return [await askerOf(db, grant), managers.get(grant.userId)].filter((id) => typeof id === 'string');
};

export interface Hearers {
  readonly ids: readonly string[];
  /** Where the account is nobody who would hear it: the grant by which somebody is in. */
  readonly by: Row<'grants'> | null;
}

/** Who is told of what is done in somebody’s sessions: they themselves; of a service account whoever answers for that. */
export const whoHears = async (s: Services, db: Transaction, userId: string): Promise<Hearers> => {
  const running = await maintenanceAt(db, userId, s.clock.now());
  if (running === null) return { ids: [userId], by: null };
  const by = await db.selectFrom('grants').selectAll().where('id', '=', running.id).executeTakeFirstOrThrow();
  return { ids: await answerersOf(db, by), by };
};
