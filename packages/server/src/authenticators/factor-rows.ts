import type { KeyFacts } from '@sallyport/decide/authenticators/why-key-is-refused';
import type { LogTarget } from '@sallyport/model/log-event';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

/** All of a person, unfinished ones too, in the order in which they were begun. */
export const factorsOf = (db: Transaction, userId: string): Promise<Row<'factors'>[]> =>
  db.selectFrom('factors').selectAll().where('userId', '=', userId).orderBy('createdAt').orderBy('id').execute();

/** An authenticator whose registration has begun. */
export const pendingFactor = (
  s: Pick<Services, 'random' | 'clock'>,
  owner: Pick<Row<'factors'>, 'userId' | 'createdBy'>,
  own: Pick<Row<'factors'>, 'kind' | 'name' | 'challenge' | 'challengeExpiresAt'>,
): Row<'factors'> => {
  const now = s.clock.now();
  return {
    ...owner,
    ...own,
    id: newId(s.random, 'factor'),
    status: 'PENDING_ACTIVATION',
    credentialId: null,
    publicKey: null,
    signCount: 0,
    isBackupEligible: 0,
    isBackedUp: 0,
    aaguid: null,
    attestationFormat: null,
    isAttested: 0,
    attestationChain: null,
    isHardwareProtected: 0,
    isFipsCompliant: 0,
    isModelCompromised: 0,
    modelAttachment: null,
    isDiscoverable: null,
    transports: null,
    secretSealed: null,
    lastTotpStep: null,
    createdAt: now,
    lastUpdatedAt: now,
    lastUsedAt: null,
  };
};

/** Puts a begun registration in place of earlier ones of its kind, which are given up. */
export const replacePending = async (tx: Transaction, factor: Row<'factors'>): Promise<void> => {
  await tx
    .deleteFrom('factors')
    .where('userId', '=', factor.userId)
    .where('kind', '=', factor.kind)
    .where('status', '=', 'PENDING_ACTIVATION')
    .execute();
  await tx.insertInto('factors').values(factor).execute();
};

/** The columns of a key that judgements read. */
export type KeyRow = Pick<
  Row<'factors'>,
  | 'isBackupEligible'
  | 'transports'
  | 'modelAttachment'
  | 'aaguid'
  | 'isAttested'
  | 'isHardwareProtected'
  | 'isFipsCompliant'
  | 'isModelCompromised'
>;

/** WebAuthn Level 3 §5.8.4: `internal` is built in; who has it beside others is a device that reaches others by radio. */
const attachmentOf = (transports: string | null): KeyFacts['attachment'] => {
  const named = JSON.parse(transports ?? '[]') as readonly string[];
  if (named.length === 0) return null;
  return named.includes('internal') ? 'BUILT_IN' : 'ROAMING';
};

/** A key as judgements see it. What metadata says of an attested model counts more than what the browser said. */
export const keyFactsOf = (row: KeyRow): KeyFacts => ({
  isBackupEligible: row.isBackupEligible === 1,
  attachment: row.modelAttachment ?? attachmentOf(row.transports),
  aaguid: row.aaguid,
  isAttested: row.isAttested === 1,
  isHardwareProtected: row.isHardwareProtected === 1,
  isFipsCompliant: row.isFipsCompliant === 1,
  isModelCompromised: row.isModelCompromised === 1,
});

/** An authenticator as the target of an event. */
export const factorAsTarget = ({ id, name }: Pick<Row<'factors'>, 'id' | 'name'>): LogTarget => ({
  id,
  type: 'AuthenticatorEnrollment',
  alternateId: name,
  displayName: name,
  detailEntry: null,
});
