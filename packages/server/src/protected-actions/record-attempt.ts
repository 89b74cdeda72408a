import type { LogResult } from '@sallyport/model/log-event';
import type { ActionAuthorization, Principal } from '@sallyport/model/principal';
import { type ActionName, wordsOf } from '@sallyport/model/protected-actions';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { noteChange } from '../hints/note-change.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { targetOfProof } from './present-proof.ts';

interface Attempt {
  readonly action: ActionName;
  readonly row: Row<'actionProofs'> | null;
  readonly result: LogResult;
  readonly reason: Reason | null;
  /** Where no row says it. */
  readonly target?: ActionAuthorization['target'];
  /** What took the place of a second person's approval. */
  readonly waivedReason?: string | undefined;
}

/**
 * All that is needed to check without this server which key signed what (design §4.11): the parts of the challenge, the
 * assertion, and the public key as it was enrolled. It stands inside of the event, hence in the chain.
 */
const evidenceOf = (row: Row<'actionProofs'>): Readonly<Record<string, string>> =>
  row.evidence === null
    ? {}
    : {
        ...(JSON.parse(row.evidence) as Record<string, string>),
        proofNonce: row.nonce,
        proofRequester: `${row.requesterKind} ${row.requesterId}`,
        proofRequests: row.requests,
      };

/** `security.protected_action.attempt`: asked (CHALLENGE), passed (SUCCESS), failed (FAILURE) or left (ABANDONED). */
export const recordAttempt = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { action, row, result, reason, target, waivedReason }: Attempt,
): Promise<string> => {
  const about = row === null ? (target ?? null) : targetOfProof(row);
  const words = wordsOf(action, about?.name ?? about?.id ?? null);
  if (row?.needsApproval === 1) noteChange(s, 'approval', row.id);
  return recordEvent(s, tx, principal, {
    eventType: 'security.protected_action.attempt',
    outcome: { result, reason: reason === null ? null : sentenceOf(reason) },
    target: [
      { id: action, type: 'ProtectedAction', alternateId: action, displayName: words, detailEntry: null },
      ...(about === null
        ? []
        : [
            {
              id: about.id,
              type: about.type,
              alternateId: about.name ?? about.id,
              displayName: about.name ?? about.id,
              detailEntry: null,
            },
          ]),
    ],
    debugData: {
      action,
      ...(reason === null ? {} : { reason }),
      ...(waivedReason === undefined
        ? {}
        : { approval: sentenceOf('approval-waived'), breakGlassReason: waivedReason }),
      ...(row === null ? {} : { proofId: row.id }),
      ...(row !== null && row.approverId !== null ? { approverId: row.approverId } : {}),
      ...(row === null || result !== 'SUCCESS' ? {} : evidenceOf(row)),
    },
  });
};
