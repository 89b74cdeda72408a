import { call } from './call.ts';
import { keepSessionKey, makeSessionKey } from './session-key.ts';

/**
 * Makes the key of the session that has just begun, and registers its public half. Without one a new address ends the
 * session as it does under `ENFORCED`; signing in is never refused for it.
 */
export const registerSessionKey = async (): Promise<void> => {
  const { publicKey, privateKey } = await makeSessionKey();
  const { sessionId } = await call<{ sessionId: string }>('POST', '/sallyport/v1/me/sessions/current/key', {
    body: { publicKey },
  });
  await keepSessionKey({ sessionId, privateKey });
};
