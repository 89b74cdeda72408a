import type { ResourceKind } from '@sallyport/model/permissions';
import type { Resource, Scope, ScopeEntry, Selector } from '@sallyport/model/rights';

type Thing = Exclude<Resource, { kind: 'all' }>;

/** Is the resource one that the selector chooses? `roles/scope-to-sql` of the server says the same in SQL. */
export const isSelected = (selector: Selector, resource: Thing): boolean => {
  if (selector.kind !== resource.kind) return false;
  switch (selector.by) {
    case 'all':
      return true;
    case 'id':
      return resource.id === selector.id;
    case 'group':
      return resource.kind === 'user' && resource.groupIds.includes(selector.groupId);
    case 'name':
      return resource.kind === 'app' && resource.name === selector.name;
    case 'type':
      return resource.kind === 'policy' && resource.type === selector.type;
  }
};

const isInEntry = ({ selector, except }: ScopeEntry, resource: Thing): boolean =>
  isSelected(selector, resource) && !except.some((one) => isSelected(one, resource));

/** Is the resource in the scope? */
export const isInScope = (scope: Scope, resource: Thing): boolean =>
  scope === 'everything' || scope.some((entry) => isInEntry(entry, resource));

/** Does the scope hold all there is of a kind, whatever comes to it? */
export const isWhole = (scope: Scope, kind: ResourceKind): boolean =>
  scope === 'everything' ||
  scope.some(({ selector, except }) => selector.kind === kind && selector.by === 'all' && except.length === 0);

/** The entries of a scope that speak of a kind. */
export const entriesOf = (scope: readonly ScopeEntry[], kind: ResourceKind): readonly ScopeEntry[] =>
  scope.filter(({ selector }) => selector.kind === kind);
