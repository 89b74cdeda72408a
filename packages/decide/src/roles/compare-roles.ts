import type { Permission } from '@sallyport/model/permissions';
import type { AttributeCondition } from '@sallyport/model/rights';

/** A permission as a role holds it. */
export interface RolePermission {
  readonly permission: Permission;
  readonly condition: AttributeCondition | null;
}

/** What a role holds against another one. */
export interface RoleComparison {
  readonly onlyLeft: readonly Permission[];
  readonly onlyRight: readonly Permission[];
  /** Held by both, for other attributes of profiles. */
  readonly otherCondition: readonly Permission[];
  readonly both: readonly Permission[];
}

const conditionText = (condition: AttributeCondition | null): string =>
  condition === null ? '' : `${condition.kind} ${condition.attributes.toSorted().join(' ')}`;

/** Two roles side by side: what would change for somebody who held the right one in place of the left. */
export const compareRoles = (left: readonly RolePermission[], right: readonly RolePermission[]): RoleComparison => {
  const other = new Map(right.map(({ permission, condition }) => [permission, conditionText(condition)]));
  const own = new Set(left.map(({ permission }) => permission));
  const shared = left.filter(({ permission }) => other.has(permission));
  const isSame = ({ permission, condition }: RolePermission): boolean =>
    other.get(permission) === conditionText(condition);
  const names = (list: readonly RolePermission[]): readonly Permission[] =>
    list.map(({ permission }) => permission).toSorted();
  return {
    onlyLeft: names(left.filter(({ permission }) => !other.has(permission))),
    onlyRight: names(right.filter(({ permission }) => !own.has(permission))),
    otherCondition: names(shared.filter((one) => !isSame(one))),
    both: names(shared.filter(isSame)),
  };
};
