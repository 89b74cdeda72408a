/** An item of `GET /api/v1/apps`. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly lastUpdated: string;
  readonly settings: {
    /** Of an app behind the gateway, or of a service app. */
    readonly app?: GatewaySettings & MachineSettings;
    /** Of a service app. */
    readonly oauthClient?: ServiceSettings;
  };
  /** Of a service app: when and from where it was last used. */
  readonly lastUsed?: string | null;
  readonly lastUsedFrom?: { readonly address: string; readonly network: string | null } | null;
  readonly _links: { readonly accessPolicy?: { readonly href: string } };
}
/** Of a service app. */
export interface MachineSettings {
  readonly protectedActions?: readonly string[];
  readonly networkReason?: string | null;
}
export interface GatewaySettings {
  readonly externalUrl: string;
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
  readonly backgroundPaths: readonly string[];
}

export interface ServiceSettings {
  readonly dpop_bound_access_tokens: boolean;
  readonly jwks?: { readonly keys: readonly AppKey[] };
  readonly jwks_uri?: string;
  readonly network: {
    readonly connection: 'ANYWHERE' | 'ZONE' | 'LOOPBACK';
    readonly include: readonly string[];
    readonly exclude: readonly string[];
  };
}
/** A public key of a service app. */
export interface AppKey {
  readonly id: string;
  readonly kid: string;
  readonly alg: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly lastUsed: string | null;
}

export const APPS = '/api/v1/apps';
export const appPath = (id: string): string => `${APPS}/${encodeURIComponent(id)}`;
export const isGateway = ({ name }: Pick<App, 'name'>): boolean => name === 'sallyport_gateway';

export const isService = ({ name }: Pick<App, 'name'>): boolean => name === 'oidc_client';

/** Ours: the console and the pages around it. */
export const isBuiltIn = ({ name }: Pick<App, 'name'>): boolean => name === 'saasure' || name === 'okta_enduser';
/** Does anybody have sessions in it? */
export const hasSessions = (app: Pick<App, 'name'>): boolean => isBuiltIn(app) || isGateway(app);

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
