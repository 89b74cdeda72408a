import { matchRule } from '@sallyport/decide/group-rules/match-rule';
import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { assertMayFill, readExpressionOfRule } from './manage-group-rules.ts';

const PAGE = 1000;
const SAMPLE = 10;

/**
 * `GET /sallyport/v1/group-rules/preview`: whom a rule would put into its groups if it were active now, and how many of them
 * are in already. Nothing changes.
 */
export const previewRule = async (
  s: Services,
  principal: Principal,
  input: {
    readonly expression: string;
    readonly groupIds: readonly string[];
    readonly excludedUserIds: readonly string[];
  },
) => {
  const test = readExpressionOfRule(input.expression);
  await assertMayFill(s.store.read, principal, input.groupIds);
  const excluded = new Set(input.excludedUserIds);
  const rules = new Set((await s.store.read.selectFrom('groupRules').select('id').execute()).map(({ id }) => id));
  const sample: { id: string; login: string; displayName: string }[] = [];
  let [matches, adds, people] = [0, 0, 0];
  for (let after = ''; ; ) {
    const users = await s.store.read
      .selectFrom('users')
      .select(['id', 'login', 'profile'])
      .where('status', '!=', 'DEPROVISIONED')
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const last = users.at(-1);
    if (last === undefined) return { people, matches, adds, sample };
    const memberships = await s.store.read
      .selectFrom('groupMembers')
      .select(['userId', 'groupId', 'addedBy'])
      .where(
        'userId',
        'in',
        users.map(({ id }) => id),
      )
      .execute();
    const byUser = Map.groupBy(memberships, ({ userId }) => userId);
    for (const user of users) {
      const own = byUser.get(user.id) ?? [];
      const given = own.filter(({ addedBy }) => !rules.has(addedBy)).map(({ groupId }) => groupId);
      const profile = JSON.parse(user.profile) as Record<string, unknown>;
      people += 1;
      if (excluded.has(user.id) || !matchRule(test, { profile, groupIds: given })) continue;
      matches += 1;
      if (input.groupIds.every((id) => own.some(({ groupId }) => groupId === id))) continue;
      adds += 1;
      if (sample.length < SAMPLE)
        sample.push({ id: user.id, login: user.login, displayName: displayNameOf(profile, user.login) });
    }
    after = last.id;
  }
};
