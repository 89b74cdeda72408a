import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { missingData } from './manage-zones.ts';
import { contentOf } from './zone-content.ts';

export interface ZoneWithoutData {
  readonly id: string;
  readonly name: string;
  readonly isBlocklist: boolean;
  /** What it asks for: names of lists, or `regions of countries`. */
  readonly missing: readonly string[];
}

/** The active zones that ask for what there is no data for: of some addresses it is not known whether they are in them. */
export const zonesWithoutData = async (s: Services, db: Transaction): Promise<readonly ZoneWithoutData[]> => {
  const rows = await db.selectFrom('zones').selectAll().where('status', '=', 'ACTIVE').orderBy('name').execute();
  return rows.flatMap((row): ZoneWithoutData[] => {
    const missing = missingData(contentOf(row), s.intel);
    return missing.length === 0
      ? []
      : [{ id: row.id, name: row.name, isBlocklist: row.usage === 'BLOCKLIST', missing }];
  });
};
