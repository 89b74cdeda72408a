import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

/** As many as one request, and so one proof, makes. */
export const IMPORT_ROWS_MAX = 1000;

export const userImportRoutes = defineRoutes([
  {
    name: 'userImports.create',
    method: 'POST',
    path: '/sallyport/v1/user-imports',
    summary: 'Create people from a CSV file, a slice of its rows at a time; with `dryRun` only say what would be made',
    access: { kind: 'admin', permission: 'okta.users.create' },
    rateClass: 'management',
    query: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
    body: z.strictObject({
      /** The whole file: a header with the names of attributes, then a row for each person. */
      csv: z.string().min(1).max(1_000_000),
      /** The first row of the slice, from 0, and how many. */
      from: z.int().min(0).max(1_000_000).default(0),
      count: z.int().min(1).max(IMPORT_ROWS_MAX).default(IMPORT_ROWS_MAX),
      /** People who have an account already are left out; else they are an error. */
      skipsExisting: z.boolean().default(false),
      /** Else they are staged. */
      activates: z.boolean().default(false),
      groupIds: z.array(z.string().max(64)).max(20).default([]),
    }),
    protection: { action: 'user.create' },
    events: ['user.lifecycle.create', 'user.lifecycle.activate'],
  },
]);
