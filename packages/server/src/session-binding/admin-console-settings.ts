import { ApiError, notFound } from '@sallyport/model/errors';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { assertHolds, assertMay } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { AdminConsoleSettings } from '../settings/org-settings.ts';
import { assertUnchanged } from '../settings/settings-version.ts';
import { recordEvent } from '../system-log/record-event.ts';

/** What the published settings allow. */
export const IDLE_MINUTES = { min: 5, max: 720 } as const;
export const LIFETIME_MINUTES = { min: 5, max: 10_080 } as const;

const assertConsole = (appName: string): void => {
  if (appName !== 'admin-console') throw notFound(appName, 'AppInstance');
};

/** `GET /api/v1/first-party-app-settings/admin-console`. */
export const getAdminConsoleSettings = (s: Services, principal: Principal, appName: string) => {
  assertConsole(appName);
  assertMay(principal, 'okta.apps.read', { kind: 'app', id: null, name: 'saasure' });
  return s.settings.get('adminConsole');
};

/** `PUT …`: 5 to 720 minutes idle, 5 to 10 080 minutes in all, idle within lifetime. */
export const putAdminConsoleSettings = async (
  s: Services,
  principal: Principal,
  appName: string,
  body: AdminConsoleSettings,
  ifMatch: string | undefined,
) => {
  assertConsole(appName);
  // How long a super admin's session lives guards super admins: who manages apps alone may not loosen it.
  assertHolds(principal, 'okta.sessionBinding.manage');
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
  const by = authorOf(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const previous = await s.settings.read(tx, 'adminConsole');
    assertUnchanged(ifMatch, previous);
    await s.settings.put(tx, 'adminConsole', next, s.clock.now(), by);
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.settings.update',
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
