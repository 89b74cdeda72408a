import type { Caller } from '@sallyport/model/principal';
import { isSuperAdmin } from '../roles/authorize.ts';
import { standingPart } from './standing-part.ts';

/**
 * Does somebody who gives power that stays do it by power that stays? Only super admins give any, and so it is enough to
 * look at that role: held for a while it gives nothing that outlasts it alone (design §4.16).
 */
export const isByStandingPower = (caller: Caller): boolean =>
  !isSuperAdmin(caller) || isSuperAdmin({ ...caller, ...standingPart(caller) });
