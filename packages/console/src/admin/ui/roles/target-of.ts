/** What a standard role can be narrowed to; the others are for everything, always. */
export const TARGET_OF: Readonly<Record<string, 'group' | 'app'>> = {
  APP_ADMIN: 'app',
  USER_ADMIN: 'group',
  HELP_DESK_ADMIN: 'group',
  GROUP_MEMBERSHIP_ADMIN: 'group',
};
