import type { Transaction } from '../ports/store.ts';

/** May this person ask for an admin role? Nothing can be asked for yet. */
export const isEligible = async (_db: Transaction, _userId: string): Promise<boolean> => false;
