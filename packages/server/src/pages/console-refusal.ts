import { deniedWords } from '@sallyport/console/browser/denied-words';
import type { LogEvent } from '@sallyport/model/log-event';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';

export interface ConsoleRefusal {
  readonly login: string;
  readonly reason: string;
  /** The event of the System Log that says which rule decided. */
  readonly reference: string;
}

const JUDGEMENTS_READ = 20;

/**
 * Why an administrator's session has no console: the console's policy said no at this sign-in. Null for somebody who is
 * no administrator, and for one whose console ended by time.
 */
export const consoleRefusal = async (
  s: Services,
  userId: string,
  sessionId: string,
): Promise<ConsoleRefusal | null> => {
  if (!(await isAdmin(s.store.read, userId))) return null;
  const { id } = await s.store.read
    .selectFrom('apps')
    .select('id')
    .where('name', '=', 'saasure')
    .executeTakeFirstOrThrow();
  const rows = await s.store.read
    .selectFrom('events')
    .select(['uuid', 'body'])
    .where('externalSessionId', '=', sessionId)
    .where('eventType', '=', 'policy.evaluate_sign_on')
    .orderBy('publishedAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(JUDGEMENTS_READ)
    .execute();
  // The gateway's apps are judged within the same session.
  const judged = rows
    .map(({ uuid, body }) => ({ uuid, event: JSON.parse(body) as LogEvent }))
    .find(({ event }) => event.target?.some((target) => target.id === id));
  if (judged === undefined || judged.event.outcome.result === 'ALLOW') return null;
  const stored = await s.store.read
    .selectFrom('verdicts')
    .select('verdict')
    .where('eventUuid', '=', judged.uuid)
    .executeTakeFirst();
  const { verdict } = JSON.parse(stored?.verdict ?? '{}') as { verdict?: { reasons?: readonly string[] } };
  const { why, help } = deniedWords(verdict?.reasons ?? []);
  const user = await s.store.read
    .selectFrom('users')
    .select('login')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return {
    login: user.login,
    reason: `${why} ${help}`,
    reference: judged.uuid,
  };
};
