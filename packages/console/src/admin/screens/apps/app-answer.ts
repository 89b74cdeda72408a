/** An item of `GET /api/v1/apps`. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly lastUpdated: string;
  /** Of an app behind the gateway. */
  readonly settings: { readonly app?: GatewaySettings };
  readonly _links: { readonly accessPolicy?: { readonly href: string } };
}
export interface GatewaySettings {
  readonly externalUrl: string;
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
  readonly backgroundPaths: readonly string[];
}

export const APPS = '/api/v1/apps';
export const appPath = (id: string): string => `${APPS}/${encodeURIComponent(id)}`;
export const isGateway = ({ name }: Pick<App, 'name'>): boolean => name === 'sallyport_gateway';

/** What PUT and POST take. */
export const appBody = (label: string, app: GatewaySettings) => ({
  name: 'sallyport_gateway',
  label,
  signOnMode: 'BOOKMARK',
  settings: { app },
});

/** The policy of an app, by its path here. */
export const policyPath = ({ _links }: Pick<App, '_links'>): string | null =>
  _links.accessPolicy === undefined ? null : new URL(_links.accessPolicy.href).pathname;
