import type { ApproverRule, AskedFacts } from '@sallyport/model/access-request';
import type { Permission, RoleType } from '@sallyport/model/roles';

/** What rules of approvers ask of somebody, as it is now; without anything time-bound. */
export interface ApproverFacts {
  readonly userId: string;
  readonly roles: readonly RoleType[];
  /** Held over the whole organisation. */
  readonly permissions: ReadonlySet<Permission>;
  readonly groupIds: readonly string[];
}
/** What some rules read of what is asked for. */
export type Related = Pick<AskedFacts, 'managerId' | 'ownerUserIds' | 'ownerGroupIds'>;

/** Is somebody among those whom a step names? */
export const matchApprover = (rule: ApproverRule, who: ApproverFacts, ask: Related): boolean => {
  switch (rule.by) {
    case 'people':
      return rule.ids.includes(who.userId);
    case 'group':
      return who.groupIds.includes(rule.id);
    case 'manager':
      return ask.managerId === who.userId;
    case 'owner':
      return ask.ownerUserIds.includes(who.userId) || ask.ownerGroupIds.some((id) => who.groupIds.includes(id));
    case 'super-admins':
      return who.roles.includes('SUPER_ADMIN');
    case 'admins':
      return who.roles.length > 0;
    case 'permission':
      return who.permissions.has(rule.permission);
    default:
      return false;
  }
};
