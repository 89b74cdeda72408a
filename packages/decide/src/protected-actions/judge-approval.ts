import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import type { Permission, RoleType } from '@sallyport/model/roles';
import type { StoredProof } from './judge-proof.ts';

/** What waits for a human, as far as the judgement reads it. */
export interface ApprovalAsk extends StoredProof {
  /** The person of the session, the owner of the token, or the service app itself. */
  readonly subjectId: string;
  /** Of the route; null for what people do to their own account. */
  readonly permission: Permission | null;
  /** The target holds, or gives, an admin role. */
  readonly isOfPower: boolean;
  readonly needsSecondPerson: boolean;
  /** The session or token that asked, and its owner, still count. */
  readonly isAskerLive: boolean;
}

interface Power {
  readonly roles: readonly RoleType[];
  readonly permissions: ReadonlySet<Permission>;
}
/** Who decides, with the rights that they have now and that stay. */
export interface Approver extends Power {
  readonly kind: Principal['kind'];
  readonly userId: string | null;
  readonly hasConsole: boolean;
  /** All that they have now, also for a while: it approves nothing, but it is why they see the ask. */
  readonly held: Power;
  /** In the last 30 days one created the account, granted a role, or enrolled or reset keys of the other. */
  readonly isTied: boolean;
  /** The account is nobody's own. */
  readonly isBreakGlass: boolean;
}

export interface ApprovalInput {
  readonly decision: 'approve' | 'deny';
  readonly ask: ApprovalAsk;
  readonly approver: Approver;
  readonly now: Instant;
}

export type ApprovalVerdict = { readonly kind: 'allow' | 'deny'; readonly reason: Reason };

const standing = ({ ask, now }: ApprovalInput): Reason | null => {
  if (ask.decision !== null) return 'approval-decided';
  if (ask.closedAt !== null) return 'proof-cancelled';
  if (now >= ask.expiresAt) return 'proof-expired';
  return ask.needsKey && ask.provedAt === null ? 'proof-not-given' : null;
};

const mayDoIt = ({ permission, isOfPower }: ApprovalAsk, { roles, permissions }: Power): Reason | null => {
  const isSuper = roles.includes('SUPER_ADMIN');
  if (permission === null ? !isSuper : !permissions.has(permission)) return 'approver-lacks-permission';
  return isOfPower && !isSuper ? 'approver-not-super' : null;
};

/**
 * Whether somebody may decide what waits for approval (design §4.6). One human counts once: the person of a session never
 * approves its ask, and the owner of a token does only where no second person is asked for; nor does anybody who is tied
 * to the asker. Denying gives nobody power: whoever asked may take it back, and ties do not matter.
 */
export const judgeApproval = (input: ApprovalInput): ApprovalVerdict => {
  const { ask, approver, decision } = input;
  const deny = (reason: Reason): ApprovalVerdict => ({ kind: 'deny', reason });
  if (approver.kind !== 'session' || !approver.hasConsole || approver.userId === null)
    return deny('approver-not-a-person');
  if (approver.isBreakGlass && decision === 'approve') return deny('approver-break-glass');
  const ended = standing(input);
  if (ended !== null) return deny(ended);
  const isOwn = approver.userId === ask.subjectId;
  if (isOwn && decision === 'deny') return { kind: 'allow', reason: 'own-object' };
  if (!ask.isAskerLive && decision === 'approve') return deny('approval-asker-gone');
  const needsSecond = ask.needsSecondPerson || ask.requesterKind === 'session';
  if (isOwn && needsSecond) return deny('approval-own');
  const lacks = mayDoIt(ask, approver);
  if (lacks !== null) return deny(mayDoIt(ask, approver.held) === null ? 'approver-for-a-while' : lacks);
  if (decision === 'approve' && needsSecond && approver.isTied) return deny('approver-tied');
  return { kind: 'allow', reason: 'approver-may-decide' };
};
