import type { Handler } from '../http/exchange.ts';
import { type ChangeExpiredPassword, changeExpiredPassword } from './change-expired-password.ts';
import { startSignIn } from './start-sign-in.ts';
import { cancelSignIn, verifyFactor } from './verify-factor.ts';

export const signInHandlers = {
  'signIn.start': async ({ services, principal, body }) => ({
    body: await startSignIn(services, principal, body as Parameters<typeof startSignIn>[2]),
  }),
  'signIn.verifyFactor': async ({ services, principal, body, params }) => ({
    body: await verifyFactor(services, principal, {
      ...(body as Omit<Parameters<typeof verifyFactor>[2], 'factorId'>),
      factorId: params['factorId'] ?? '',
    }),
  }),
  'signIn.changePassword': async ({ services, principal, body }) => ({
    body: await changeExpiredPassword(services, principal, body as ChangeExpiredPassword),
  }),
  'signIn.cancel': async ({ services, body }) => ({
    body: await cancelSignIn(services, body as { stateToken: string }),
  }),
} satisfies Record<string, Handler>;
