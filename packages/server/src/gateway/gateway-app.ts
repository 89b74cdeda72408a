import type { Row } from '../store/tables.ts';

/** The name of every app behind the gateway, whatever its label. */
export const GATEWAY_APP_NAME = 'sallyport_gateway';

/** What `apps.body` holds of an app behind the gateway. */
export interface GatewaySettings {
  readonly externalUrl: string;
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
  readonly backgroundPaths: readonly string[];
}

/** An app behind the gateway, as the doors read it. */
export interface GatewayApp {
  readonly id: string;
  readonly label: string;
  readonly isActive: boolean;
  /** As in an Origin header. */
  readonly origin: string;
  /** As in a Host header, in lower case. */
  readonly host: string;
  readonly isHttps: boolean;
  readonly idleTimeoutSeconds: number;
  readonly lifetimeSeconds: number;
  readonly backgroundPaths: readonly string[];
}

export const settingsOf = (row: Pick<Row<'apps'>, 'body'>): GatewaySettings => JSON.parse(row.body) as GatewaySettings;

export const toGatewayApp = (row: Row<'apps'>): GatewayApp => {
  const settings = settingsOf(row);
  const url = new URL(settings.externalUrl);
  return {
    id: row.id,
    label: row.label,
    isActive: row.status === 'ACTIVE',
    origin: url.origin,
    host: url.host,
    isHttps: url.protocol === 'https:',
    idleTimeoutSeconds: settings.sessionIdleTimeoutMinutes * 60,
    lifetimeSeconds: settings.sessionMaxLifetimeMinutes * 60,
    backgroundPaths: settings.backgroundPaths,
  };
};
