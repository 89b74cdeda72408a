import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { labelOf } from '@sallyport/model/roles';
import { countToDecide } from '../approvals/list-approvals.ts';
import { activeGrantsOf } from '../grants/active-grants.ts';
import type { Services } from '../services.ts';
import { lastEndedOf } from '../sessions/last-ended.ts';

/** What everybody must know, the worst first. */
const bannersOf = (s: Services): { kind: string; text: string; href: string | null }[] => {
  const { asnBinding } = s.settings.get('sessionBinding');
  const href = '/settings/session-protection';
  if (asnBinding === 'MONITOR')
    return [
      {
        kind: 'only-observed',
        text: 'Sessions are only observed: a stolen one still works from another network.',
        href,
      },
    ];
  if (asnBinding === 'DISABLED')
    return [{ kind: 'not-bound', text: 'ASN binding is off: a stolen session works from any network.', href }];
  return [];
};

/** `GET /sallyport/v1/me`: the frame of every screen is made from this one answer. */
export const getMe = async (s: Services, principal: Principal) => {
  if (principal.kind !== 'session') throw new ApiError('E0000011', { detail: 'not a session' });
  const user = await s.store.read
    .selectFrom('users')
    .select(['id', 'login', 'profile'])
    .where('id', '=', principal.userId)
    .executeTakeFirstOrThrow();
  const session = await s.store.read
    .selectFrom('sessions')
    .select(['id', 'createdAt', 'endsAt', 'lastActivityAt', 'idleTimeoutSeconds'])
    .where('id', '=', principal.sessionId)
    .executeTakeFirstOrThrow();
  const org = await s.store.read.selectFrom('org').select('name').executeTakeFirst();
  const { firstName, lastName } = JSON.parse(user.profile) as { firstName?: string; lastName?: string };
  const lastEnded = await lastEndedOf(s, user.id);
  const deadlines = s.sessions.deadlinesOf(session.id);
  const idleEndsAt = deadlines?.idleEndsAt ?? session.lastActivityAt + session.idleTimeoutSeconds * 1000;
  return {
    user: { id: user.id, login: user.login, name: [firstName, lastName].filter(Boolean).join(' ') },
    session: {
      id: session.id,
      hasConsole: principal.hasConsole,
      createdAt: toIso(session.createdAt),
      idleEndsAt: toIso(idleEndsAt),
      endsAt: toIso(deadlines?.endsAt ?? session.endsAt),
      /** Of this server, for the computer of the person may be wrong by minutes. */
      now: toIso(s.clock.now()),
    },
    roles: principal.roles.map((type) => ({ type, label: labelOf(type) })),
    permissions: [...principal.permissions].toSorted(),
    /** What they have for a while now, the first to end first. */
    grants: await activeGrantsOf(s, principal.userId),
    org: { name: org?.name ?? 'Sallyport' },
    environment: s.config.environment,
    /** Until its owner said whether it was them. */
    lastEnded: lastEnded?.answeredAt === null ? lastEnded : null,
    approvals: { toDecide: await countToDecide(s, principal) },
    banners: principal.hasConsole ? bannersOf(s) : [],
  };
};
