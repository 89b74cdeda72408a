import { short } from '@sallyport/decide/filter/parse-expression';
import { GROUP_FILTER, groupAttribute, groupSearch } from '@sallyport/decide/groups/group-language';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { membershipsAt } from '../grants/active-grants.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { readExpression } from '../http/read-expression.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { expressionToSql } from '../store/expression-to-sql.ts';
import { sortedPage } from '../store/sorted-page.ts';
import type { Row } from '../store/tables.ts';
import { GROUP_LAYOUT } from './group-layout.ts';
import { groupAttributeTypes } from './group-schema.ts';
import { presentGroup } from './present-group.ts';

export interface ListGroups {
  /** The start of the name. */
  readonly q?: string;
  readonly filter?: string;
  readonly search?: string;
  readonly sortBy?: string;
  readonly sortOrder?: string;
  /** `stats` adds how many members there are. */
  readonly expand?: string;
  readonly limit?: string;
  readonly after?: string;
}

/** How many of the members of each group the principal may see. */
const countMembers = async (s: Services, principal: Principal, groupIds: readonly string[]) => {
  if (groupIds.length === 0) return new Map<string, number>();
  const rows = await s.store.read
    .selectFrom(membershipsAt(s.store.read, s.clock.now()).as('memberships'))
    .innerJoin('users', 'users.id', 'memberships.userId')
    .select((e) => ['memberships.groupId', e.fn.countAll().as('found')])
    .where('memberships.groupId', 'in', groupIds)
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .groupBy('memberships.groupId')
    .execute();
  return new Map(rows.map(({ groupId, found }) => [groupId, Number(found)]));
};

const presentWithStats = async (s: Services, principal: Principal, rows: readonly Row<'groups'>[]) => {
  const counts = await countMembers(
    s,
    principal,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...presentGroup(row, s.config.publicUrl.origin),
    _embedded: { stats: { usersCount: counts.get(row.id) ?? 0 } },
  }));
};

const wantsStats = (expand: string | undefined): boolean => (expand ?? '').split(',').includes('stats');

/** `GET /api/v1/groups`. Errors: E0000031 a search or filter; E0000001 a cursor or an order that is none. */
export const listGroups = async (s: Services, principal: Principal, input: ListGroups) => {
  if (input.filter !== undefined && input.search !== undefined) throw new ApiError('E0000033');
  const limit = pageLimit(input.limit, 200, 10_000);
  const dialect = s.store.engine;
  const own = await groupAttributeTypes(s, s.store.read);
  const { sortBy: order = '', after } = input;
  let query = s.store.read
    .selectFrom('groups')
    .selectAll()
    .where(whereAllowed(principal, 'okta.groups.read', 'group'))
    .limit(limit + 1);
  for (const expression of [readExpression(input.search, groupSearch(own)), readExpression(input.filter, GROUP_FILTER)])
    if (expression !== null) query = query.where(expressionToSql(expression, GROUP_LAYOUT, dialect));
  const named = groupAttribute('profile.name');
  if (input.q !== undefined && input.q !== '' && named !== null)
    query = query.where(
      expressionToSql({ kind: 'compare', attribute: named, op: 'sw', value: input.q }, GROUP_LAYOUT, dialect),
    );
  const inOrder = async () => {
    if (order === '') {
      if (after !== undefined) query = query.where('groups.id', '>', after);
      return pageOf(await query.orderBy('groups.id').execute(), limit);
    }
    const attribute = groupAttribute(order, own);
    if (attribute === null) throw invalid('sortBy', `cannot be ${short(order)}`);
    const direction = input.sortOrder;
    return sortedPage(query, { attribute, layout: GROUP_LAYOUT, id: 'groups.id', direction, after, limit, dialect });
  };
  const page = await inOrder();
  return {
    groups: wantsStats(input.expand)
      ? await presentWithStats(s, principal, page.shown)
      : page.shown.map((row) => presentGroup(row, s.config.publicUrl.origin)),
    after: page.after,
  };
};
