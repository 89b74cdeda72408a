import type { Handler } from '../http/exchange.ts';
import { presentWholeUser } from '../users/present-user.ts';
import { type ChangePassword, changePassword, choosePassword } from './change-password.ts';
import { expirePassword, resetPassword } from './reset-password.ts';

const expire =
  (isTemporaryAlways: boolean): Handler =>
  async ({ services, principal, params, query }) => {
    const { user, temporary } = await expirePassword(services, principal, params['userId'] ?? '', {
      isTemporary: isTemporaryAlways || query['tempPassword'] === 'true',
      revokesSessions: query['revokeSessions'] === 'true',
    });
    return {
      body:
        temporary === null
          ? presentWholeUser(user, services.config.publicUrl.origin, services.clock.now())
          : { tempPassword: temporary },
    };
  };

export const passwordHandlers = {
  'passwords.expire': expire(false),
  'passwords.expireWithTemporary': expire(true),
  'passwords.reset': async ({ services, principal, params, query }) => ({
    body: await resetPassword(services, principal, params['userId'] ?? '', {
      sendsMail: query['sendEmail'] !== 'false',
    }),
  }),
  'passwords.change': async ({ services, principal, params, body }) => ({
    body: await changePassword(services, principal, params['userId'] ?? '', body as ChangePassword),
  }),
  'passwords.choose': async ({ services, principal, body }) => ({
    body: await choosePassword(services, principal, body as { code: string; newPassword: string }),
  }),
} satisfies Record<string, Handler>;
