import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

/**
 * What a grant goes on in: itself, or the last of those that made it longer (decision 0040). Whoever ends a grant, or asks
 * whether it counts, means that one: a grant that goes on under another id has not gone.
 */
export const lastOfChain = async (db: Transaction, row: Row<'grants'>): Promise<Row<'grants'>> => {
  let last = row;
  while (last.endReason === 'extended') {
    const next = await db.selectFrom('grants').selectAll().where('extendsGrantId', '=', last.id).executeTakeFirst();
    if (next === undefined) return last;
    last = next;
  }
  return last;
};
