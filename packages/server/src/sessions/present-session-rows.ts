import { type BindingState, describeBinding } from '@sallyport/decide/sessions/describe-binding';
import { labelOf, type RoleType } from '@sallyport/model/roles';
import { rolesOfUsers } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { departuresOf, observationsOf } from './departures.ts';
import { describeSession } from './describe-session.ts';
import { withConsole } from './store.ts';

/** A session as administrators read it in a list. */
export type SessionRow = ReturnType<typeof describeSession> & {
  readonly state: 'active' | 'ended';
  readonly user: { readonly id: string; readonly login: string; readonly name: string };
  readonly roles: readonly { readonly type: RoleType; readonly label: string }[];
  readonly binding: BindingState;
  /** Where it was seen last beside the address that it began with; null when it was not. */
  readonly lastElsewhere: { readonly address: string; readonly network: string } | null;
};

const UNKNOWN = { login: 'unknown', profile: '{}' } as const;

/** Org sessions of one page, joined with what belongs to them: a fixed number of questions, however many rows. */
export const presentSessionRows = async (
  s: Services,
  rows: readonly Row<'sessions'>[],
  currentId: string | null,
): Promise<readonly SessionRow[]> => {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const userIds = [...new Set(rows.map((row) => row.userId))];
  const [users, roles, consoles, observations] = await Promise.all([
    s.store.read.selectFrom('users').select(['id', 'login', 'profile']).where('id', 'in', userIds).execute(),
    rolesOfUsers(s.store.read, userIds),
    withConsole(s.store.read, ids, s.clock.now()),
    observationsOf(s, ids),
  ]);
  const byId = new Map(users.map((user) => [user.id, user]));
  return rows.map((row) => {
    const { login, profile } = byId.get(row.userId) ?? UNKNOWN;
    const departures = departuresOf(s, row, observations.get(row.id) ?? []);
    const last = departures.at(-1);
    return {
      ...describeSession(s, row, currentId, consoles.has(row.id)),
      state: row.endedAt === null ? ('active' as const) : ('ended' as const),
      user: { id: row.userId, login, name: displayNameOf(JSON.parse(profile) as object, login) },
      roles: (roles.get(row.userId) ?? []).map((type) => ({ type, label: labelOf(type) })),
      binding: describeBinding(row.endedAt === null ? s.sessions.modesOf(row.id) : null, departures).state,
      lastElsewhere: last === undefined ? null : { address: last.address, network: last.network },
    };
  });
};
