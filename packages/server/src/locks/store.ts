import type { Transaction } from '../ports/store.ts';
import type { NewRow, Row } from '../store/tables.ts';
import type { SubjectKind } from './revocation-bus.ts';

/** Writes a lock; the caller publishes it on the bus after commit. */
export const insertLock = (tx: Transaction, lock: NewRow<'locks'>): Promise<unknown> =>
  tx.insertInto('locks').values(lock).execute();

/** The locks in force on a subject at an instant. */
export const locksOn = (db: Transaction, kind: SubjectKind, id: string, now: number): Promise<Row<'locks'>[]> =>
  db
    .selectFrom('locks')
    .selectAll()
    .where('subjectKind', '=', kind)
    .where('subjectId', '=', id)
    .where((e) => e.or([e('expiresAt', 'is', null), e('expiresAt', '>', now)]))
    .execute();
