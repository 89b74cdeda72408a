import type { AppAnswer, AppKeyAnswer, GatewaySettingsAnswer, ServiceSettingsAnswer } from '@sallyport/client/answers';

export type {
  AppAnswer as App,
  AppKeyAnswer as AppKey,
  GatewaySettingsAnswer as GatewaySettings,
  ServiceSettingsAnswer as ServiceSettings,
};

export const APPS = '/api/v1/apps';
export const appPath = (id: string): string => `${APPS}/${encodeURIComponent(id)}`;
export const isGateway = ({ name }: Pick<AppAnswer, 'name'>): boolean => name === 'sallyport_gateway';

export const isService = ({ name }: Pick<AppAnswer, 'name'>): boolean => name === 'oidc_client';

/** Ours: the console and the pages around it. */
export const isBuiltIn = ({ name }: Pick<AppAnswer, 'name'>): boolean => name === 'saasure' || name === 'okta_enduser';
/** Does anybody have sessions in it? */
export const hasSessions = (app: Pick<AppAnswer, 'name'>): boolean => isBuiltIn(app) || isGateway(app);

/** What PUT and POST take. */
export const appBody = (label: string, app: GatewaySettingsAnswer) => ({
  name: 'sallyport_gateway',
  label,
  signOnMode: 'BOOKMARK',
  settings: { app },
});

/** The id of the policy that judges an app. */
export const policyIdOf = ({ _links }: Pick<AppAnswer, '_links'>): string | null =>
  _links.accessPolicy?.href.split('/').at(-1) ?? null;
