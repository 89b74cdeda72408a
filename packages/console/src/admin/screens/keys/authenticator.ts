export type { AuthenticatorAnswer as Authenticator, FactorAnswer as Factor } from '@sallyport/client/answers';

export const FACTORS_PATH = '/api/v1/users/me/factors';
