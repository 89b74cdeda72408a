import { suggestRole } from '@sallyport/decide/roles/suggest-role';
import { toIso } from '@sallyport/model/instant';
import { areaOf, factOf, isPermission, PERMISSIONS, type Permission } from '@sallyport/model/permissions';
import type { Scope } from '@sallyport/model/rights';
import { nameSelectors } from '../roles/name-selectors.ts';
import { recordedSince, USE_DAYS, usesOf } from '../roles/permission-use.ts';
import { rightsAt } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import { findUser } from '../users/store.ts';
import { nameSources } from './name-sources.ts';

const selectorsIn = (scope: Scope) =>
  scope === 'everything' ? [] : scope.flatMap(({ selector, except }) => [selector, ...except]);

/** `GET /sallyport/v1/access/what/{user}`: each permission with where it comes from, over what, and when it was used. */
export const whatCan = async (s: Services, idOrLogin: string) => {
  const db = s.store.read;
  const now = s.clock.now();
  const user = await findUser(db, idOrLogin);
  const { grants, permissions } = await rightsAt(db, user.id, now);
  const uses = await usesOf(db, user.id, now);
  const since = await recordedSince(db);
  const held = grants.flatMap(({ source, permissions: own }) =>
    [...own].map(([permission, { scope, condition }]) => ({ permission, source, scope, condition })),
  );
  const nameOf = await nameSelectors(
    db,
    held.flatMap(({ scope }) => selectorsIn(scope)),
  );
  const sourceOf = await nameSources(
    db,
    held.map(({ source }) => source),
  );
  const overWords = (scope: Scope): readonly string[] =>
    scope === 'everything'
      ? ['everything']
      : scope.map(({ selector, except }) =>
          except.length === 0 ? nameOf(selector) : `${nameOf(selector)} but for ${except.map(nameOf).join(', ')}`,
        );
  const inWords = (permission: Permission) => ({
    permission,
    words: factOf(permission).words,
    area: areaOf(permission),
    isSensitive: factOf(permission).isSensitive === true,
  });
  const used = new Set(uses.flatMap(({ permission }) => (isPermission(permission) ? [permission] : [])));
  const suggestion = suggestRole(permissions, used);
  return {
    user: { id: user.id, login: user.login, status: user.status },
    days: USE_DAYS,
    /** Uses before this were not written down. */
    recordedSince: since === null ? null : toIso(since),
    can: PERMISSIONS.filter((permission) => permissions.has(permission) && factOf(permission).on !== 'nothing').map(
      (permission) => {
        const use = uses.find((one) => one.permission === permission);
        return {
          ...inWords(permission),
          by: held
            .filter((one) => one.permission === permission)
            .map(({ source, scope, condition }) => ({ ...sourceOf(source), over: overWords(scope), condition })),
          lastUsedAt: use === undefined ? null : toIso(use.lastUsedAt),
          usedDays: use?.days ?? 0,
        };
      },
    ),
    suggestion: {
      permissions: suggestion.permissions.map(inWords),
      onlyStandard: suggestion.onlyStandard.map(inWords),
      unused: suggestion.unused.map(inWords),
    },
  };
};
