import { ROLES, type StandardRoleType } from './roles.ts';

/** Roles that are small enough to be held all day: neither all-powerful nor over every app. */
export const DAY_ROLES = [
  'HELP_DESK_ADMIN',
  'GROUP_MEMBERSHIP_ADMIN',
  'USER_ADMIN',
  'READ_ONLY_ADMIN',
  'REPORT_ADMIN',
  'API_ACCESS_MANAGEMENT_ADMIN',
] as const satisfies readonly StandardRoleType[];
export type DayRole = (typeof DAY_ROLES)[number];

/** The names of what zero standing privilege is made of; a second run finds it by these. */
export const ASKED_FOR_BUNDLE = 'Super admin for a while';
export const ASKERS_GROUP = 'May ask for super admin';
export const ASKING_CONDITION = 'Super admin, asked for';
export const dayGroupOf = (role: DayRole): string => `Day to day: ${ROLES[role].label}`;

/** The longest that super admin is asked for unless somebody says otherwise. */
export const ASKED_FOR_AT_MOST = 'PT4H';
/** The sequence that every org starts with for admin roles. */
export const TWO_FELLOW_ADMINS = '5a11d0000000000000000002';
/** People in one run. */
export const ZERO_STANDING_PEOPLE_MAX = 50;
