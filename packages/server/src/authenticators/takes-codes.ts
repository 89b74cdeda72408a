import type { Services } from '../services.ts';

/** Whether one-time codes of an app are switched on (`switchAuthenticator`). */
export const takesCodes = (s: Pick<Services, 'settings'>): boolean =>
  s.settings.get('authenticators')['google_otp']?.isOff !== true;
