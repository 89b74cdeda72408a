import type { GatewayApp } from './gateway-app.ts';

type Scheme = Pick<GatewayApp, 'isHttps'>;

/** `__Host-` pins a cookie to one host and to https; plain http exists on loopback only. */
export const appCookieName = ({ isHttps }: Scheme): string => (isHttps ? '__Host-sallyport' : 'sallyport');
export const nonceCookieName = ({ isHttps }: Scheme): string =>
  isHttps ? '__Host-sallyport-nonce' : 'sallyport-nonce';

const attributes = ({ isHttps }: Scheme): string => `Path=/; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`;
const NONCE_SECONDS = 600;

export const setAppCookie = (app: Scheme, token: string): string =>
  `${appCookieName(app)}=${token}; ${attributes(app)}`;
export const clearAppCookie = (app: Scheme): string => `${appCookieName(app)}=; ${attributes(app)}; Max-Age=0`;
export const setNonceCookie = (app: Scheme, nonce: string): string =>
  `${nonceCookieName(app)}=${nonce}; ${attributes(app)}; Max-Age=${NONCE_SECONDS}`;
