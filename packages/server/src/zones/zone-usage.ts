import { authorize } from '@sallyport/decide/roles/authorize';
import { notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { TokenNetwork } from '../api-tokens/token-network.ts';
import { SERVICE_APP_NAME, serviceSettingsOf } from '../machines/service-app.ts';
import { assertMay } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';

/**
 * `GET /sallyport/v1/zones/{id}/usage`: what would change with the zone. Rules and tokens are shown to whoever may read
 * all of them; null stands for "you may not", an empty list for "none".
 */
export const getZoneUsage = async (s: Services, principal: Principal, id: string) => {
  const zone = await s.store.read
    .selectFrom('zones')
    .select(['id', 'isExempt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (zone === undefined) throw notFound(id, 'NetworkZone');
  assertMay(principal, 'okta.networkZones.read', { kind: 'zone', id });
  const may = (permission: 'okta.policies.read' | 'okta.apiTokens.read' | 'okta.apps.read'): boolean =>
    authorize(principal, permission, { kind: 'all' }).kind === 'allow';
  const rules = may('okta.policies.read')
    ? await s.store.read
        .selectFrom('policyRules')
        .innerJoin('policies', 'policies.id', 'policyRules.policyId')
        .select(['policyRules.id', 'policyRules.name', 'policies.id as policyId', 'policies.name as policyName'])
        .where('policyRules.conditions', 'like', `%"${zone.id.replace(/[\\%_]/g, '')}"%`)
        .orderBy('policyRules.id')
        .execute()
    : null;
  const apps = may('okta.apps.read')
    ? (await s.store.read.selectFrom('apps').selectAll().where('name', '=', SERVICE_APP_NAME).orderBy('id').execute())
        .filter((app) => {
          const { include, exclude } = serviceSettingsOf(app).network;
          return [...include, ...exclude].includes(zone.id);
        })
        .map(({ id: appId, label }) => ({ id: appId, name: label }))
    : null;
  const tokens = may('okta.apiTokens.read')
    ? (
        await s.store.read
          .selectFrom('apiTokens')
          .select(['id', 'name', 'network'])
          .where('revokedAt', 'is', null)
          .where('expiresAt', '>', s.clock.now())
          .orderBy('id')
          .execute()
      )
        .filter(({ network }) => {
          const { include, exclude } = JSON.parse(network) as TokenNetwork;
          return [...include, ...exclude].includes(zone.id);
        })
        .map(({ id: tokenId, name }) => ({ id: tokenId, name }))
    : null;
  return { rules, tokens, apps, isExempt: zone.isExempt === 1 };
};
