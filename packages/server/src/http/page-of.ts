/**
 * A page of rows, of which one more than `limit` was asked for: that one tells whether there
 * are more. `after` is where the next page begins; null on the last.
 */
export const pageOf = <T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
): { readonly shown: readonly T[]; readonly after: string | null } => {
  const shown = rows.slice(0, limit);
  return { shown, after: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
};
