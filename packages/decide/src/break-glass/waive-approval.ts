/** What becomes of a second person's approval in a session. */
export type Waiver = 'approval-stands' | 'waived' | 'reason-missing';

/**
 * While a break-glass account is in use nobody may be there to approve: its session needs no second person, once somebody
 * wrote why the seal was broken. In a drill nothing is broken, and everybody is there: whoever announced one, to which alarms
 * listen less, would otherwise do alone what two do. The proof of its own key is never waived.
 */
export const waiveApproval = (asker: {
  readonly isBreakGlass: boolean;
  readonly isDrill: boolean;
  readonly reason: string | null;
}): Waiver => {
  if (!asker.isBreakGlass || asker.isDrill) return 'approval-stands';
  return asker.reason === null ? 'reason-missing' : 'waived';
};
