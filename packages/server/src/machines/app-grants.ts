import { invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { makerOf, type Principal } from '@sallyport/model/principal';
import { isScope } from '@sallyport/model/scopes';
import { appTarget } from '../apps/app-target.ts';
import { findManagedServiceApp } from '../apps/find-app.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';

const present = (row: Row<'appGrants'>, origin: string) => ({
  id: row.id,
  status: 'ACTIVE',
  created: toIso(row.createdAt),
  createdBy: { id: row.createdBy, type: row.createdBy.startsWith('0oa') ? 'Client' : 'User' },
  lastUpdated: toIso(row.createdAt),
  issuer: origin,
  clientId: row.appId,
  scopeId: row.scopeId,
  source: 'ADMIN',
  _links: {
    self: { href: `${origin}/api/v1/apps/${row.appId}/grants/${row.id}` },
    app: { href: `${origin}/api/v1/apps/${row.appId}` },
    client: { href: `${origin}/oauth2/v1/clients/${row.appId}` },
  },
});

const grantsOfApp = (db: Transaction, appId: string): Promise<Row<'appGrants'>[]> =>
  db.selectFrom('appGrants').selectAll().where('appId', '=', appId).orderBy('scopeId').execute();

const findGrant = async (db: Transaction, appId: string, grantId: string): Promise<Row<'appGrants'>> => {
  const row = (await grantsOfApp(db, appId)).find(({ id }) => id === grantId);
  if (row === undefined) throw notFound(grantId, 'OAuth2ScopeConsentGrant');
  return row;
};

/** `GET …/grants`. */
export const listGrants = async (s: Services, principal: Principal, appId: string) => {
  const app = await findManagedServiceApp(s.store.read, principal, 'okta.apps.read', appId);
  return (await grantsOfApp(s.store.read, app.id)).map((row) => present(row, s.config.publicUrl.origin));
};

/** `GET …/grants/{grantId}`. */
export const getGrant = async (s: Services, principal: Principal, appId: string, grantId: string) => {
  const app = await findManagedServiceApp(s.store.read, principal, 'okta.apps.read', appId);
  return present(await findGrant(s.store.read, app.id, grantId), s.config.publicUrl.origin);
};

const event = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  app: Row<'apps'>,
  scopeId: string,
  verb: 'grant' | 'revoke',
) =>
  recordEvent(s, tx, principal, {
    eventType: `app.oauth2.admin.consent.${verb}`,
    target: [
      appTarget(app),
      { id: scopeId, type: 'Scope', alternateId: scopeId, displayName: scopeId, detailEntry: null },
    ],
    debugData: { scopes: scopeId },
  });

/** `POST …/grants`: by a super admin. A scope that is granted already stays as it is. */
export const grantScope = async (s: Services, principal: Principal, appId: string, scopeId: string) => {
  assertSuperAdmin(principal);
  if (!isScope(scopeId)) throw invalid('scopeId', `${scopeId.slice(0, 80)} is not a scope of this server`);
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findManagedServiceApp(tx, principal, 'okta.apps.manage', appId);
    const held = (await grantsOfApp(tx, app.id)).find((one) => one.scopeId === scopeId);
    if (held !== undefined) return held;
    const made: Row<'appGrants'> = {
      id: newId(s.random, 'scopeGrant'),
      appId: app.id,
      scopeId,
      createdAt: s.clock.now(),
      createdBy: makerOf(principal),
    };
    await tx.insertInto('appGrants').values(made).execute();
    await event(s, tx, principal, app, scopeId, 'grant');
    return made;
  });
  return present(row, s.config.publicUrl.origin);
};

/** `DELETE …/grants/{grantId}`: tokens that carry the scope lose it with the next request. */
export const revokeGrant = async (s: Services, principal: Principal, appId: string, grantId: string): Promise<void> => {
  assertSuperAdmin(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findManagedServiceApp(tx, principal, 'okta.apps.manage', appId);
    const row = await findGrant(tx, app.id, grantId);
    await tx.deleteFrom('appGrants').where('id', '=', row.id).execute();
    await event(s, tx, principal, app, row.scopeId, 'revoke');
  });
};
