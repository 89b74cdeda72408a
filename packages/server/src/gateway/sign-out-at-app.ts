import type { RequestContext } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { endSession, publishEnded } from '../sessions/end-sessions.ts';
import { tokenHash } from '../sessions/token-hash.ts';
import { userAsActor } from '../system-log/record-event.ts';
import { checkAppSession } from './check-app-session.ts';
import type { AppDoor } from './live-app-sessions.ts';

/**
 * `/.sallyport/sign-out` under an app's host. Out means out: the sign-in ends with all that hangs on it, for otherwise
 * the next click would open the app again without a word.
 */
export const signOutAtApp = async (
  s: Services,
  door: AppDoor,
  request: RequestContext,
  token: string,
): Promise<void> => {
  const session = await checkAppSession(s, door, tokenHash(token), request);
  if (session === null) return;
  await s.store.transaction(async (tx) => {
    const row = await tx
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.userId')
      .select(['users.id', 'users.login', 'users.profile'])
      .where('sessions.id', '=', session.parentId)
      .executeTakeFirst();
    if (row === undefined) return;
    const ended = { id: session.parentId, userId: row.id };
    await endSession(s, tx, { kind: 'anonymous', request }, ended, 'signed-out', [userAsActor(row)]);
  });
  publishEnded(s, [session.parentId], 'signed-out');
};
