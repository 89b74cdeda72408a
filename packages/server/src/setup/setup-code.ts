import { sentenceOf } from '@sallyport/model/reasons';
import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';

type Purpose = Row<'setupCodes'>['purpose'];

/** Setup links and claim codes live half an hour (design §7). */
export const SETUP_CODE_SECONDS = 30 * 60;

/** Why the account gets no key; null where it may. */
export const whyNoKey = ({
  status,
  serviceAccountAt,
}: Pick<Row<'users'>, 'status' | 'serviceAccountAt'>): string | null => {
  if (serviceAccountAt !== null) return sentenceOf('service-account');
  return ['STAGED', 'PROVISIONED', 'ACTIVE'].includes(status) ? null : 'The account is not active; activate it first.';
};

/** A new one-time code; earlier unused ones of the purpose stop working. Returns the code, which is stored as a hash. */
export const createSetupCode = async (
  s: Pick<Services, 'random' | 'clock'>,
  tx: Transaction,
  purpose: Purpose,
  userId: string | null,
): Promise<string> => {
  const code = base62(s.random, 32);
  const now = s.clock.now();
  let earlier = tx.deleteFrom('setupCodes').where('purpose', '=', purpose).where('usedAt', 'is', null);
  if (userId !== null) earlier = earlier.where('userId', '=', userId);
  await earlier.execute();
  await tx
    .insertInto('setupCodes')
    .values({
      codeHash: tokenDigest(code),
      purpose,
      userId,
      createdAt: now,
      expiresAt: now + SETUP_CODE_SECONDS * 1000,
      usedAt: null,
    })
    .execute();
  return code;
};

/**
 * Spends a code: of two at the same moment one wins. Null when it is wrong, expired or used, or was made for something
 * else: a link that gives a password must not give a key.
 */
export const spendSetupCode = async (
  tx: Transaction,
  code: string,
  purposes: readonly Purpose[],
  now: number,
): Promise<{ purpose: Purpose; userId: string | null } | null> => {
  const codeHash = tokenDigest(code);
  const spent = await tx
    .updateTable('setupCodes')
    .set({ usedAt: now })
    .where('codeHash', '=', codeHash)
    .where('purpose', 'in', [...purposes])
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  if (spent.numUpdatedRows !== 1n) return null;
  return (
    (await tx
      .selectFrom('setupCodes')
      .select(['purpose', 'userId'])
      .where('codeHash', '=', codeHash)
      .executeTakeFirst()) ?? null
  );
};

/** Whose unspent code it is, so that what takes long is done before it is spent; null as for `spendSetupCode`. */
export const ownerOfCode = async (
  db: Transaction,
  code: string,
  purposes: readonly Purpose[],
  now: number,
): Promise<string | null> => {
  const row = await db
    .selectFrom('setupCodes')
    .select('userId')
    .where('codeHash', '=', tokenDigest(code))
    .where('purpose', 'in', [...purposes])
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  return row?.userId ?? null;
};

/** The link that a person opens. The code stands behind `#`: browsers never send it, so no log holds it. */
export const setupLink = (origin: string, code: string): string => `${origin}/setup#code=${code}`;
