import { UNUSED_DAYS } from '@sallyport/decide/overview/judge-overview';
import { invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { isRoleType, labelOf, ROLES } from '@sallyport/model/roles';
import { describeFactor } from '../authenticators/present-factor.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { lastUsesOf } from '../roles/permission-use.ts';
import type { Services } from '../services.ts';
import { describeSession } from '../sessions/describe-session.ts';
import { activeFactorsOf } from '../sign-in/store.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { type AdminRow, type AdminShow, adminRows, liveAt, sessionCountsOf, standingRolesOf } from './store.ts';

const DAY = 86_400_000;
const SESSIONS_SHOWN_MAX = 20;

export interface ListAdmins {
  readonly q?: string | undefined;
  readonly role?: string | undefined;
  readonly show?: AdminShow | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** Before this a last sign-in counts as long ago. */
export const unusedBefore = (now: number): number => now - UNUSED_DAYS * DAY;

const strongestOf = ({ deviceKeys, syncedKeys, hasPassword }: AdminRow) =>
  deviceKeys > 0 ? 'device-bound' : syncedKeys > 0 ? 'synced' : hasPassword ? 'password' : 'none';

const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : toIso(at));

const present = async (s: Services, rows: readonly AdminRow[]) => {
  const now = s.clock.now();
  const ids = rows.map(({ id }) => id);
  const [roles, sessions, uses] = await Promise.all([
    standingRolesOf(s.store.read, ids),
    sessionCountsOf(s.store.read, ids, now),
    lastUsesOf(s.store.read, ids),
  ]);
  return rows.map((row) => ({
    id: row.id,
    login: row.login,
    name: displayNameOf(JSON.parse(row.profile) as Parameters<typeof displayNameOf>[0], row.login),
    status: row.status,
    isServiceAccount: row.serviceAccountAt !== null,
    roles: (roles.get(row.id) ?? []).map(({ type, role, resourceSet, isNarrowed, via, since }) => ({
      type,
      roleId: role?.id ?? type,
      label: role?.label ?? (isRoleType(type) ? labelOf(type) : type),
      over: resourceSet?.label ?? (isNarrowed ? 'its targets' : 'everything'),
      via,
      since: toIso(since),
    })),
    lastSignInAt: row.lastLoginAt === null ? null : toIso(row.lastLoginAt),
    /** When they last used any of it; null for not in 90 days. */
    lastUsedAt: isoOrNull(uses.get(row.id)),
    unusedDays: Math.floor((now - (row.lastLoginAt ?? row.createdAt)) / DAY),
    strongest: strongestOf(row),
    keys: { deviceBound: row.deviceKeys, synced: row.syncedKeys },
    sessions: sessions.get(row.id) ?? 0,
  }));
};

/** `GET /sallyport/v1/admins`: a page of whoever holds an admin role, directly or through a group. */
export const listAdmins = async (s: Services, input: ListAdmins) => {
  if (input.role !== undefined && !isRoleType(input.role))
    throw invalid('role', `must be one of ${[...Object.keys(ROLES), 'CUSTOM'].join(', ')}`);
  const limit = pageLimit(input.limit, 50, 200);
  const rows = await adminRows(s.store.read, {
    ...input,
    role: input.role,
    limit: limit + 1,
    unusedBefore: unusedBefore(s.clock.now()),
  });
  const { shown, after } = pageOf(rows, limit);
  return { admins: await present(s, shown), after };
};

const sessionsOf = async (s: Services, userId: string) => {
  const rows = await s.store.read
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where(liveAt(s.clock.now()))
    .orderBy('createdAt', 'desc')
    .limit(SESSIONS_SHOWN_MAX)
    .execute();
  return rows.map((row) => {
    const { id, device, address, network, createdAt, lastActivityAt } = describeSession(s, row, null, false);
    return { id, device, address, network: network.name, createdAt, lastActivityAt };
  });
};

/** `GET /sallyport/v1/admins/{id}`. Somebody without a role is not found here, as somebody who does not exist. */
export const getAdmin = async (s: Services, id: string) => {
  const rows = await adminRows(s.store.read, { id, unusedBefore: unusedBefore(s.clock.now()) });
  const [admin] = await present(s, rows);
  if (admin === undefined) throw notFound(id, 'Admin');
  return {
    ...admin,
    hasPassword: rows[0]?.hasPassword ?? false,
    factors: (await activeFactorsOf(s.store.read, id)).map((row) => describeFactor(row, s.settings.get('keys'))),
    liveSessions: await sessionsOf(s, id),
  };
};
