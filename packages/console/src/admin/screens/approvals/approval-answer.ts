import type { Tone } from '../../ui/word.tsx';

export const APPROVALS = '/sallyport/v1/approvals';

interface Person {
  readonly id: string;
  readonly login: string | null;
  readonly name: string;
}
interface May {
  readonly isAllowed: boolean;
  readonly reason: string;
  readonly sentence: string;
}
export type ApprovalStatus = 'WAITING' | 'APPROVED' | 'DONE' | 'DENIED' | 'CANCELLED' | 'EXPIRED';

/** An item of `GET /sallyport/v1/approvals`. */
export interface Approval {
  readonly id: string;
  readonly status: ApprovalStatus;
  readonly words: string;
  readonly why: string;
  readonly target: { readonly id: string; readonly name: string | null; readonly type: string } | null;
  readonly askedBy: {
    readonly kind: 'person' | 'token';
    readonly person: Person;
    readonly token: { readonly id: string; readonly name: string; readonly purpose: string } | null;
  };
  readonly from: { readonly address: string | null; readonly network: string | null };
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly needsSecondPerson: boolean;
  readonly decision: {
    readonly result: 'APPROVED' | 'DENIED';
    readonly by: Person;
    readonly at: string;
    readonly reason: string | null;
  } | null;
  readonly usedAt: string | null;
  readonly approve: May;
  readonly deny: May;
}

/** `GET /sallyport/v1/approvals/{id}`. */
export interface ApprovalDetail extends Approval {
  readonly summary: string | null;
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  readonly challenge: string;
  readonly approvers: readonly Person[];
  readonly approversCount: number;
}

export const STATUS_WORDS: Readonly<Record<ApprovalStatus, readonly [tone: Tone, words: string]>> = {
  WAITING: ['warn', 'waits'],
  APPROVED: ['good', 'approved, not done yet'],
  DONE: ['good', 'approved and done'],
  DENIED: ['bad', 'denied'],
  CANCELLED: ['quiet', 'taken back'],
  EXPIRED: ['quiet', 'expired'],
};

/** Who asks, in one line. */
export const askedByWords = ({ kind, person, token }: Approval['askedBy']): string =>
  kind === 'token' ? `token ${token?.name ?? ''} of ${person.name}` : person.name;
