import type { Permission } from '@sallyport/model/permissions';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import type { Clock } from '../ports/clock.ts';
import type { Store, Transaction } from '../ports/store.ts';

const DAY = 86_400_000;
/** How far back uses are told, and how long they are kept. */
export const USE_DAYS = 90;
/** Four values each, well below what either engine takes. */
const ROWS_PER_STATEMENT = 400;

export const dayOf = (at: number): number => Math.floor(at / DAY);

/** Permissions that a request was let through by, until its answer is known. Nothing is written for one that is refused. */
const asked = new WeakMap<RequestContext, Set<Permission>>();

/** Notes that a principal is let through by a permission; counts when its request is answered well. */
export const markUsed = ({ request }: Principal, permission: Permission): void => {
  const permissions = asked.get(request);
  if (permissions === undefined) asked.set(request, new Set([permission]));
  else permissions.add(permission);
};

/**
 * Which permissions people use: a row a day for each, gathered in memory and written in batches, so that no request
 * waits for it. A crash loses the last seconds of it, never more.
 */
export interface PermissionUse {
  /** The request of a principal was answered well. Polling is no use: nobody stands behind it. */
  note(principal: Principal): void;
  flush(): Promise<void>;
}

interface Use {
  readonly userId: string;
  readonly permission: Permission;
  readonly day: number;
  readonly lastUsedAt: number;
}

const write = async (tx: Transaction, uses: readonly Use[]): Promise<void> => {
  for (let i = 0; i < uses.length; i += ROWS_PER_STATEMENT)
    await tx
      .insertInto('permissionUses')
      .values([...uses.slice(i, i + ROWS_PER_STATEMENT)])
      .onConflict((c) =>
        c.columns(['userId', 'permission', 'day']).doUpdateSet((e) => ({ lastUsedAt: e.ref('excluded.lastUsedAt') })),
      )
      .execute();
};

export const createPermissionUse = (store: Store, clock: Clock): PermissionUse => {
  let waiting = new Map<string, Use>();
  let sweptOn = 0;
  return {
    note(principal) {
      if ((principal.kind !== 'session' && principal.kind !== 'token') || principal.request.isBackground) return;
      const now = clock.now();
      const day = dayOf(now);
      for (const permission of asked.get(principal.request) ?? [])
        waiting.set(`${principal.userId} ${permission} ${day}`, {
          userId: principal.userId,
          permission,
          day,
          lastUsedAt: now,
        });
    },
    async flush() {
      const today = dayOf(clock.now());
      if (waiting.size === 0 && sweptOn === today) return;
      const uses = waiting;
      waiting = new Map();
      try {
        await store.transaction(async (tx) => {
          await write(tx, [...uses.values()]);
          if (sweptOn !== today)
            await tx
              .deleteFrom('permissionUses')
              .where('day', '<', today - USE_DAYS)
              .execute();
        });
        sweptOn = today;
      } catch (error) {
        // What came since is newer.
        waiting = new Map([...uses, ...waiting]);
        throw error;
      }
    },
  };
};

/** What somebody used, and when last, in the last 90 days. */
export interface UsedPermission {
  readonly permission: string;
  readonly lastUsedAt: number;
  readonly days: number;
}

export const usesOf = async (db: Transaction, userId: string, now: number): Promise<readonly UsedPermission[]> => {
  const rows = await db
    .selectFrom('permissionUses')
    .select((e) => ['permission', e.fn.max('lastUsedAt').as('lastUsedAt'), e.fn.countAll<number | string>().as('days')])
    .where('userId', '=', userId)
    .where('day', '>=', dayOf(now) - USE_DAYS)
    .groupBy('permission')
    .execute();
  return rows.map(({ permission, lastUsedAt, days }) => ({
    permission,
    lastUsedAt: Number(lastUsedAt),
    days: Number(days),
  }));
};

/** When each of these people last used any power. */
export const lastUsesOf = async (db: Transaction, userIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const rows = await db
    .selectFrom('permissionUses')
    .select((e) => ['userId', e.fn.max('lastUsedAt').as('lastUsedAt')])
    .where('userId', 'in', [...userIds, ''])
    .groupBy('userId')
    .execute();
  return new Map(rows.map(({ userId, lastUsedAt }) => [userId, Number(lastUsedAt)]));
};

/** The first day of which anything is known, of anybody; null before the first. */
export const recordedSince = async (db: Transaction): Promise<number | null> => {
  const row = await db
    .selectFrom('permissionUses')
    .select((e) => e.fn.min('day').as('day'))
    .executeTakeFirst();
  return row?.day == null ? null : Number(row.day) * DAY;
};
