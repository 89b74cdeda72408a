import { newId } from '../../packages/server/src/ports/random.ts';
import { handOf } from '../../packages/server/src/requests/hands.ts';
import { digestOf, enterParty, givenBy } from '../../packages/server/src/requests/store.ts';
import type { Services } from '../../packages/server/src/services.ts';

export interface StoredRequest {
  readonly requesterId: string;
  readonly beneficiaryId: string;
  readonly groupId: string;
  readonly steps: readonly unknown[];
  /** Whoever gets it must still be eligible under it when it is granted. */
  readonly conditionId: string;
  readonly decideWithinMs?: number;
}

/** Writes an open request for a group as it stands in the store after somebody asked, without an event. */
export const storeRequest = async (s: Services, asked: StoredRequest): Promise<{ id: string; digest: string }> => {
  const now = s.clock.now();
  const { requesterId, beneficiaryId, groupId, steps, conditionId, decideWithinMs = 86_400_000 } = asked;
  const row = {
    id: newId<string>(s.random, 'accessRequest'),
    ...{ requesterId, beneficiaryId, conditionId },
    kind: 'group',
    entitlementId: groupId,
    entitlementName: 'wanted',
    resourceId: groupId,
    conditionName: 'c',
    sequenceId: 's',
    sequenceName: 's',
    steps: JSON.stringify(steps),
    gives: await givenBy(s.store.read, { kind: 'group', id: groupId }),
    askedSessionId: null,
    reason: 'why',
    ticket: null,
    durationSeconds: 3600,
    startsAt: null,
    extendsGrantId: null,
    createdAt: now,
    decideBy: now + decideWithinMs,
    outcome: null,
    resolvedAt: null,
    grantStatus: null,
    grantReason: null,
    grantId: null,
    grantedAt: null,
    nudgedAt: null,
    escalatedStep: null,
    revision: 0,
    lastUpdatedAt: now,
    lastUpdatedBy: requesterId,
  } as const;
  const digest = digestOf(row);
  await s.store.transaction(async (tx) => {
    await tx
      .insertInto('requests')
      .values({ ...row, digest })
      .execute();
    for (const step of steps.keys())
      await tx
        .insertInto('requestTasks')
        .values({ id: s.random.bytes(12).toString('hex'), requestId: row.id, step })
        .execute();
    for (const id of new Set([requesterId, beneficiaryId])) await enterParty(tx, row.id, await handOf(tx, id, now));
  });
  return { id: row.id, digest };
};
