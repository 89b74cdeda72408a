import type { Config } from '../config/config.ts';

export type CookieName = '__Host-sid' | 'sid';

/** `__Host-` pins the cookie to this host and to https; plain http exists for localhost only. */
export const cookieName = (config: Pick<Config, 'publicUrl'>): CookieName =>
  config.publicUrl.protocol === 'https:' ? '__Host-sid' : 'sid';

const attributes = (config: Pick<Config, 'publicUrl'>): string =>
  `Path=/; HttpOnly; SameSite=Lax${config.publicUrl.protocol === 'https:' ? '; Secure' : ''}`;

/** A session cookie without Max-Age: administrators never get a persistent one. */
export const setSessionCookie = (config: Pick<Config, 'publicUrl'>, token: string): string =>
  `${cookieName(config)}=${token}; ${attributes(config)}`;

export const clearSessionCookie = (config: Pick<Config, 'publicUrl'>): string =>
  `${cookieName(config)}=; ${attributes(config)}; Max-Age=0`;
