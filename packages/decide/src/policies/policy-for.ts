import type { Policy } from '@sallyport/model/policy';

/**
 * Of several policies of a type, in their order, the first that is for somebody in these groups: what it sets holds for
 * them wherever they are. The address would be an attacker's to choose. Undefined where none is for them.
 */
export const policyFor = <P extends Policy>(policies: readonly P[], groupIds: readonly string[]): P | undefined =>
  policies.find(({ isActive, conditions }) => {
    const { include = [], exclude = [] } = conditions?.groups ?? {};
    const isIn = (id: string): boolean => groupIds.includes(id);
    return isActive && !exclude.some(isIn) && (include.length === 0 || include.some(isIn));
  });
