import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { BindingMode } from '@sallyport/model/session';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { SessionBindingSettings } from '../settings/org-settings.ts';
import { recordEvent } from '../system-log/record-event.ts';

export interface SessionBindingBody {
  readonly asnBinding: BindingMode;
  readonly ipBinding: BindingMode;
  readonly exemptZoneId?: string | null | undefined;
  readonly apps?:
    | Readonly<
        Record<string, { readonly asnBinding?: BindingMode | undefined; readonly ipBinding?: BindingMode | undefined }>
      >
    | undefined;
}

const exemptZoneId = async (s: Services): Promise<string | null> =>
  (await s.store.read.selectFrom('zones').select('id').where('isExempt', '=', 1).executeTakeFirst())?.id ?? null;

/** `GET /sallyport/v1/session-binding`: the same body as PUT takes. */
export const getSessionBinding = async (s: Services) => {
  const { asnBinding, ipBinding, apps } = s.settings.get('sessionBinding');
  return { asnBinding, ipBinding, exemptZoneId: await exemptZoneId(s), apps };
};

/** The body that PUT takes, checked: known apps, and the one exempt zone. */
const checked = async (s: Services, body: SessionBindingBody): Promise<SessionBindingSettings> => {
  const zone = await exemptZoneId(s);
  if (body.exemptZoneId !== undefined && body.exemptZoneId !== null && body.exemptZoneId !== zone)
    throw invalid('exemptZoneId', 'Only DefaultExemptIpZone can exempt sessions from binding');
  const apps = await s.store.read.selectFrom('apps').select(['id', 'name', 'isSystem']).execute();
  const byApp: Record<string, { asnBinding?: BindingMode; ipBinding?: BindingMode }> = {};
  for (const [key, app] of Object.entries(body.apps ?? {})) {
    const known = apps.find((row) => (row.isSystem === 1 && row.name === key) || row.id === key);
    if (known === undefined) throw invalid('apps', `There is no app ${key}`);
    byApp[known.isSystem === 1 ? known.name : known.id] = {
      ...(app.asnBinding === undefined ? {} : { asnBinding: app.asnBinding }),
      ...(app.ipBinding === undefined ? {} : { ipBinding: app.ipBinding }),
    };
  }
  return { asnBinding: body.asnBinding, ipBinding: body.ipBinding, exemptZoneId: zone, apps: byApp };
};

/** `PUT /sallyport/v1/session-binding`. Counts for live sessions at their next request. */
export const putSessionBinding = async (s: Services, principal: Principal, body: SessionBindingBody) => {
  const next = await checked(s, body);
  const previous = s.settings.get('sessionBinding');
  const by = authorOf(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await s.settings.put(tx, 'sessionBinding', next, s.clock.now(), by);
    await recordEvent(s, tx, principal, {
      eventType: 'security.session_protection.status.update',
      target: [
        {
          id: 'session-binding',
          type: 'SessionBinding',
          alternateId: 'session-binding',
          displayName: 'Session binding',
          detailEntry: null,
          changeDetails: { from: { ...previous }, to: { ...next } },
        },
      ],
      debugData: { asnBinding: next.asnBinding, ipBinding: next.ipBinding },
    });
  });
  await s.settings.reload();
  s.sessions.applySettings();
  return getSessionBinding(s);
};

/** `GET …/report`: whose sessions would have ended had both bindings been enforced for the last days. */
export const reportSessionBinding = async (s: Services, days = 14) => {
  const since = s.clock.now() - days * 86_400_000;
  const rows = await s.store.read
    .selectFrom('observations')
    .selectAll()
    .where('observedAt', '>=', since)
    .orderBy('observedAt')
    .limit(10_000)
    .execute();
  const people = new Map<string, { userId: string; sessions: Set<string>; networks: Set<string> }>();
  for (const row of rows) {
    const person = people.get(row.userId) ?? {
      userId: row.userId,
      sessions: new Set<string>(),
      networks: new Set<string>(),
    };
    person.sessions.add(row.sessionId);
    person.networks.add(`${row.fromNetwork} → ${row.toNetwork}`);
    people.set(row.userId, person);
  }
  const sessions = new Set(rows.map((row) => row.sessionId)).size;
  const plural = (n: number, word: string, many: string): string => `${n} ${n === 1 ? word : many}`;
  const logins = new Map(
    (
      await s.store.read
        .selectFrom('users')
        .select(['id', 'login'])
        .where('id', 'in', [...people.keys(), ''])
        .execute()
    ).map((row) => [row.id, row.login]),
  );
  return {
    days,
    summary: `Had this been on for ${plural(days, 'day', 'days')}, ${plural(people.size, 'person', 'people')} and ${plural(sessions, 'session', 'sessions')} would have ended.`,
    people: people.size,
    sessions,
    rows: [...people.values()].map((person) => ({
      userId: person.userId,
      login: logins.get(person.userId) ?? 'unknown',
      sessions: person.sessions.size,
      networks: [...person.networks],
    })),
    observations: rows.map((row) => ({
      sessionId: row.sessionId,
      userId: row.userId,
      causes: row.causes.split(' '),
      observedAt: toIso(row.observedAt),
      mode: row.mode,
      from: { address: row.fromAddress, network: row.fromNetwork },
      to: { address: row.toAddress, network: row.toNetwork },
    })),
  };
};

const IDLE_MINUTES = { min: 5, max: 720 } as const;
const LIFETIME_MINUTES = { min: 5, max: 10_080 } as const;

const assertConsole = (appName: string): void => {
  if (appName !== 'admin-console') throw notFound(appName, 'AppInstance');
};

/** `GET /api/v1/first-party-app-settings/admin-console`. */
export const getAdminConsoleSettings = (s: Services, appName: string) => {
  assertConsole(appName);
  return s.settings.get('adminConsole');
};

/** `PUT …`: 5 to 720 minutes idle, 5 to 10 080 minutes in all, idle within lifetime. */
export const putAdminConsoleSettings = async (
  s: Services,
  principal: Principal,
  appName: string,
  body: { sessionIdleTimeoutMinutes: number; sessionMaxLifetimeMinutes: number },
) => {
  assertConsole(appName);
  const outOfRange = (field: string, value: number, range: { min: number; max: number }): string[] =>
    value < range.min || value > range.max ? [`${field}: must be between ${range.min} and ${range.max} minutes`] : [];
  const causes = [
    ...outOfRange('sessionIdleTimeoutMinutes', body.sessionIdleTimeoutMinutes, IDLE_MINUTES),
    ...outOfRange('sessionMaxLifetimeMinutes', body.sessionMaxLifetimeMinutes, LIFETIME_MINUTES),
    ...(body.sessionIdleTimeoutMinutes > body.sessionMaxLifetimeMinutes
      ? ['sessionIdleTimeoutMinutes: must not be longer than sessionMaxLifetimeMinutes']
      : []),
  ];
  if (causes.length > 0) throw new ApiError('E0000001', { args: [(causes[0] ?? '').split(':', 1)[0] ?? ''], causes });
  const next = {
    sessionIdleTimeoutMinutes: body.sessionIdleTimeoutMinutes,
    sessionMaxLifetimeMinutes: body.sessionMaxLifetimeMinutes,
  };
  const previous = s.settings.get('adminConsole');
  const by = authorOf(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await s.settings.put(tx, 'adminConsole', next, s.clock.now(), by);
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.console.settings.update',
      target: [
        {
          id: 'admin-console',
          type: 'AppInstance',
          alternateId: 'Admin Console',
          displayName: 'Admin Console',
          detailEntry: null,
          changeDetails: { from: { ...previous }, to: { ...next } },
        },
      ],
    });
  });
  await s.settings.reload();
  return next;
};
