import type { DelegationAnswer } from '@sallyport/client/answers';

/** Somebody whose vote is lent, and where that is settled. */
export interface Delegator {
  readonly id: string;
  readonly name: string;
  readonly isMe: boolean;
  /** Of the settings that are changed. */
  readonly path: string;
  /** The name of the protected action that changing them is. */
  readonly action: string;
}

/** Who decides in their stead, now or later. */
export type Given = Pick<DelegationAnswer, 'delegate' | 'startsAt' | 'endsAt' | 'isActive' | 'note'> & {
  /** Who settled it, where it was somebody else; null is themself. */
  readonly namedBy: string | null;
};
