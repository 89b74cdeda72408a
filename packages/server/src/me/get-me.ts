import { daysToWarnOf } from '@sallyport/decide/authenticators/judge-password-times';
import { standingPart } from '@sallyport/decide/grants/standing-part';
import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { labelOf } from '@sallyport/model/roles';
import { missingEnrolments } from '../authenticators/enrolment-of-person.ts';
import { currentUse } from '../break-glass/in-use.ts';
import { activeGrantsOf } from '../grants/active-grants.ts';
import { settingsOfPerson } from '../passwords/settings-of-person.ts';
import type { Services } from '../services.ts';
import { lastEndedOf } from '../sessions/last-ended.ts';
import type { Row } from '../store/tables.ts';
import { countWaiting } from './inbox.ts';

interface Banner {
  readonly kind: string;
  readonly text: string;
  readonly href: string | null;
}
/** What everybody must know, the worst first. */
const bannersOf = (s: Services): readonly Banner[] => {
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

/** That a break-glass account is in use comes before everything else, and to its own session what it owes. */
const breakGlassBanner = async (s: Services, principal: Principal): Promise<readonly Banner[]> => {
  const { inUse, own } = await currentUse(s, principal);
  const [first] = inUse;
  if (first === undefined) return [];
  const what = first.isDrill ? 'Drill: the break-glass account' : 'The break-glass account';
  const others = inUse.length === 1 ? '' : `, and ${inUse.length - 1} more`;
  const text =
    own === null
      ? `${what} ${first.login} is in use${others}, since ${first.since.slice(11, 16)} UTC.`
      : own.reason === null
        ? 'You are in as a break-glass account, and everybody was told. Say why you broke the seal.'
        : 'You are in as a break-glass account, and everybody was told.';
  return [{ kind: 'break-glass', text, href: own === null ? `/break-glass/${first.id}` : '/break-glass' }];
};

/** What somebody must know of their own password. */
const passwordBanner = (days: number): Banner => ({
  kind: 'password-expires',
  text:
    days === 1
      ? 'Your password expires within a day. Then a sign-in with it asks for a new one.'
      : `Your password expires in ${days} days. Then a sign-in with it asks for a new one.`,
  href: null,
});
const ENROLMENT_WORDS = { webauthn: 'a security key', totp: 'an app for one-time codes' } as const;
const enrolmentBanner = (kind: keyof typeof ENROLMENT_WORDS, dueAt: number | null, now: number): Banner => ({
  kind: `enrolment-${kind}`,
  text:
    dueAt === null || now >= dueAt
      ? `Your organisation asks you to set up ${ENROLMENT_WORDS[kind]}. Until then no app opens for you.`
      : `Your organisation asks you to set up ${ENROLMENT_WORDS[kind]} before ${toIso(dueAt).slice(0, 10)}.`,
  href: '/me/authenticators',
});
const ownBanners = async (s: Services, principal: Principal, user: Row<'users'>): Promise<readonly Banner[]> => {
  const now = s.clock.now();
  const missing = await missingEnrolments(s, principal, user);
  const { age } = await settingsOfPerson(s, s.store.read, user.id);
  const days = user.passwordHash === null ? null : daysToWarnOf(user.passwordChangedAt ?? user.createdAt, age, now);
  return [
    ...missing.map(({ kind, dueAt }) => enrolmentBanner(kind, dueAt, now)),
    ...(days === null ? [] : [passwordBanner(days)]),
  ];
};

/** `GET /sallyport/v1/me`: the frame of every screen is made from this one answer. */
export const getMe = async (s: Services, principal: Principal) => {
  if (principal.kind !== 'session') throw new ApiError('E0000011', { detail: 'not a session' });
  const user = await s.store.read
    .selectFrom('users')
    .selectAll()
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
    /** Of these, what does not end by itself. */
    standing: standingPart(principal).roles.map((type) => ({ type, label: labelOf(type) })),
    permissions: [...principal.permissions].toSorted(),
    /** What they have for a while now, the first to end first. */
    grants: await activeGrantsOf(s, principal.userId),
    org: { name: org?.name ?? 'Sallyport' },
    environment: s.config.environment,
    /** Until its owner said whether it was them. */
    lastEnded: lastEnded?.answeredAt === null ? lastEnded : null,
    /** What waits for their answer, as far as it is counted. */
    waiting: await countWaiting(s, principal),
    banners: [
      ...(await breakGlassBanner(s, principal)),
      ...(principal.hasConsole ? bannersOf(s) : []),
      ...(await ownBanners(s, principal, user)),
    ],
  };
};
