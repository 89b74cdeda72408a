import { allowsByRule } from '@sallyport/decide/policies/allows-by-rule';
import type { Policy } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import { gatherFacts } from '../sessions/gather-facts.ts';
import type { Row } from '../store/tables.ts';

/**
 * Do policies that hold for people let somebody do it by themselves, from where this request comes? The first rule that
 * matches says so; where none does, or the address is unknown, it is no.
 */
export const allowsPerson = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
  policies: readonly Policy[],
): Promise<boolean> => {
  const { network } = principal.request;
  if (network === null) return false;
  const holdsRole = await isAdmin(s.store.read, user.id);
  const facts = await gatherFacts(s, principal, user, [], holdsRole, network);
  return allowsByRule(facts, policies, s.clock.now());
};
