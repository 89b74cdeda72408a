import type { AppBody } from '@sallyport/api/apps';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { GATEWAY_APP_NAME, settingsOf } from '../gateway/gateway-app.ts';
import { endSessionsOfApp } from '../gateway/store.ts';
import { endGrantsOf } from '../grants/end-grant.ts';
import { replaceKeys } from '../machines/app-keys.ts';
import { revokeTokensOfApp, SERVICE_APP_NAME } from '../machines/service-app.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { deleteAssignmentsOf, forgetResource } from '../roles/forget.ts';
import { assertMay } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { publishEnded } from '../sessions/end-sessions.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { createAppPolicy, deleteAppPolicy } from './app-policy.ts';
import { appTarget } from './app-target.ts';
import { findApp } from './find-app.ts';
import { presentApps } from './present-app.ts';
import { readApp } from './read-app.ts';

/** An app that people put here; our own two are changed by their policies and settings alone. */
const findOwnApp = async (db: Transaction, principal: Principal, id: string): Promise<Row<'apps'>> => {
  const row = await findApp(db, principal, 'okta.apps.manage', id);
  if (row.isSystem === 1)
    throw new ApiError('E0000111', { causes: ['A built-in app cannot be changed, switched off or deleted.'] });
  return row;
};

/** What happened to an app; to a service app also by its name in OAuth, which detections watch. */
export const recordAppEvent = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: Row<'apps'>,
  verb: 'create' | 'update' | 'activate' | 'deactivate' | 'delete',
  changeDetails: LogTarget['changeDetails'] = null,
): Promise<void> => {
  const target = [appTarget(row, changeDetails)];
  await recordEvent(s, tx, principal, { eventType: `application.lifecycle.${verb}`, target });
  if (row.name === SERVICE_APP_NAME)
    await recordEvent(s, tx, principal, { eventType: `app.oauth2.client.lifecycle.${verb}`, target });
};

const assertHostIsFree = async (tx: Transaction, host: string | null, ownId: string | null): Promise<void> => {
  if (host === null) return;
  const other = await tx.selectFrom('apps').select(['id', 'label']).where('host', '=', host).executeTakeFirst();
  if (other !== undefined && other.id !== ownId)
    throw invalid('settings.app.externalUrl', `the host ${host} is that of the app ${other.label}`);
};

const reload = async (s: Services): Promise<void> => {
  await Promise.all([s.appSessions.reload(), s.policies.reload(), s.settings.reload()]);
};

const presentOne = async (s: Services, row: Row<'apps'>) => (await presentApps(s, s.store.read, [row]))[0];

/** `GET /api/v1/apps/{id}`. */
export const getApp = async (s: Services, principal: Principal, id: string) =>
  presentOne(s, await findApp(s.store.read, principal, 'okta.apps.read', id));

/** `POST /api/v1/apps`: an app behind the gateway, with a host and a policy of its own; a bookmark; or a service app. */
export const createApp = async (s: Services, principal: Principal, body: AppBody, isActive: boolean) => {
  assertMay(principal, 'okta.apps.manage', { kind: 'app', id: null, name: body.name });
  const now = s.clock.now();
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { host, signOnMode, settings, isEntered } = await readApp(s, tx, principal, body, null);
    await assertHostIsFree(tx, host, null);
    const created: Row<'apps'> = {
      id: newId(s.random, 'app'),
      name: body.name,
      label: body.label,
      status: isActive ? 'ACTIVE' : 'INACTIVE',
      signOnMode,
      isSystem: 0,
      policyId: isEntered ? await createAppPolicy(s, tx, principal, body.label) : null,
      host,
      body: JSON.stringify(settings),
      createdAt: now,
      lastUpdatedAt: now,
      lastUsedAt: null,
      lastUsedAddress: null,
      lastUsedNetwork: null,
    };
    await tx.insertInto('apps').values(created).execute();
    await recordAppEvent(s, tx, principal, created, 'create');
    if (body.name === 'oidc_client')
      await replaceKeys(s, tx, principal, created, body.settings.oauthClient.jwks?.keys ?? []);
    return created;
  });
  await reload(s);
  return presentOne(s, row);
};

/** `PUT /api/v1/apps/{id}`. An app that moves to another host ends its sessions: they were made for the old one. */
export const replaceApp = async (s: Services, principal: Principal, id: string, body: AppBody) => {
  const { row, ended } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findOwnApp(tx, principal, id);
    const { host, settings } = await readApp(s, tx, principal, body, before);
    await assertHostIsFree(tx, host, id);
    const change = { label: body.label, host, body: JSON.stringify(settings), lastUpdatedAt: s.clock.now() };
    await tx.updateTable('apps').set(change).where('id', '=', id).execute();
    const after = { ...before, ...change };
    await recordAppEvent(s, tx, principal, after, 'update', {
      from: { label: before.label, ...(JSON.parse(before.body) as object) },
      to: { label: body.label, ...settings },
    });
    if (body.name === 'oidc_client') {
      const { jwks, jwks_uri } = body.settings.oauthClient;
      await replaceKeys(s, tx, principal, after, jwks_uri ? [] : jwks?.keys);
    }
    const hasMoved = body.name === GATEWAY_APP_NAME && settingsOf(before).externalUrl !== settingsOf(after).externalUrl;
    return { row: after, ended: hasMoved ? await endSessionsOfApp(s, tx, principal, after, 'app-deactivated') : [] };
  });
  await reload(s);
  publishEnded(s, ended, 'app-deactivated');
  return presentOne(s, row);
};

const setStatus = async (
  s: Services,
  principal: Principal,
  id: string,
  status: 'ACTIVE' | 'INACTIVE',
): Promise<void> => {
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findOwnApp(tx, principal, id);
    if (row.status === status) return [];
    await tx.updateTable('apps').set({ status, lastUpdatedAt: s.clock.now() }).where('id', '=', id).execute();
    await recordAppEvent(s, tx, principal, row, status === 'ACTIVE' ? 'activate' : 'deactivate');
    if (status === 'ACTIVE') return [];
    await revokeTokensOfApp(tx, id, s.clock.now());
    return endSessionsOfApp(s, tx, principal, row, 'app-deactivated');
  });
  await reload(s);
  if (status === 'INACTIVE') s.bus.publish({ kind: 'app', id, reason: 'app-deactivated' });
  publishEnded(s, ended, 'app-deactivated');
};

/** `POST …/lifecycle/activate`. */
export const activateApp = (s: Services, principal: Principal, id: string): Promise<void> =>
  setStatus(s, principal, id, 'ACTIVE');

/** `POST …/lifecycle/deactivate`: its sessions and tokens end, and nobody enters. */
export const deactivateApp = (s: Services, principal: Principal, id: string): Promise<void> =>
  setStatus(s, principal, id, 'INACTIVE');

/** Nothing of a service app outlives it: not its keys, scopes, tokens or roles. */
const forgetMachine = async (tx: Transaction, appId: string): Promise<void> => {
  await deleteAssignmentsOf(tx, 'client', appId);
  for (const table of ['appKeys', 'appGrants', 'accessTokens'] as const)
    await tx.deleteFrom(table).where('appId', '=', appId).execute();
};

/** `DELETE /api/v1/apps/{id}`: of an app that is switched off; E0000056 otherwise. */
export const deleteApp = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findOwnApp(tx, principal, id);
    if (row.status === 'ACTIVE') throw new ApiError('E0000056', { causes: ['Switch the app off first.'] });
    await endGrantsOf(s, tx, principal, { kind: 'app', id }, 'app-deleted');
    await tx.deleteFrom('apps').where('id', '=', id).execute();
    await forgetResource(tx, { kind: 'app', by: 'id', id });
    await tx.deleteFrom('appAssignments').where('appId', '=', id).execute();
    if (row.name === SERVICE_APP_NAME) await forgetMachine(tx, id);
    if (row.policyId !== null) await deleteAppPolicy(s, tx, principal, row.policyId);
    const binding = s.settings.get('sessionBinding');
    const { [id]: gone, ...apps } = binding.apps;
    if (gone !== undefined)
      await s.settings.put(tx, 'sessionBinding', { ...binding, apps }, s.clock.now(), authorOf(principal));
    await recordAppEvent(s, tx, principal, row, 'delete');
  });
  await reload(s);
};
