import type { GatewayAppBody } from '@sallyport/api/apps';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import type { LogTarget } from '@sallyport/model/log-event';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { readExternalUrl } from '../gateway/external-url.ts';
import { GATEWAY_APP_NAME, type GatewaySettings, settingsOf } from '../gateway/gateway-app.ts';
import { endSessionsOfApp } from '../gateway/store.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { forgetResource } from '../roles/forget.ts';
import { assertMay } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { publishEnded } from '../sessions/end-sessions.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { createAppPolicy, deleteAppPolicy } from './app-policy.ts';
import { presentApp } from './present-app.ts';

/** As the console's own: NIST SP 800-63B AAL3, fifteen minutes and twelve hours. */
const USUAL_IDLE_MINUTES = 15;
const USUAL_LIFETIME_MINUTES = 720;

const appTarget = (
  row: Pick<Row<'apps'>, 'id' | 'label'>,
  changeDetails: LogTarget['changeDetails'] = null,
): LogTarget => ({
  id: row.id,
  type: 'AppInstance',
  alternateId: row.label,
  displayName: row.label,
  detailEntry: null,
  changeDetails,
});

const findApp = async (
  db: Transaction,
  principal: Principal,
  permission: 'okta.apps.read' | 'okta.apps.manage',
  id: string,
): Promise<Row<'apps'>> => {
  const row = await db.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'AppInstance');
  assertMay(principal, permission, { kind: 'app', id, name: row.name });
  return row;
};

/** An app behind the gateway; our own two are changed by their policies and settings alone. */
const findGatewayApp = async (db: Transaction, principal: Principal, id: string): Promise<Row<'apps'>> => {
  const row = await findApp(db, principal, 'okta.apps.manage', id);
  if (row.name !== GATEWAY_APP_NAME)
    throw new ApiError('E0000111', { causes: ['A built-in app cannot be changed, switched off or deleted.'] });
  return row;
};

const readSettings = (s: Services, body: GatewayAppBody): { host: string; settings: GatewaySettings } => {
  const { app } = body.settings;
  const url = readExternalUrl(app.externalUrl, s.config.publicUrl);
  const settings = {
    externalUrl: url.origin,
    sessionIdleTimeoutMinutes: app.sessionIdleTimeoutMinutes ?? USUAL_IDLE_MINUTES,
    sessionMaxLifetimeMinutes: app.sessionMaxLifetimeMinutes ?? USUAL_LIFETIME_MINUTES,
    backgroundPaths: app.backgroundPaths ?? [],
  };
  if (settings.sessionIdleTimeoutMinutes > settings.sessionMaxLifetimeMinutes)
    throw invalid('settings.app.sessionIdleTimeoutMinutes', 'must not be longer than sessionMaxLifetimeMinutes');
  return { host: url.hostname, settings };
};

const assertHostIsFree = async (tx: Transaction, host: string, ownId: string | null): Promise<void> => {
  const other = await tx.selectFrom('apps').select(['id', 'label']).where('host', '=', host).executeTakeFirst();
  if (other !== undefined && other.id !== ownId)
    throw invalid('settings.app.externalUrl', `the host ${host} is that of the app ${other.label}`);
};

const reload = async (s: Services): Promise<void> => {
  await Promise.all([s.appSessions.reload(), s.policies.reload(), s.settings.reload()]);
};

/** `GET /api/v1/apps/{id}`. */
export const getApp = async (s: Services, principal: Principal, id: string) =>
  presentApp(await findApp(s.store.read, principal, 'okta.apps.read', id), s.config.publicUrl.origin);

/** `POST /api/v1/apps`: an app with a host and a policy of its own. */
export const createApp = async (s: Services, principal: Principal, body: GatewayAppBody, isActive: boolean) => {
  assertMay(principal, 'okta.apps.manage', { kind: 'app', id: null, name: GATEWAY_APP_NAME });
  const { host, settings } = readSettings(s, body);
  const now = s.clock.now();
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertHostIsFree(tx, host, null);
    const created: Row<'apps'> = {
      id: newId(s.random, 'app'),
      name: GATEWAY_APP_NAME,
      label: body.label,
      status: isActive ? 'ACTIVE' : 'INACTIVE',
      signOnMode: 'BOOKMARK',
      isSystem: 0,
      policyId: await createAppPolicy(s, tx, principal, body.label),
      host,
      body: JSON.stringify(settings),
      createdAt: now,
      lastUpdatedAt: now,
    };
    await tx.insertInto('apps').values(created).execute();
    await recordEvent(s, tx, principal, { eventType: 'application.lifecycle.create', target: [appTarget(created)] });
    return created;
  });
  await reload(s);
  return presentApp(row, s.config.publicUrl.origin);
};

/** `PUT /api/v1/apps/{id}`. An app that moves to another host ends its sessions: they were made for the old one. */
export const replaceApp = async (s: Services, principal: Principal, id: string, body: GatewayAppBody) => {
  const { host, settings } = readSettings(s, body);
  const { row, ended } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findGatewayApp(tx, principal, id);
    await assertHostIsFree(tx, host, id);
    const change = { label: body.label, host, body: JSON.stringify(settings), lastUpdatedAt: s.clock.now() };
    await tx.updateTable('apps').set(change).where('id', '=', id).execute();
    const from = { label: before.label, ...settingsOf(before) };
    const changeDetails = { from, to: { label: body.label, ...settings } };
    const after = { ...before, ...change };
    await recordEvent(s, tx, principal, {
      eventType: 'application.lifecycle.update',
      target: [appTarget(after, changeDetails)],
    });
    const hasMoved = settingsOf(before).externalUrl !== settings.externalUrl;
    return { row: after, ended: hasMoved ? await endSessionsOfApp(s, tx, principal, after, 'app-deactivated') : [] };
  });
  await reload(s);
  publishEnded(s, ended, 'app-deactivated');
  return presentApp(row, s.config.publicUrl.origin);
};

const setStatus = async (
  s: Services,
  principal: Principal,
  id: string,
  status: 'ACTIVE' | 'INACTIVE',
  eventType: EventType,
): Promise<void> => {
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findGatewayApp(tx, principal, id);
    if (row.status === status) return [];
    await tx.updateTable('apps').set({ status, lastUpdatedAt: s.clock.now() }).where('id', '=', id).execute();
    await recordEvent(s, tx, principal, { eventType, target: [appTarget(row)] });
    return status === 'ACTIVE' ? [] : endSessionsOfApp(s, tx, principal, row, 'app-deactivated');
  });
  await reload(s);
  publishEnded(s, ended, 'app-deactivated');
};

/** `POST …/lifecycle/activate`. */
export const activateApp = (s: Services, principal: Principal, id: string): Promise<void> =>
  setStatus(s, principal, id, 'ACTIVE', 'application.lifecycle.activate');

/** `POST …/lifecycle/deactivate`: its sessions end, and nobody enters. */
export const deactivateApp = (s: Services, principal: Principal, id: string): Promise<void> =>
  setStatus(s, principal, id, 'INACTIVE', 'application.lifecycle.deactivate');

/** `DELETE /api/v1/apps/{id}`: of an app that is switched off; E0000056 otherwise. */
export const deleteApp = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findGatewayApp(tx, principal, id);
    if (row.status === 'ACTIVE') throw new ApiError('E0000056', { causes: ['Switch the app off first.'] });
    await tx.deleteFrom('apps').where('id', '=', id).execute();
    await forgetResource(tx, { kind: 'app', by: 'id', id });
    if (row.policyId !== null) {
      await deleteAppPolicy(s, tx, principal, row.policyId);
      await forgetResource(tx, { kind: 'policy', by: 'id', id: row.policyId });
    }
    const binding = s.settings.get('sessionBinding');
    const { [id]: gone, ...apps } = binding.apps;
    if (gone !== undefined)
      await s.settings.put(tx, 'sessionBinding', { ...binding, apps }, s.clock.now(), authorOf(principal));
    await recordEvent(s, tx, principal, { eventType: 'application.lifecycle.delete', target: [appTarget(row)] });
  });
  await reload(s);
};
