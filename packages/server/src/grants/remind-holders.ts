import { REMINDED_BEFORE_MS, remindAt } from '@sallyport/decide/grants/when-to-remind';
import { canBeMailed, enqueueMail, isWritten } from '../notices/enqueue-mail.ts';
import { mailTime } from '../notices/mail-use.ts';
import { oneLine } from '../notices/plain-words.ts';
import type { Transaction } from '../ports/store.ts';
import { type MoreTime, moreTimeOf } from '../requests/more-time.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { isActiveAt } from './active-grants.ts';
import { askerOf } from './tie-to-grant.ts';

const AT_ONCE = 100;

/** What runs at an instant and may be told of; the first to end first. */
const running = (db: Transaction, now: number) =>
  db
    .selectFrom('grants')
    .selectAll()
    .where(isActiveAt(now))
    .where('powerEndsAt', '<=', now + REMINDED_BEFORE_MS)
    .orderBy('powerEndsAt')
    .orderBy('id');

/** The mail of one grant, of which there is one, whatever the clock does and however often the server starts. */
const onceOf = ({ id }: Row<'grants'>): string => `grant-ending-${id}`;

/** What may be asked for now, or was, and nobody has decided. */
const wayOn = async (
  s: Services,
  db: Transaction,
  row: Row<'grants'>,
  holderId: string,
): Promise<MoreTime | { readonly askedAs: string } | null> => {
  const waiting = await db
    .selectFrom('requests')
    .select(['id', 'requesterId'])
    .where('beneficiaryId', '=', row.userId)
    .where('kind', '=', row.kind)
    .where('entitlementId', '=', row.entitlementId)
    .where('outcome', 'is', null)
    .where('decideBy', '>', s.clock.now())
    .executeTakeFirst();
  if (waiting === undefined) return moreTimeOf(s, db, holderId, row);
  // Of a service account another may have asked: that one is theirs, and nobody asks beside it.
  return row.kind !== 'service-account' || waiting.requesterId === holderId ? { askedAs: waiting.id } : null;
};

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
] as const;

/** So many seconds as the command line takes them: `8h`, `90m`. */
const forText = (seconds: number): string => {
  const [length, unit] = UNITS.find(([one]) => seconds % one === 0) ?? [1, 's'];
  return `${seconds / length}${unit}`;
};

const wordsOfWayOn = (row: Row<'grants'>, way: Awaited<ReturnType<typeof wayOn>>) => {
  if (way === null)
    return {
      lines: ['As things stand it cannot be made longer. What you have, and until when, stands here:'],
      path: '/me/access',
      verb: `grant show ${row.id}`,
    };
  if ('askedAs' in way)
    return {
      lines: ['More time was asked for, and nobody has decided yet:'],
      path: `/requests/${way.askedAs}`,
      verb: `request show ${way.askedAs}`,
    };
  return {
    lines: ['Is it needed for longer? Others have to say yes to that, so ask for more time while it runs:'],
    path: `/requests?extend=${row.id}`,
    verb: `grant extend ${row.id} --for ${forText(way.seconds)} --reason '…'${way.needsTicket ? " --ticket '…'" : ''}`,
  };
};

const tell = async (s: Services, tx: Transaction, row: Row<'grants'>, holderId: string): Promise<void> => {
  const what = row.kind === 'service-account' ? `sign in as ${row.entitlementName}` : row.entitlementName;
  const ends = mailTime(Number(row.expiresAt));
  const { lines, ...where } = wordsOfWayOn(row, await wayOn(s, tx, row, holderId));
  await enqueueMail(
    s,
    tx,
    { ids: [holderId] },
    {
      kind: 'grant.ending',
      once: onceOf(row),
      subject: `Ends soon: ${what}`,
      lines: [
        'what you were given for a while ends soon, by itself:',
        '',
        `    ${oneLine(what)}`,
        `    “${oneLine(row.reason)}”`,
        `    until ${ends}`,
        '',
        ...lines,
      ],
      ...where,
    },
  );
};

/** Tells of one grant, where it is time, and somebody is there who was not told. */
const remind = async (s: Services, row: Row<'grants'>): Promise<void> => {
  const db = s.store.read;
  const at = remindAt({ startsAt: Number(row.startsAt), expiresAt: Number(row.expiresAt) });
  if (at === null || s.clock.now() < at) return;
  // A service account is nobody: whoever asked to sign in as it answers for it.
  const holderId = row.kind === 'service-account' ? await askerOf(db, row) : row.userId;
  if (holderId === null || (await isWritten(db, onceOf(row), holderId)) || !(await canBeMailed(db, holderId))) return;
  await s.store.transaction(async (tx) => {
    const still = await running(tx, s.clock.now()).where('id', '=', row.id).executeTakeFirst();
    if (still !== undefined) await tell(s, tx, still, holderId);
  });
};

/**
 * Mails whoever has something for a while that it ends soon, once; of a service account whoever asked to sign in as it. What
 * ended, or goes on in a longer one, before a job came to it is told of no more: each is read again with its mail.
 */
export const remindHolders = async (s: Services): Promise<void> => {
  if (s.mailer === null) return;
  let after: Row<'grants'> | undefined;
  do {
    const now = s.clock.now();
    let query = running(s.store.read, now).limit(AT_ONCE);
    if (after !== undefined) {
      const last = [Number(after.powerEndsAt), after.id] as const;
      query = query.where((e) => e(e.refTuple('powerEndsAt', 'id'), '>', e.tuple(...last)));
    }
    const rows: readonly Row<'grants'>[] = await query.execute();
    for (const row of rows) {
      try {
        await remind(s, row);
      } catch (error) {
        // One that cannot be told of must not keep it from all others.
        s.logger.error({ err: error, grant: row.id }, 'whoever has something that ends soon was not told');
      }
    }
    after = rows.length < AT_ONCE ? undefined : rows.at(-1);
  } while (after !== undefined);
};
