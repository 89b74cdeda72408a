import type { AppBody, BookmarkAppBody, GatewayAppBody, ServiceAppBody } from '@sallyport/api/apps';
import { ApiError, invalid } from '@sallyport/model/errors';
import { isMachine, type Principal } from '@sallyport/model/principal';
import { readTokenNetwork } from '../api-tokens/token-network.ts';
import { readExternalUrl } from '../gateway/external-url.ts';
import type { GatewaySettings } from '../gateway/gateway-app.ts';
import { type ServiceAppSettings, serviceSettingsOf } from '../machines/service-app.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

/** As the console's own: NIST SP 800-63B AAL3, fifteen minutes and twelve hours. */
const USUAL_IDLE_MINUTES = 15;
const USUAL_LIFETIME_MINUTES = 720;

/** What an app of the wire becomes in the store. */
export interface ReadApp {
  readonly host: string | null;
  readonly signOnMode: 'BOOKMARK' | 'OPENID_CONNECT';
  readonly settings: GatewaySettings | ServiceAppSettings | { readonly url: string };
  /** Does anybody enter through it, so that a policy says who? */
  readonly isEntered: boolean;
}

const readGatewayApp = (s: Services, { settings: { app } }: GatewayAppBody): ReadApp => {
  const url = readExternalUrl(app.externalUrl, s.config.publicUrl);
  const settings = {
    externalUrl: url.origin,
    sessionIdleTimeoutMinutes: app.sessionIdleTimeoutMinutes ?? USUAL_IDLE_MINUTES,
    sessionMaxLifetimeMinutes: app.sessionMaxLifetimeMinutes ?? USUAL_LIFETIME_MINUTES,
    backgroundPaths: app.backgroundPaths ?? [],
  };
  if (settings.sessionIdleTimeoutMinutes > settings.sessionMaxLifetimeMinutes)
    throw invalid('settings.app.sessionIdleTimeoutMinutes', 'must not be longer than sessionMaxLifetimeMinutes');
  return { host: url.hostname, signOnMode: 'BOOKMARK', settings, isEntered: true };
};

const readBookmark = ({ settings: { app } }: BookmarkAppBody): ReadApp => ({
  host: null,
  signOnMode: 'BOOKMARK',
  settings: { url: app.url },
  isEntered: true,
});

/**
 * A machine gives no protected action that was not given to itself (design §4.16), and whoever may act by a proof gives
 * any. Fewer are always fine.
 */
const assertMayGive = (principal: Principal, before: readonly string[], actions: readonly string[]): void => {
  if (!isMachine(principal)) return;
  const { allowedActions } = principal;
  if (allowedActions === 'all' || actions.every((one) => allowedActions.includes(one) || before.includes(one))) return;
  throw new ApiError('E0000006', {
    causes: ['A machine gives no protected action that was not given to itself. A person in a session may.'],
  });
};

const readServiceApp = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { settings: { app, oauthClient } }: ServiceAppBody,
  before: ServiceAppSettings | null,
): Promise<ReadApp> => {
  const protectedActions = [...new Set(app?.protectedActions ?? [])];
  assertMayGive(principal, before === null ? [] : [before.protectedActions].flat(), protectedActions);
  const jwksUri = oauthClient.jwks_uri ?? null;
  if (jwksUri !== null && (oauthClient.jwks?.keys.length ?? 0) > 0)
    throw invalid('settings.oauthClient.jwks_uri', 'Keys stand in jwks or behind jwks_uri, not in both');
  const why = jwksUri === null ? null : s.keySets.whyNot(jwksUri);
  if (why !== null) throw invalid('settings.oauthClient.jwks_uri', why);
  const network = await readTokenNetwork(tx, oauthClient.network ?? { connection: 'LOOPBACK' });
  return {
    host: null,
    signOnMode: 'OPENID_CONNECT',
    settings: {
      isDpopBound: oauthClient.dpop_bound_access_tokens ?? false,
      jwksUri,
      network,
      networkReason: app?.networkReason ?? null,
      protectedActions,
    },
    isEntered: false,
  };
};

/** The settings of an app, checked. `before` is the app that is replaced; its kind does not change. */
export const readApp = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  body: AppBody,
  before: Row<'apps'> | null,
): Promise<ReadApp> => {
  if (before !== null && before.name !== body.name) throw invalid('name', 'The kind of an app does not change');
  switch (body.name) {
    case 'sallyport_gateway':
      return readGatewayApp(s, body);
    case 'bookmark':
      return readBookmark(body);
    case 'oidc_client':
      return readServiceApp(s, tx, principal, body, before === null ? null : serviceSettingsOf(before));
  }
};
