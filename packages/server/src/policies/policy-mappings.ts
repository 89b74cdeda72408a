import { invalid, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { appTarget } from '../apps/app-target.ts';
import { findApp } from '../apps/find-app.ts';
import { presentApps } from '../apps/present-app.ts';
import type { Transaction } from '../ports/store.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { changePolicies } from './change-policies.ts';
import { assertMayChange, findPolicy } from './find-policy.ts';
import { policyTarget } from './present-policy.ts';

/** A mapping is named by its app: an app is judged by exactly one policy. */
const presentMapping = (policyId: string, app: Pick<Row<'apps'>, 'id'>, origin: string) => ({
  id: app.id,
  _links: {
    self: { href: `${origin}/api/v1/policies/${policyId}/mappings/${app.id}`, hints: { allow: ['GET'] } },
    application: { href: `${origin}/api/v1/apps/${app.id}` },
    policy: { href: `${origin}/api/v1/policies/${policyId}` },
  },
});

const seenAppsOf = (db: Transaction, principal: Principal, policyId: string): Promise<Row<'apps'>[]> =>
  db
    .selectFrom('apps')
    .selectAll()
    .where('policyId', '=', policyId)
    .where(whereAllowed(principal, 'okta.apps.read', 'app'))
    .orderBy('createdAt')
    .orderBy('id')
    .execute();

/** `GET …/mappings`: the apps that the policy judges, of those that may be seen. */
export const listMappings = async (s: Services, principal: Principal, policyId: string) => {
  await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  const apps = await seenAppsOf(s.store.read, principal, policyId);
  return apps.map((app) => presentMapping(policyId, app, s.config.publicUrl.origin));
};

/** `GET …/app`: the same, as apps. */
export const listPolicyApps = async (s: Services, principal: Principal, policyId: string) => {
  await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  return presentApps(s, s.store.read, await seenAppsOf(s.store.read, principal, policyId));
};

export const getMapping = async (s: Services, principal: Principal, policyId: string, mappingId: string) => {
  await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  const app = await findApp(s.store.read, principal, 'okta.apps.read', mappingId);
  if (app.policyId !== policyId) throw notFound(mappingId, 'PolicyMapping');
  return presentMapping(policyId, app, s.config.publicUrl.origin);
};

/**
 * Lets an app be judged by another policy of the type ACCESS_POLICY. Whoever does it may change the app and both policies:
 * the one that no longer counts, too, kept people out.
 */
export const mapApp = (s: Services, principal: Principal, policyId: string, appId: string): Promise<Row<'apps'>> =>
  changePolicies(s, principal, async (tx) => {
    const policy = await findPolicy(tx, principal, 'okta.policies.manage', policyId);
    const app = await findApp(tx, principal, 'okta.apps.manage', appId);
    if (policy.type !== 'ACCESS_POLICY')
      throw invalid('policyId', 'An app is judged by a policy of the type ACCESS_POLICY');
    if (app.policyId === null) throw invalid('resourceId', 'Nobody enters this app, so that no policy judges it');
    await assertMayChange(tx, principal, policy);
    if (app.policyId === policyId) return app;
    await assertMayChange(tx, principal, await findPolicy(tx, principal, 'okta.policies.manage', app.policyId));
    await tx.updateTable('apps').set({ policyId, lastUpdatedAt: s.clock.now() }).where('id', '=', appId).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'policy.mapping.create',
      target: [policyTarget(policy), appTarget(app)],
    });
    return { ...app, policyId };
  });

/** `POST …/mappings {resourceId, resourceType: "APP"}`. */
export const createMapping = async (
  s: Services,
  principal: Principal,
  policyId: string,
  body: { readonly resourceId: string; readonly resourceType: string },
) => {
  if (body.resourceType !== 'APP') throw invalid('resourceType', 'must be APP');
  return presentMapping(policyId, await mapApp(s, principal, policyId, body.resourceId), s.config.publicUrl.origin);
};
