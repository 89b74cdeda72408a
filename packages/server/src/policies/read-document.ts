import { invalid } from '@sallyport/model/errors';
import type { z } from 'zod';

/** A part of a policy as the wire writes it, checked; E0000001 names the place that is not understood. */
export const readDocument = <T>(schema: z.ZodType<T>, value: unknown, field: string): T => {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid([field, ...(issue?.path ?? []).map(String)].join('.'), issue?.message ?? 'is not understood');
};
