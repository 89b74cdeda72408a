import type { AppAnswer, PolicyAnswer } from '@sallyport/client/answers';
import { useMay, useMe } from '../../frame/me.ts';

/** Does it judge who opens the Admin Console? */
export const isOfConsole = (apps: readonly Pick<AppAnswer, 'name'>[]): boolean =>
  apps.some(({ name }) => name === 'saasure');

/**
 * Whether this person may change a policy, and why not; the protected action that it is. How administrators sign in is for
 * super admins: whoever could soften it would decide how they prove themselves.
 */
export const useMayChange = (type: PolicyAnswer['type'], isConsoles: boolean) => {
  const mayManage = useMay('okta.policies.manage');
  const isSuper = useMe()?.roles.some((role) => role.type === 'SUPER_ADMIN') ?? false;
  const isOfAdmins = isConsoles || type !== 'ACCESS_POLICY';
  return {
    mayChange: mayManage && (isSuper || !isOfAdmins),
    why: mayManage && !isSuper && isOfAdmins ? 'How administrators sign in is changed by super admins.' : null,
    isOfAdmins,
    action: isOfAdmins ? 'admin-policy-rule.update' : 'policy-rule.update',
  };
};
