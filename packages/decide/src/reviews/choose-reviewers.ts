/** Who is asked, and why they: as the campaign says, or instead of those who must not. */
export interface ChosenReviewers {
  readonly ids: readonly string[];
  readonly via: 'CHOSEN' | 'FALLBACK' | 'SUPER_ADMINS' | 'NOBODY';
}

/**
 * Whom an item goes to. Whoever is its subject, or tied to them, is left out (design §4.6); when nobody is left the fallback
 * is asked, and then the super admins other than them. Where nobody remains, nobody is asked, and the item says so.
 */
export const chooseReviewers = ({
  chosen,
  fallback,
  superAdmins,
  isExcluded,
}: {
  readonly chosen: readonly string[];
  readonly fallback: string | null;
  readonly superAdmins: readonly string[];
  readonly isExcluded: (userId: string) => boolean;
}): ChosenReviewers => {
  const left = (ids: readonly string[]): readonly string[] => [...new Set(ids)].filter((id) => !isExcluded(id));
  const steps = [
    ['CHOSEN', left(chosen)],
    ['FALLBACK', left(fallback === null ? [] : [fallback])],
    ['SUPER_ADMINS', left(superAdmins)],
  ] as const;
  for (const [via, ids] of steps) if (ids.length > 0) return { ids, via };
  return { ids: [], via: 'NOBODY' };
};
