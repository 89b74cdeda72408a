import { toIso } from '@sallyport/model/instant';
import { GATEWAY_APP_NAME, settingsOf } from '../gateway/gateway-app.ts';
import { presentKey } from '../machines/app-keys.ts';
import { SERVICE_APP_NAME, serviceSettingsOf } from '../machines/service-app.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

const serviceSettings = (row: Row<'apps'>, keys: readonly Row<'appKeys'>[], origin: string) => {
  const { isDpopBound, jwksUri, network, networkReason, protectedActions } = serviceSettingsOf(row);
  return {
    app: { protectedActions, networkReason },
    oauthClient: {
      client_uri: null,
      logo_uri: null,
      redirect_uris: [],
      response_types: ['token'],
      grant_types: ['client_credentials'],
      ...(jwksUri === null ? { jwks: { keys: keys.map((key) => presentKey(key, origin)) } } : { jwks_uri: jwksUri }),
      application_type: 'service',
      consent_method: 'TRUSTED',
      issuer_mode: 'ORG_URL',
      idp_initiated_login: { mode: 'DISABLED', default_scope: [] },
      wildcard_redirect: 'DISABLED',
      dpop_bound_access_tokens: isDpopBound,
      network,
    },
  };
};

const settingsFor = (row: Row<'apps'>, keys: readonly Row<'appKeys'>[], origin: string) => {
  if (row.name === GATEWAY_APP_NAME) return { app: settingsOf(row) };
  if (row.name === SERVICE_APP_NAME) return serviceSettings(row, keys, origin);
  return row.isSystem === 1
    ? {}
    : { app: { requestIntegration: false, ...(JSON.parse(row.body) as { readonly url: string }) } };
};

/** The Application of the wire. */
const presentApp = (row: Row<'apps'>, keys: readonly Row<'appKeys'>[], origin: string) => {
  const self = `${origin}/api/v1/apps/${row.id}`;
  const isService = row.name === SERVICE_APP_NAME;
  const verb = row.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    id: row.id,
    name: row.name,
    label: row.label,
    status: row.status,
    lastUpdated: toIso(row.lastUpdatedAt),
    created: toIso(row.createdAt),
    signOnMode: row.signOnMode,
    features: [],
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: { autoSubmitToolbar: false, hide: { iOS: true, web: true } },
    credentials: {
      userNameTemplate: { template: `\${source.login}`, type: 'BUILT_IN' },
      signing: {},
      ...(isService
        ? {
            oauthClient: {
              autoKeyRotation: true,
              client_id: row.id,
              token_endpoint_auth_method: 'private_key_jwt',
              pkce_required: false,
            },
          }
        : {}),
    },
    settings: settingsFor(row, keys, origin),
    ...(isService
      ? {
          lastUsed: row.lastUsedAt === null ? null : toIso(row.lastUsedAt),
          lastUsedFrom:
            row.lastUsedAddress === null ? null : { address: row.lastUsedAddress, network: row.lastUsedNetwork },
        }
      : {}),
    _links: {
      self: { href: self },
      ...(row.isSystem === 1 ? {} : { [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } } }),
      ...(row.policyId === null ? {} : { accessPolicy: { href: `${origin}/api/v1/policies/${row.policyId}` } }),
      ...(isService ? { grants: { href: `${self}/grants` }, jwks: { href: `${self}/credentials/jwks` } } : {}),
    },
  };
};

/** Apps with what belongs to them, in one question. */
export const presentApps = async (s: Services, db: Transaction, rows: readonly Row<'apps'>[]) => {
  const ids = rows.filter(({ name }) => name === SERVICE_APP_NAME).map(({ id }) => id);
  const keys =
    ids.length === 0
      ? []
      : await db
          .selectFrom('appKeys')
          .selectAll()
          .where('appId', 'in', ids)
          .orderBy('createdAt')
          .orderBy('id')
          .execute();
  return rows.map((row) =>
    presentApp(
      row,
      keys.filter(({ appId }) => appId === row.id),
      s.config.publicUrl.origin,
    ),
  );
};
