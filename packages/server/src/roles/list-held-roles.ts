import type { Services } from '../services.ts';
import { findHolder, type HolderKind } from './assign-role.ts';
import { listHolders } from './list-holders.ts';

/** `GET /sallyport/v1/users/{id}/roles` `…/groups/{id}/roles` and `…/clients/{id}/roles`; of a person also what their groups give them. */
export const listHeldRoles = async (s: Services, kind: HolderKind, idOrLogin: string) => {
  const { id } = await findHolder(s.store.read, kind, idOrLogin);
  return listHolders(s.store.read, kind === 'user' ? { userId: id } : { kind, id });
};
