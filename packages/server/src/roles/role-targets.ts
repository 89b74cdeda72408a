import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Selector } from '@sallyport/model/rights';
import type { TargetKind } from '@sallyport/model/roles';
import { assertMayGive } from '../grants/assert-may-give.ts';
import { presentGroup } from '../groups/present-group.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { findAssignment, findHolder, type HolderKind, privilegeEvent } from './assign-role.ts';
import { assertSuperAdmin } from './guard-user.ts';
import { holdersOf, publishRights, selectorText } from './store.ts';
import { assertTakesTarget, selectorsOf, TARGETS_MAX, type Target } from './target-selectors.ts';

/** Whose assignment. */
export interface Assigned {
  readonly kind: HolderKind;
  readonly holderId: string;
  readonly assignmentId: string;
}
const findTargeted = async (db: Transaction, { kind, holderId, assignmentId }: Assigned, target: TargetKind) => {
  const holder = await findHolder(db, kind, holderId);
  const row = await findAssignment(db, holder, assignmentId);
  assertTakesTarget(row.type, target);
  return { holder, row };
};

const targetsOf = async (db: Transaction, assignmentId: string): Promise<readonly Selector[]> =>
  (
    await db
      .selectFrom('roleTargets')
      .select('selector')
      .where('assignmentId', '=', assignmentId)
      .orderBy('createdAt')
      .orderBy('selector')
      .execute()
  ).map(({ selector }) => JSON.parse(selector) as Selector);

/** `GET …/targets/groups`. */
export const listGroupTargets = async (s: Services, assigned: Assigned) => {
  const { row } = await findTargeted(s.store.read, assigned, 'group');
  const ids = (await targetsOf(s.store.read, row.id)).flatMap((one) =>
    one.kind === 'group' && one.by === 'id' ? [one.id] : [],
  );
  const groups = await s.store.read
    .selectFrom('groups')
    .selectAll()
    .where('id', 'in', [...ids, ''])
    .execute();
  return groups.map((group) => presentGroup(group, s.config.publicUrl.origin));
};

const presentApp = (app: Pick<Row<'apps'>, 'id' | 'name' | 'status' | 'label'>, isOne: boolean, origin: string) =>
  isOne
    ? {
        name: app.label,
        status: app.status,
        id: app.id,
        _links: { self: { href: `${origin}/api/v1/apps/${app.id}` } },
      }
    : {
        name: app.name,
        displayName: app.name,
        status: 'ACTIVE',
        _links: { self: { href: `${origin}/api/v1/catalog/apps/${app.name}` } },
      };

/** `GET …/targets/catalog/apps`. */
export const listAppTargets = async (s: Services, assigned: Assigned) => {
  const { row } = await findTargeted(s.store.read, assigned, 'app');
  const targets = await targetsOf(s.store.read, row.id);
  const apps = await s.store.read.selectFrom('apps').select(['id', 'name', 'status', 'label']).execute();
  return targets.flatMap((one) => {
    const app = apps.find(({ id, name }) => (one.by === 'id' ? id === one.id : one.by === 'name' && name === one.name));
    return app === undefined ? [] : [presentApp(app, one.by === 'id', s.config.publicUrl.origin)];
  });
};

const changeTargets = async (
  s: Services,
  principal: Principal,
  assigned: Assigned,
  target: Target,
  verb: 'grant' | 'revoke',
  change: (tx: Transaction, row: Row<'roleAssignments'>, selectors: readonly Selector[]) => Promise<void>,
): Promise<void> => {
  assertSuperAdmin(principal);
  const holder = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { holder: found, row } = await findTargeted(tx, assigned, target.kind);
    if (verb === 'grant') await assertMayGive(s, tx, principal, { kind: assigned.kind, id: found.id });
    const { selectors, named } = await selectorsOf(tx, target);
    await change(tx, row, selectors);
    await tx
      .updateTable('roleAssignments')
      .set({ scope: 'TARGETS', lastUpdatedAt: s.clock.now() })
      .where('id', '=', row.id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: privilegeEvent(found.kind, verb),
      target: [found.target, named],
      debugData: { [verb === 'grant' ? 'privilegeGranted' : 'privilegeRevoked']: row.type },
    });
    return found;
  });
  publishRights(s, await holdersOf(s.store.read, [{ principalKind: holder.kind, principalId: holder.id }]));
};

/**
 * `PUT …/targets/…`: the first target narrows the assignment to it. A whole kind of app and one app of it cannot both be
 * targets. Errors: E0000091 for a role that takes no such target, E0000093 for too many.
 */
export const addTarget = (s: Services, principal: Principal, assigned: Assigned, target: Target): Promise<void> =>
  changeTargets(s, principal, assigned, target, 'grant', async (tx, row, selectors) => {
    const held = await targetsOf(tx, row.id);
    const known = new Set(held.map(selectorText));
    const added = selectors.filter((one) => !known.has(selectorText(one)));
    if (held.length + added.length > TARGETS_MAX * 2) throw new ApiError('E0000093');
    if (target.kind === 'app') {
      const ids = held.flatMap((one) => (one.by === 'id' ? [one.id] : []));
      const sameKind = await tx
        .selectFrom('apps')
        .select('id')
        .where('id', 'in', [...ids, ''])
        .where('name', '=', target.name)
        .executeTakeFirst();
      const isMixed =
        target.appId === undefined
          ? sameKind !== undefined
          : held.some((one) => one.by === 'name' && one.name === target.name);
      if (isMixed) throw invalid('target', 'a whole kind of app and one app of it cannot both be targets');
    }
    const createdAt = s.clock.now();
    if (added.length > 0)
      await tx
        .insertInto('roleTargets')
        .values(added.map((one) => ({ assignmentId: row.id, selector: selectorText(one), createdAt })))
        .execute();
  });

/** `DELETE …/targets/…`. The last target stays: without one the role would look as if it were for everything. */
export const removeTarget = (s: Services, principal: Principal, assigned: Assigned, target: Target): Promise<void> =>
  changeTargets(s, principal, assigned, target, 'revoke', async (tx, row, selectors) => {
    const held = await targetsOf(tx, row.id);
    const gone = new Set(selectors.map(selectorText));
    const left = held.filter((one) => !gone.has(selectorText(one)));
    if (left.length === held.length)
      throw notFound(target.kind === 'group' ? target.groupId : target.name, 'RoleTarget');
    if (left.length === 0)
      throw invalid('target', 'The last target cannot be removed; take the role away and assign it anew instead');
    await tx
      .deleteFrom('roleTargets')
      .where('assignmentId', '=', row.id)
      .where('selector', 'in', [...gone])
      .execute();
  });

/** `PUT …/targets/catalog/apps`: all apps again. */
export const targetAllApps = async (s: Services, principal: Principal, assigned: Assigned): Promise<void> => {
  assertSuperAdmin(principal);
  const holder = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { holder: found, row } = await findTargeted(tx, assigned, 'app');
    await assertMayGive(s, tx, principal, { kind: assigned.kind, id: found.id });
    await tx.deleteFrom('roleTargets').where('assignmentId', '=', row.id).execute();
    await tx
      .updateTable('roleAssignments')
      .set({ scope: 'EVERYTHING', lastUpdatedAt: s.clock.now() })
      .where('id', '=', row.id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: privilegeEvent(found.kind, 'grant'),
      target: [found.target],
      debugData: { privilegeGranted: row.type },
    });
    return found;
  });
  publishRights(s, await holdersOf(s.store.read, [{ principalKind: holder.kind, principalId: holder.id }]));
};
