import { invalid } from '@sallyport/model/errors';

/** The `limit` of a list. Zero and nonsense are errors; more than `max` is cut to it, as clients expect. */
export const pageLimit = (text: string | undefined, usual: number, max: number): number => {
  if (text === undefined) return usual;
  const limit = Number(text);
  if (!/^\d{1,9}$/.test(text) || limit < 1) throw invalid('limit', `must be between 1 and ${max}`);
  return Math.min(limit, max);
};
