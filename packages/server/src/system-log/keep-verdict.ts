import type { LogEvent } from '@sallyport/model/log-event';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { canonicalJson } from './chain-hash.ts';
import { commitmentOf } from './commit-personal.ts';
import { JUDGEMENTS } from './judgements.ts';

/** A judgement of decide, what it was given, and what it said. */
export interface JudgedVerdict {
  readonly judgement: string;
  readonly input: unknown;
  readonly verdict: unknown;
}
export type StoredVerdict = Pick<Row<'verdicts'>, 'judgement' | 'input' | 'verdict' | 'salt'>;

/** The field of an event's debug data that holds the commitment to its verdict. */
const COMMITMENT_FIELD = 'verdictCommitment';

const commit = ({ judgement, input, verdict }: Omit<StoredVerdict, 'salt'>, salt: string): string =>
  commitmentOf(salt, [judgement, input, verdict]);

/** A verdict as it is kept, and what its event says of it: the chain holds the one to the other, and tells no fact. */
export const sealVerdict = (
  { judgement, input, verdict }: JudgedVerdict,
  salt: string,
): { readonly stored: StoredVerdict; readonly debugData: Readonly<Record<string, string>> } => {
  const texts = { judgement, input: JSON.stringify(input), verdict: JSON.stringify(verdict) };
  return { stored: { ...texts, salt }, debugData: { [COMMITMENT_FIELD]: commit(texts, salt) } };
};

/** Keeps a verdict beside its event, in the same transaction. */
export const keepVerdict = async (tx: Transaction, eventUuid: string, stored: StoredVerdict, createdAt: number) => {
  await tx
    .insertInto('verdicts')
    .values({ ...stored, eventUuid, createdAt })
    .execute();
};

/** What the body of an event commits to; undefined where it tells of no judgement, or of one from before. */
export const commitmentIn = (body: string): string | undefined => {
  // Most events tell of no judgement, and need not be read.
  if (!body.includes(COMMITMENT_FIELD)) return undefined;
  const { debugData } = (JSON.parse(body) as LogEvent).debugContext;
  return (debugData as Readonly<Record<string, string | undefined>>)[COMMITMENT_FIELD];
};

/** The verdict that today's judgement gives on the facts of then; null where it knows no such judgement or facts. */
export const judgeAgain = ({ judgement, input }: StoredVerdict): unknown => {
  try {
    return JUDGEMENTS.get(judgement)?.(JSON.parse(input)) ?? null;
  } catch {
    return null;
  }
};

/**
 * What is wrong with a kept verdict, given what its event committed to; null when it holds. Verdicts of before there were
 * commitments are held to the judgement alone.
 */
export const faultOfVerdict = (stored: StoredVerdict | null, commitment: string | undefined): string | null => {
  if (stored === null) return 'its facts and its verdict are gone';
  if (commitment !== undefined && (stored.salt === null || commit(stored, stored.salt) !== commitment))
    return 'its facts or its verdict were changed';
  const again = judgeAgain(stored);
  if (again === null) return 'it cannot be judged again';
  try {
    if (canonicalJson(again) === canonicalJson(JSON.parse(stored.verdict))) return null;
  } catch {
    return 'its verdict cannot be read';
  }
  return 'on the same facts it is judged otherwise today';
};
