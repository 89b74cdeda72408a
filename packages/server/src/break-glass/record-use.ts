import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { breakGlassOf, openUse } from './store.ts';

/** What was done: the secret was right, a session was opened, or who proved the secret or a key was refused. */
export type UseStep =
  | { readonly step: 'secret-used' }
  | { readonly step: 'opened'; readonly sessionId: string }
  | { readonly step: 'refused'; readonly reason: Reason; readonly isSecretTyped: boolean };

/**
 * The same step, for the same reason, from the same address is told once in so many seconds; the log and the count have every
 * one. Each session that opens is told: that takes a key and its PIN, and fills no mailbox.
 */
const QUIET_SECONDS = 60;

/** What a telling was of. A try without the secret, over and over, does not hide one with it. */
const tellingOf = (use: UseStep): string =>
  use.step === 'refused' ? `refused ${use.reason}${use.isSecretTyped ? ' with the secret' : ''}` : use.step;

const wordsOfStep = (use: UseStep): string => {
  if (use.step === 'secret-used') return 'its sealed secret was used';
  return use.step === 'opened' ? 'somebody signed in as it' : `a sign-in was refused (${sentenceOf(use.reason)})`;
};

const newUse = (s: Services, userId: string, announcedBy: string | null): Row<'breakGlassUses'> => {
  const now = s.clock.now();
  return {
    id: newId(s.random, 'breakGlassUse'),
    userId,
    kind: announcedBy === null ? 'USE' : 'DRILL',
    firstAt: now,
    lastAt: now,
    openings: 0,
    refusals: 0,
    sessionId: null,
    address: null,
    reason: null,
    alarmedStep: null,
    alarmedAt: null,
    announcedBy,
    closedAt: null,
  };
};

/**
 * Writes down a use of a break-glass account and raises the alarm, in the transaction of what was done. The seal counts as
 * broken from the first proof of the secret, also where the sign-in came to nothing: it was typed. Whatever happens until the
 * review is closed is one use, and one drill of each who announced one: nobody signs for their own by another announcing, too.
 */
export const recordUse = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  user: Row<'users'>,
  use: UseStep,
): Promise<void> => {
  const account = await breakGlassOf(tx, user.id);
  if (account === undefined) return;
  const now = s.clock.now();
  const isDrill = account.drillBy !== null && account.drillUntilAt !== null && now < account.drillUntilAt;
  const announcedBy = isDrill ? account.drillBy : null;
  const found = await openUse(tx, user.id, announcedBy);
  const before = found ?? newUse(s, user.id, announcedBy);
  if (found === undefined) await tx.insertInto('breakGlassUses').values(before).execute();
  const { client } = principal.request;
  const address = client.kind === 'known' ? client.address.text : null;
  const told = tellingOf(use);
  const isTold =
    use.step !== 'opened' &&
    before.alarmedStep === told &&
    before.address === address &&
    before.alarmedAt !== null &&
    now - before.alarmedAt < QUIET_SECONDS * 1000;
  await tx
    .updateTable('breakGlassUses')
    .set({
      lastAt: now,
      address,
      openings: before.openings + (use.step === 'opened' ? 1 : 0),
      refusals: before.refusals + (use.step === 'refused' ? 1 : 0),
      // Another session gives a reason of its own.
      ...(use.step === 'opened' ? { sessionId: use.sessionId, reason: null } : {}),
      ...(isTold ? {} : { alarmedStep: told, alarmedAt: now }),
    })
    .where('id', '=', before.id)
    .execute();
  if (use.step !== 'refused' || use.isSecretTyped)
    await tx
      .updateTable('breakGlassAccounts')
      .set({
        unsealedAt: account.unsealedAt ?? now,
        ...(use.step === 'opened' && isDrill ? { lastDrillAt: now } : {}),
      })
      .where('userId', '=', user.id)
      .execute();
  const words = wordsOfStep(use);
  const eventId = await recordEvent(s, tx, principal, {
    eventType: 'sallyport.break_glass.use',
    actor: userAsActor(user),
    target: [userAsActor(user)],
    outcome:
      use.step === 'refused'
        ? { result: 'DENY', reason: sentenceOf(use.reason) }
        : { result: 'SUCCESS', reason: words },
    debugData: { step: use.step, isDrill: String(isDrill), useId: before.id },
    ...(use.step === 'opened' ? { externalSessionId: use.sessionId } : {}),
  });
  if (!isTold) await raiseAlarm(s, tx, principal, { account: user, step: use.step, isDrill, words, eventId });
};
