import type { Account, Hand } from '@sallyport/model/access-request';

/** Do two accounts belong to one human, as far as anything says so? */
export const areLinked = (a: Account, b: Account): boolean =>
  a.userId === b.userId || a.links.some((link) => b.links.includes(link));

/**
 * Could two accounts be in one hand? So they could where one made the other in the last 30 days, or where the same third
 * person made both: an administrator who creates two accounts and their keys must not count as two people. Whoever set up
 * the organisation makes the first accounts of everybody; of `founders` only what they made themselves counts as theirs.
 */
export const areOneHand = (a: Hand, b: Hand, founders: ReadonlySet<string>): boolean =>
  a.makers.includes(b.userId) ||
  b.makers.includes(a.userId) ||
  a.makers.some((maker) => b.makers.includes(maker) && !founders.has(maker));
