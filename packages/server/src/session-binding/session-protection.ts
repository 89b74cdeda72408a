import { toIso } from '@sallyport/model/instant';
import { SESSION_BINDING_PRESETS } from '@sallyport/model/session-binding-presets';
import { sql } from 'kysely';
import type { Services } from '../services.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { IDLE_MINUTES, LIFETIME_MINUTES } from './admin-console-settings.ts';

/** NIST SP 800-63B §2.3.3 (AAL3): at most twelve hours, at most fifteen minutes without activity. */
const AAL3_MINUTES = { idle: 15, lifetime: 720 } as const;

const changedBy = async (s: Services, key: 'sessionBinding' | 'adminConsole') => {
  const row = await s.store.read
    .selectFrom('settings')
    .leftJoin('users', 'users.id', 'settings.updatedBy')
    .select(['settings.updatedAt', 'settings.updatedBy', 'users.login', 'users.profile'])
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { login, profile } = row;
  return {
    at: toIso(row.updatedAt),
    by: login === null || profile === null ? row.updatedBy : displayNameOf(JSON.parse(profile) as object, login),
  };
};

const exempt = async (s: Services) => {
  const zone = await s.store.read
    .selectFrom('zones')
    .select(['id', 'name', 'gateways', 'status'])
    .where('isExempt', '=', 1)
    .executeTakeFirst();
  const counted = await s.store.read
    .selectFrom('sessions')
    .select((e) => [e.fn.sum<number>('exemptPasses').as('passes'), e.fn.countAll<number>().as('sessions')])
    .where(sql<boolean>`exempt_passes > 0`) // as text: a parameter would not match the index's condition
    .executeTakeFirstOrThrow();
  return {
    zone:
      zone === undefined
        ? null
        : {
            id: zone.id,
            name: zone.name,
            isActive: zone.status === 'ACTIVE',
            entries: (JSON.parse(zone.gateways) as { value: string }[]).map(({ value }) => value),
          },
    passes: Number(counted.passes ?? 0),
    sessions: Number(counted.sessions),
  };
};

/** `GET /sallyport/v1/session-protection`: what surrounds the settings: presets, limits, apps, who changed them last. */
export const getSessionProtection = async (s: Services) => {
  const apps = await s.store.read
    .selectFrom('apps')
    .select(['id', 'name', 'label', 'isSystem'])
    .orderBy('isSystem', 'desc')
    .orderBy('label')
    .execute();
  return {
    presets: SESSION_BINDING_PRESETS,
    apps: apps.map(({ id, name, label, isSystem }) => ({ key: isSystem === 1 ? name : id, label })),
    consoleLimits: { idleMinutes: IDLE_MINUTES, lifetimeMinutes: LIFETIME_MINUTES, aal3Minutes: AAL3_MINUTES },
    exempt: await exempt(s),
    liveSessions: s.sessions.count(),
    changed: {
      sessionBinding: await changedBy(s, 'sessionBinding'),
      adminConsole: await changedBy(s, 'adminConsole'),
    },
  };
};
