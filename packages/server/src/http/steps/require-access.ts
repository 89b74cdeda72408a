import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError } from '@sallyport/model/errors';
import { refuse } from '../../roles/guard-user.ts';
import { markUsed } from '../../roles/permission-use.ts';
import type { Step } from '../exchange.ts';

/**
 * The route's row says who may call. Whether this principal may act on this very object is judged again by the use
 * case, with the object's facts.
 */
export const requireAccess: Step = {
  name: 'require-access',
  run({ route, principal }) {
    if (route.access.kind === 'anonymous') return;
    if (principal.kind === 'anonymous') throw new ApiError('E0000011');
    if (route.access.kind === 'person') return;
    const verdict = authorize(principal, route.access.permission);
    if (verdict.kind !== 'allow') throw refuse(verdict.reasons);
    markUsed(principal, route.access.permission);
  },
};
