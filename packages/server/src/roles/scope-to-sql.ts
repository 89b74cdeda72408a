import { holdingsOf, holdingsOnAttribute, isSuperAdmin } from '@sallyport/decide/roles/authorize';
import { isWhole } from '@sallyport/decide/roles/scope';
import type { Permission } from '@sallyport/model/permissions';
import type { Principal } from '@sallyport/model/principal';
import type { Scope, ScopeEntry, Selector } from '@sallyport/model/rights';
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** The kinds of things that have a list of their own. */
export type Listed = 'user' | 'group' | 'app' | 'policy' | 'zone';

const TABLES = { user: 'users', group: 'groups', app: 'apps', policy: 'policies', zone: 'zones' } as const;
const YES = sql<SqlBool>`1 = 1`;
const NO = sql<SqlBool>`1 = 0`;
/** SQLite refuses expressions deeper than a thousand; a long `or` is as deep as it is long. */
const TERMS_MAX = 50;

const anyOf = (terms: readonly Expression<SqlBool>[]): Expression<SqlBool> => {
  if (terms.length === 0) return NO;
  const [first] = terms;
  if (terms.length === 1 && first !== undefined) return first;
  if (terms.length <= TERMS_MAX) return expressionBuilder<Tables, never>().or([...terms]);
  const size = Math.ceil(terms.length / TERMS_MAX);
  const groups = Array.from({ length: Math.ceil(terms.length / size) }, (_, i) =>
    terms.slice(i * size, (i + 1) * size),
  );
  return anyOf(groups.map(anyOf));
};

/** Whatever one of the selectors chooses; all ids in one list, all groups in another. */
const selected = (kind: Listed, selectors: readonly Selector[]): Expression<SqlBool> => {
  const e = expressionBuilder<Tables, 'users' | 'groups' | 'apps' | 'policies' | 'zones'>();
  const own = selectors.filter((selector) => selector.kind === kind);
  if (own.some(({ by }) => by === 'all')) return YES;
  const of = <By extends Selector['by']>(by: By) =>
    own.filter((selector): selector is Extract<Selector, { by: By }> => selector.by === by);
  const ids = of('id').map(({ id }) => id);
  const groups = of('group').map(({ groupId }) => groupId);
  const names = of('name').map(({ name }) => name);
  const types = of('type').map(({ type }) => type);
  return anyOf([
    ...(ids.length === 0 ? [] : [e(`${TABLES[kind]}.id`, 'in', ids)]),
    ...(groups.length === 0
      ? []
      : [
          e(
            'users.id',
            'in',
            e.selectFrom('groupMembers').select('groupMembers.userId').where('groupMembers.groupId', 'in', groups),
          ),
        ]),
    ...(names.length === 0 ? [] : [e('apps.name', 'in', names)]),
    ...(types.length === 0 ? [] : [e('policies.type', 'in', types)]),
  ]);
};

const inEntry = (kind: Listed, { selector, except }: ScopeEntry): Expression<SqlBool> => {
  const e = expressionBuilder<Tables, never>();
  return e.and([selected(kind, [selector]), e.not(selected(kind, except))]);
};

/** A scope as a condition of a list: `isInScope` in SQL, so that paging works and no page comes back short. */
export const scopeToSql = (scopes: readonly Scope[], kind: Listed): Expression<SqlBool> => {
  if (scopes.some((scope) => isWhole(scope, kind))) return YES;
  const entries = scopes.flatMap((scope) => (scope === 'everything' ? [] : scope));
  const own = entries.filter(({ selector }) => selector.kind === kind);
  const plain = own.filter(({ except }) => except.length === 0).map(({ selector }) => selector);
  const rest = own.filter(({ except }) => except.length > 0);
  return anyOf([...(plain.length === 0 ? [] : [selected(kind, plain)]), ...rest.map((entry) => inEntry(kind, entry))]);
};

/** A super admin to whom no scope is a lid: the role of a service app alone opens nothing. */
const isUnlidded = (principal: Principal): boolean => principal.kind !== 'service-app' && isSuperAdmin(principal);

/** What of a list the principal may use a permission on. */
export const whereAllowed = (principal: Principal, permission: Permission, kind: Listed): Expression<SqlBool> =>
  isUnlidded(principal)
    ? YES
    : scopeToSql(
        holdingsOf(principal, permission).map(({ held }) => held.scope),
        kind,
      );

/**
 * The people of whom the principal may see an attribute; a search by it must not tell what a profile hides. Null: of all
 * of them, so that an index on the attribute serves.
 */
export const whereAttributeIsVisible = (principal: Principal, attribute: string): Expression<SqlBool> | null => {
  if (isUnlidded(principal)) return null;
  const scopes = holdingsOnAttribute(principal, 'okta.users.read', attribute).map(({ held }) => held.scope);
  const where = scopeToSql(scopes, 'user');
  return where === YES ? null : where;
};
