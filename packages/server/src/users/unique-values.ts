import { createHash } from 'node:crypto';
import { invalid } from '@sallyport/model/errors';
import type { Transaction } from '../ports/store.ts';
import type { Attributes } from '../user-types/store.ts';

type Profile = Readonly<Record<string, unknown>>;

/**
 * What of a value is kept to compare it: the digest of its text without regard to case. An index takes no value of any
 * length, and personal data stands in profiles only.
 */
const keyOf = (value: unknown): string | null =>
  value === null || value === undefined || value === ''
    ? null
    : createHash('sha256').update(String(value).toLowerCase()).digest('base64url');

const uniqueNames = (attributes: Attributes): readonly string[] =>
  [...attributes].flatMap(([name, { unique }]) => (unique === undefined ? [] : [name]));

export const TAKEN = 'An object with this field already exists in the current organization';

/**
 * Takes the values of a profile that nobody else of its type may have, and gives back those it had. The key of the table
 * decides between two who come at once. E0000001 where somebody else has one.
 */
export const claimUniqueValues = async (
  tx: Transaction,
  { id: userId, typeId, profile }: { readonly id: string; readonly typeId: string; readonly profile: Profile },
  attributes: Attributes,
): Promise<void> => {
  await releaseUniqueValues(tx, userId);
  for (const attribute of uniqueNames(attributes)) {
    const value = keyOf(profile[attribute]);
    if (value === null) continue;
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('userUniqueValues')
      .values({ typeId, attribute, value, userId })
      .onConflict((c) => c.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows !== 1n) throw invalid(attribute, TAKEN);
  }
};

/** Whoever is deleted has no values any more. */
export const releaseUniqueValues = async (tx: Transaction, userId: string): Promise<void> => {
  await tx.deleteFrom('userUniqueValues').where('userId', '=', userId).execute();
};

const ROWS_A_STATEMENT = 500;

/** An attribute becomes unique: its values are taken for whoever has them. E0000001, with both logins, where two share one. */
export const makeUnique = async (tx: Transaction, typeId: string, attribute: string): Promise<void> => {
  const users = await tx.selectFrom('users').select(['id', 'login', 'profile']).where('typeId', '=', typeId).execute();
  const holders = new Map<string, { readonly id: string; readonly login: string }>();
  for (const { id, login, profile } of users) {
    const value = keyOf((JSON.parse(profile) as Profile)[attribute]);
    const other = value === null ? undefined : holders.get(value);
    if (other !== undefined)
      throw invalid(attribute, `cannot be unique: ${other.login} and ${login} have the same value`);
    if (value !== null) holders.set(value, { id, login });
  }
  const rows = [...holders].map(([value, { id: userId }]) => ({ typeId, attribute, value, userId }));
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT)
    await tx
      .insertInto('userUniqueValues')
      .values(rows.slice(i, i + ROWS_A_STATEMENT))
      .execute();
};

/** It is unique no longer, or gone. */
export const forgetUnique = async (tx: Transaction, typeId: string, attribute: string): Promise<void> => {
  await tx.deleteFrom('userUniqueValues').where('typeId', '=', typeId).where('attribute', '=', attribute).execute();
};

/** Of profiles that shall be made, the attribute by which each cannot be: somebody has its value, or an earlier one brings it. */
export const takenAmong = async (
  db: Transaction,
  typeId: string,
  attributes: Attributes,
  profiles: readonly (Profile | null)[],
): Promise<readonly (string | null)[]> => {
  const found: (string | null)[] = profiles.map(() => null);
  for (const attribute of uniqueNames(attributes)) {
    const keys = profiles.map((profile) => keyOf(profile?.[attribute]));
    const seen = new Set<string>();
    for (let i = 0; i < keys.length; i += ROWS_A_STATEMENT) {
      const asked = keys.slice(i, i + ROWS_A_STATEMENT).flatMap((key) => key ?? []);
      const rows = await db
        .selectFrom('userUniqueValues')
        .select('value')
        .where('typeId', '=', typeId)
        .where('attribute', '=', attribute)
        .where('value', 'in', ['', ...asked])
        .execute();
      for (const { value } of rows) seen.add(value);
    }
    keys.forEach((key, i) => {
      if (key === null) return;
      if (seen.has(key)) found[i] ??= attribute;
      seen.add(key);
    });
  }
  return found;
};
