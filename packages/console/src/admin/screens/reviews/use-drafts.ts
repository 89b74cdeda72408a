import { useState } from 'react';

export interface Draft {
  readonly decision: 'APPROVE' | 'REVOKE' | null;
  readonly note: string;
}
export type Drafts = Readonly<Record<string, Draft>>;
const EMPTY: Draft = { decision: null, note: '' };

const read = (key: string): Drafts => {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Drafts;
  } catch {
    return {};
  }
};

/** Decisions that were not submitted yet: they outlive a reload of the page, and end with the tab. */
export const useDrafts = (reviewId: string) => {
  const key = `sallyport.review.${reviewId}`;
  const [drafts, setDrafts] = useState<Drafts>(() => read(key));
  const write = (next: Drafts): void => {
    sessionStorage.setItem(key, JSON.stringify(next));
    setDrafts(next);
  };
  return {
    drafts,
    of: (id: string): Draft => drafts[id] ?? EMPTY,
    change: (id: string, change: Partial<Draft>): void => {
      const next = { ...(drafts[id] ?? EMPTY), ...change };
      const { [id]: _before, ...others } = drafts;
      write(next.decision === null && next.note === '' ? others : { ...others, [id]: next });
    },
    changeMany: (ids: readonly string[], change: Partial<Draft>): void =>
      write({ ...drafts, ...Object.fromEntries(ids.map((id) => [id, { ...(drafts[id] ?? EMPTY), ...change }])) }),
    drop: (ids: readonly string[]): void =>
      write(Object.fromEntries(Object.entries(drafts).filter(([id]) => !ids.includes(id)))),
  };
};
