import { judgeReadiness } from '@sallyport/decide/break-glass/judge-readiness';
import type { BreakGlassFacts } from '@sallyport/decide/overview/overview-facts';
import { toIso } from '@sallyport/model/instant';
import { ALARM_TYPE } from '@sallyport/model/webhook-types';
import { liveAt } from '../admins/store.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { typesOf } from '../webhooks/enqueue-webhooks.ts';
import { keepersToTell } from './raise-alarm.ts';
import {
  type Account,
  findAccount,
  isRevokedInReview,
  keysOfAccount,
  networksOf,
  splitOf,
  useInHand,
} from './store.ts';

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

/** Whom an alarm reaches: people by mail, and webhooks that chose it. None by mail where no mail server is configured. */
export const alarmsOf = async (s: Services, db: Transaction) => {
  const rows = await db.selectFrom('webhooks').select('types').where('status', '=', 'ACTIVE').execute();
  const webhooks = rows.filter((row) => typesOf(row).includes(ALARM_TYPE));
  const mailTo = s.mailer === null ? 0 : (await keepersToTell(db, s.clock.now())).length;
  return { mailTo, webhooks: webhooks.length, channels: Number(mailTo > 0) + Number(webhooks.length > 0) };
};

/** Is somebody signed in as it now? Command lines hang on the browser's session. */
export const isSessionOpen = async (s: Services, db: Transaction, userId: string): Promise<boolean> =>
  (await db
    .selectFrom('sessions')
    .select('id')
    .where(liveAt(s.clock.now()))
    .where('userId', '=', userId)
    .limit(1)
    .executeTakeFirst()) !== undefined;

/** All of them, as the overview judges them. */
export const breakGlassFacts = async (
  s: Services,
  db: Transaction = s.store.read,
): Promise<readonly BreakGlassFacts[]> => {
  const accounts = await db.selectFrom('breakGlassAccounts').select('userId').orderBy('createdAt').execute();
  const facts: BreakGlassFacts[] = [];
  // One after the other: a transaction has one connection.
  for (const { userId } of accounts) {
    const { account, user } = await findAccount(db, userId);
    const shown = await presentAccount(s, db, account, user);
    const last = await useInHand(db, userId);
    facts.push({
      id: shown.id,
      login: shown.login,
      state: shown.state,
      isDrillDue: shown.isDrillDue,
      openReviews: shown.openReviews,
      isRevokedInReview: shown.isRevokedInReview,
      alarmChannels: shown.alarms.channels,
      lastDrillAt: account.lastDrillAt,
      lastUsedAt: last?.lastAt ?? null,
    });
  }
  return facts;
};

/** A break-glass account as its keepers see it: whether it is ready, and never its secret. */
export const presentAccount = async (s: Services, db: Transaction, account: Account, user: Row<'users'>) => {
  const now = s.clock.now();
  const keys = await keysOfAccount(db, user.id);
  const openUses = await db
    .selectFrom('breakGlassUses')
    .select('id')
    .where('userId', '=', user.id)
    .where('closedAt', 'is', null)
    .execute();
  const alarms = await alarmsOf(s, db);
  const isRevoked = await isRevokedInReview(db, account);
  const readiness = judgeReadiness({
    usableKeys: keys.filter(({ isUsable }) => isUsable).length,
    isActive: user.status === 'ACTIVE',
    unsealedAt: account.unsealedAt,
    isSessionOpen: await isSessionOpen(s, db, user.id),
    openReviews: openUses.length,
    isRevokedInReview: isRevoked,
    sealedAt: account.sealedAt,
    lastDrillAt: account.lastDrillAt,
    alarmChannels: alarms.channels,
    now,
  });
  return {
    id: user.id,
    login: user.login,
    name: displayNameOf(JSON.parse(user.profile) as { displayName?: string }, user.login),
    ...readiness,
    drillDueAt: toIso(readiness.drillDueAt),
    networks: networksOf(account),
    keys: keys.map(({ row, isUsable }) => ({
      id: row.id,
      name: row.name,
      isUsable,
      isAttested: row.isAttested === 1,
      created: toIso(row.createdAt),
      lastUsed: iso(row.lastUsedAt),
    })),
    split: splitOf(account),
    sealedAt: toIso(account.sealedAt),
    unsealedAt: iso(account.unsealedAt),
    lastDrillAt: iso(account.lastDrillAt),
    drillUntil: account.drillUntilAt !== null && now < account.drillUntilAt ? toIso(account.drillUntilAt) : null,
    openReviews: openUses.length,
    isRevokedInReview: isRevoked,
    alarms,
    created: toIso(account.createdAt),
  };
};
