/**
 * What a principal may do, as one value: grants, each with the permissions of a role, the resources it is for, and where
 * it comes from. Judged by `decide/roles/authorize`, made by the server at each request.
 */
import type { Instant } from './instant.ts';
import type { Permission, ResourceKind } from './permissions.ts';
import type { RoleType } from './roles.ts';

/** A choice of resources of one kind. An empty list of choices is nothing, never everything. */
export type Selector =
  | { readonly kind: ResourceKind; readonly by: 'all' }
  | { readonly kind: Exclude<ResourceKind, 'log'>; readonly by: 'id'; readonly id: string }
  /** The people in a group, not the group. */
  | { readonly kind: 'user'; readonly by: 'group'; readonly groupId: string }
  | { readonly kind: 'app'; readonly by: 'name'; readonly name: string }
  | { readonly kind: 'policy'; readonly by: 'type'; readonly type: string };

/** A selector without what it leaves out. */
export interface ScopeEntry {
  readonly selector: Selector;
  readonly except: readonly Selector[];
}
/** `everything`: the whole organisation. */
export type Scope = 'everything' | readonly ScopeEntry[];

/** Which attributes of a profile a permission reaches; of `login` always, since it names the person. */
export interface AttributeCondition {
  readonly kind: 'include' | 'exclude';
  readonly attributes: readonly string[];
}

/** Where a grant comes from, so that a verdict can name it. */
export interface GrantSource {
  readonly assignmentId: string;
  readonly type: RoleType;
  /** Of a custom role. */
  readonly roleId: string | null;
  readonly resourceSetId: string | null;
  readonly label: string;
  /** The group through which it is held. */
  readonly groupId: string | null;
  /** Held for a while by a grant; absent of what stands. */
  readonly timeBound?: TimeBound;
}

/** By which grant something is held, and when that ends. */
export interface TimeBound {
  readonly grantId: string;
  readonly endsAt: Instant;
}

/** A permission with what it is narrowed to; one without an entry is not held. */
export interface HeldPermission {
  readonly scope: Scope;
  readonly condition: AttributeCondition | null;
}

export interface Grant {
  readonly source: GrantSource;
  readonly permissions: ReadonlyMap<Permission, HeldPermission>;
}

export interface Rights {
  /** Kinds of roles held, once each, sorted. */
  readonly roles: readonly RoleType[];
  /** All that is held on something, wherever from. */
  readonly permissions: ReadonlySet<Permission>;
  readonly grants: readonly Grant[];
}

/** What a permission is used on, with the facts that decide. An id of null is something that does not exist yet. */
export type Resource =
  | {
      readonly kind: 'user';
      readonly id: string | null;
      readonly groupIds: readonly string[];
      readonly holdsAdminRole: boolean;
      /** A break-glass account, which its own routes change alone. */
      readonly isBreakGlass?: boolean;
    }
  | { readonly kind: 'group'; readonly id: string | null; readonly holdsAdminRole: boolean }
  | {
      readonly kind: 'app';
      readonly id: string | null;
      readonly name: string;
      /** A service app with an admin role: whoever changes its keys has its power. */
      readonly holdsAdminRole?: boolean;
    }
  | { readonly kind: 'policy'; readonly id: string | null; readonly type: string }
  | { readonly kind: 'zone'; readonly id: string | null }
  /** All there is of what the permission is used on: figures over the whole organisation. */
  | { readonly kind: 'all' };
