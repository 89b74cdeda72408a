/**
 * The OAuth scopes of the management API. A scope is a lid on what a service app's roles give, never a right by itself:
 * `okta.<area>.manage` lets all permissions of an area through, `okta.<area>.read` those that only show.
 */
import { factOf, PERMISSIONS, type Permission } from './permissions.ts';

const areaOf = (permission: Permission): string => {
  const area = permission.split('.')[1] ?? '';
  // Roles, resource sets and bindings have one area of scopes and two of permissions.
  return area === 'iam' ? 'roles' : area;
};

/** What only shows; secrets of others are no mere reading. */
const isReading = (permission: Permission): boolean =>
  permission.endsWith('.read') && factOf(permission).isSensitive !== true;

/** The scopes that let a permission through, the narrowest first. */
export const scopesOf = (permission: Permission): readonly string[] => {
  const area = `okta.${areaOf(permission)}`;
  return isReading(permission) ? [`${area}.read`, `${area}.manage`] : [`${area}.manage`];
};

/** All scopes that let anything through. */
export const SCOPES: readonly string[] = [...new Set(PERMISSIONS.flatMap(scopesOf))].sort();
const KNOWN = new Set(SCOPES);
export const isScope = (text: string): boolean => KNOWN.has(text);
