import type { Verdict } from '@sallyport/model/verdict';

/**
 * May authenticators be removed? Nobody with an admin role takes the last key that opens the Admin Console from
 * themselves; another does that to them, and gives them an enrolment link. The last super admin is kept elsewhere.
 */
export const judgeRemoval = (removal: {
  readonly isOwn: boolean;
  readonly holderHoldsRole: boolean;
  readonly qualifyingBefore: number;
  readonly qualifyingAfter: number;
}): Verdict =>
  removal.isOwn && removal.holderHoldsRole && removal.qualifyingBefore > 0 && removal.qualifyingAfter === 0
    ? { kind: 'deny', reasons: ['key-last-own'] }
    : { kind: 'allow', reasons: [] };
