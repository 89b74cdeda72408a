import type { NewRow } from '../store/tables.ts';

/** Of whoever is created without another type. */
export const DEFAULT_TYPE_ID = 'oty0000000000000defa';

/** The type that every org has. Migration 0013 writes the same for orgs that are older than types. */
export const defaultType = (now: number): NewRow<'userTypes'> => ({
  id: DEFAULT_TYPE_ID,
  name: 'user',
  nameFolded: 'user',
  displayName: 'User',
  description: 'User profile template with default permission settings',
  createdAt: now,
  createdBy: 'system',
  lastUpdatedAt: now,
  lastUpdatedBy: 'system',
  schemaUpdatedAt: now,
});
