/** What is told of access for a while that ends with what it was to, or with whom it was for. */
export const ENDS_OF_GRANTS = [
  'user.account.privilege.revoke',
  'group.user_membership.remove',
  'application.user_membership.remove',
] as const;
