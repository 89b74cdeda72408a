import { pageLimit } from '../http/page-limit.ts';
import type { Services } from '../services.ts';
import { orgIdOf } from './store.ts';

/** `GET /api/v1/iam/assignees/users`: everybody who holds a role, by themselves or through a group. */
export const listAssignees = async (s: Services, input: { readonly after?: string; readonly limit?: string }) => {
  const limit = pageLimit(input.limit, 100, 200);
  const { origin } = s.config.publicUrl;
  const orgId = await orgIdOf(s.store.read);
  let query = s.store.read
    .selectFrom('users')
    .select('users.id')
    // The holders first, who are few: asked of each person in turn, the answer would cost what all people cost.
    .where('users.id', 'in', (e) =>
      e
        .selectFrom('roleAssignments')
        .select('roleAssignments.principalId')
        .where('roleAssignments.principalKind', '=', 'user')
        .union(
          e
            .selectFrom('groupMembers')
            .innerJoin('roleAssignments', 'roleAssignments.principalId', 'groupMembers.groupId')
            .select('groupMembers.userId as principalId')
            .where('roleAssignments.principalKind', '=', 'group'),
        ),
    )
    .orderBy('users.id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('users.id', '>', input.after);
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const after = shown.at(-1)?.id ?? '';
  return {
    value: shown.map(({ id }) => ({
      id,
      orn: `orn:okta:directory:${orgId}:users:${id}`,
      _links: { self: { href: `${origin}/api/v1/users/${id}` }, roles: { href: `${origin}/api/v1/users/${id}/roles` } },
    })),
    ...(rows.length > limit
      ? { _links: { next: { href: `${origin}/api/v1/iam/assignees/users?after=${after}&limit=${limit}` } } }
      : {}),
  };
};
