import { isByStandingPower } from '@sallyport/decide/grants/is-by-standing-power';
import type { Principal } from '@sallyport/model/principal';
import { tiedToAsker } from '../approvals/ties.ts';
import type { Transaction } from '../ports/store.ts';
import { refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { membersAt } from './active-grants.ts';

/**
 * E0000006 where somebody would give power that stays to themself by power that does not (design §4.16): to their own
 * account, to a group they are in, to accounts tied to theirs, or to a service app that they made. What they give to
 * others waits for a second person, which the protected action asks for.
 */
export const assertMayGive = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  to: { readonly kind: 'user' | 'group' | 'client' | 'bundle'; readonly id: string },
): Promise<void> => {
  // A bundle stays, and what it gives does not.
  if (to.kind === 'bundle' || principal.kind !== 'session' || isByStandingPower(principal)) return;
  const now = s.clock.now();
  const { userId } = principal;
  if (to.kind === 'client') {
    const makers = await tiedToAsker(tx, { requesterKind: 'service-app', userId: to.id }, now);
    if (makers.has(userId)) throw refuse(['standing-to-own']);
    return;
  }
  const members = to.kind === 'user' ? [] : await membersAt(tx, to.id, now).execute();
  const people = to.kind === 'user' ? [to.id] : members.map((member) => member.userId);
  const tied = await tiedToAsker(tx, { requesterKind: 'session', userId }, now);
  if (people.some((id) => id === userId || tied.has(id))) throw refuse(['standing-to-own']);
};
