import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Selector } from '@sallyport/model/rights';
import { isStandardRole, type RoleType, type TargetKind, targetKindOf } from '@sallyport/model/roles';
import { findGroup, groupAsTarget } from '../groups/manage-groups.ts';
import type { Transaction } from '../ports/store.ts';

export const TARGETS_MAX = 100;

/** A group, all apps of a name, or one app. */
export type Target =
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'app'; readonly name: string; readonly appId?: string | undefined };

/** E0000091 for a role that takes no such target. */
export const assertTakesTarget = (type: string, kind: TargetKind): void => {
  if (!isStandardRole(type) || targetKindOf(type) !== kind)
    throw new ApiError('E0000091', { causes: [`${type} takes no ${kind} targets.`] });
};

/** The selectors of a target. Of a group both the group and its people: whoever manages a group manages who is in it. */
export const selectorsOf = async (
  db: Transaction,
  target: Target,
): Promise<{ readonly selectors: readonly Selector[]; readonly named: LogTarget }> => {
  if (target.kind === 'group') {
    const group = await findGroup(db, target.groupId);
    const { id } = group;
    return {
      selectors: [
        { kind: 'group', by: 'id', id },
        { kind: 'user', by: 'group', groupId: id },
      ],
      named: groupAsTarget(group),
    };
  }
  const { name, appId } = target;
  let query = db.selectFrom('apps').select(['id', 'name', 'label']).where('name', '=', name);
  if (appId !== undefined) query = query.where('id', '=', appId);
  const app = await query.executeTakeFirst();
  if (app === undefined) throw notFound(appId ?? name, 'AppInstance');
  const label = appId === undefined ? name : app.label;
  return {
    selectors: [appId === undefined ? { kind: 'app', by: 'name', name } : { kind: 'app', by: 'id', id: app.id }],
    named: { id: appId ?? name, type: 'AppInstance', alternateId: label, displayName: label, detailEntry: null },
  };
};

/** What an assignment is narrowed to from its first moment: ids of groups, or of apps. */
export interface FirstTargets {
  readonly groups?: readonly string[] | undefined;
  readonly apps?: readonly string[] | undefined;
}

/**
 * The targets that an assignment begins with. Null where none are asked for: it is for everything then. An empty list is
 * refused, since it would look as if it were.
 */
export const readFirstTargets = async (
  db: Transaction,
  type: RoleType,
  targets: FirstTargets | undefined,
): Promise<{ readonly selectors: readonly Selector[]; readonly named: readonly LogTarget[] } | null> => {
  if (targets === undefined) return null;
  const groups = [...new Set(targets.groups ?? [])];
  const apps = [...new Set(targets.apps ?? [])];
  if (groups.length + apps.length === 0) throw invalid('targets', 'must name at least one group or app');
  if (groups.length + apps.length > TARGETS_MAX) throw new ApiError('E0000093');
  if (groups.length > 0) assertTakesTarget(type, 'group');
  if (apps.length > 0) assertTakesTarget(type, 'app');
  const selectors: Selector[] = [];
  const named: LogTarget[] = [];
  const add = async (target: Target): Promise<void> => {
    const found = await selectorsOf(db, target);
    selectors.push(...found.selectors);
    named.push(found.named);
  };
  for (const groupId of groups) await add({ kind: 'group', groupId });
  for (const appId of apps) {
    const app = await db.selectFrom('apps').select('name').where('id', '=', appId).executeTakeFirst();
    if (app === undefined) throw notFound(appId, 'AppInstance');
    await add({ kind: 'app', name: app.name, appId });
  }
  return { selectors, named };
};
