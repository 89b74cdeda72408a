/** What becomes of a second person's approval in a session. */
export type Waiver = 'approval-stands' | 'waived' | 'reason-missing';

/**
 * While a break-glass account is in use nobody may be there to approve: its session needs no second person, once somebody
 * wrote why the seal was broken. The proof of its own key is never waived.
 */
export const waiveApproval = (asker: { readonly isBreakGlass: boolean; readonly reason: string | null }): Waiver => {
  if (!asker.isBreakGlass) return 'approval-stands';
  return asker.reason === null ? 'reason-missing' : 'waived';
};
