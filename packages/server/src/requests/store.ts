import { createHash } from 'node:crypto';
import { closingsOf, openingsOf } from '@sallyport/decide/requests/request-progress';
import type { Hand, Reassignment, RequestFacts, SequenceStep } from '@sallyport/model/access-request';
import { notFound } from '@sallyport/model/errors';
import type { Entitlement } from '@sallyport/model/grant';
import { isActiveAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import { linesGivenBy } from '../roles/standing-rights.ts';
import type { Row } from '../store/tables.ts';
import { handOf, managerOf } from './hands.ts';

export type RequestRow = Row<'requests'>;

/**
 * Everything of a request that whoever approves it says yes to, in one digest. It is made again from the row at each
 * decision: what was changed in the store since is never approved.
 */
export const digestOf = (row: Omit<RequestRow, 'digest'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        'sallyport access request 1',
        row.id,
        row.requesterId,
        row.beneficiaryId,
        row.kind,
        row.entitlementId,
        row.entitlementName,
        row.resourceId,
        row.conditionId,
        row.sequenceId,
        row.steps,
        row.reason,
        row.ticket,
        Number(row.durationSeconds),
        row.startsAt === null ? null : Number(row.startsAt),
        Number(row.createdAt),
        Number(row.decideBy),
        // What was asked for before this was kept has the digest that it had.
        ...(row.gives === null ? [] : [row.gives]),
        // Only where it makes something longer: what was asked for before there was that keeps its digest.
        ...(row.extendsGrantId === null ? [] : ['extends', row.extendsGrantId]),
      ]),
    )
    .digest('base64url');

/** The roles that something gives and what they reach, in one digest; null of what gives none. */
export const givenBy = async (db: Transaction, { kind, id }: Entitlement): Promise<string | null> => {
  const lines = kind === 'app' ? [] : await linesGivenBy(db, kind, id);
  return lines.length === 0 ? null : createHash('sha256').update(JSON.stringify(lines)).digest('base64url');
};

export const findRequest = async (db: Transaction, id: string): Promise<RequestRow> => {
  const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'AccessRequest');
  return row;
};

export const stepsOf = ({ steps }: Pick<RequestRow, 'steps'>): readonly SequenceStep[] =>
  JSON.parse(steps) as SequenceStep[];

export const decisionsOf = (db: Transaction, requestId: string): Promise<Row<'requestDecisions'>[]> =>
  db
    .selectFrom('requestDecisions')
    .selectAll()
    .where('requestId', '=', requestId)
    .orderBy('createdAt')
    // Of the same instant: a no comes last, for nothing comes after it.
    .orderBy('kind')
    .orderBy('step')
    .orderBy('slot')
    .execute();

const isActive = async (db: Transaction, userId: string): Promise<boolean> => {
  const user = await db
    .selectFrom('users')
    .select(['status', 'serviceAccountAt'])
    .where('id', '=', userId)
    .executeTakeFirst();
  return user?.status === 'ACTIVE' && user.serviceAccountAt === null;
};

/** Of a group its owners; a bundle and an app have none. */
const ownersOf = async (db: Transaction, { kind, id }: Entitlement) => {
  const rows =
    kind === 'group'
      ? await db.selectFrom('groupOwners').select(['ownerId', 'kind']).where('groupId', '=', id).execute()
      : [];
  return {
    ownerUserIds: rows.filter((row) => row.kind === 'USER').map(({ ownerId }) => ownerId),
    ownerGroupIds: rows.filter((row) => row.kind === 'GROUP').map(({ ownerId }) => ownerId),
  };
};

/**
 * Is what is asked for what it was then? The request names a bundle or a group, and not the roles in it: one that was put
 * in, or widened, after somebody asked is nothing that anybody before said yes to.
 */
const isAsAsked = async (
  db: Transaction,
  { kind, entitlementId, gives }: Pick<RequestRow, 'kind' | 'entitlementId' | 'gives'>,
): Promise<boolean> => (await givenBy(db, { kind, id: entitlementId })) === gives;

/** Does the grant that shall be made longer count at an instant? So it is of a request that makes none longer. */
const isStillRunning = async (db: Transaction, grantId: string | null, now: number): Promise<boolean> =>
  grantId === null ||
  (await db.selectFrom('grants').select('id').where('id', '=', grantId).where(isActiveAt(now)).executeTakeFirst()) !==
    undefined;

/** Whom each step was given to. What an account did that cannot sign in any more falls with it. */
const reassignedOf = async (
  db: Transaction,
  row: Pick<RequestRow, 'id' | 'steps'>,
  hand: (userId: string) => Promise<Hand>,
): Promise<(Reassignment | null)[]> => {
  const given: (Reassignment | null)[] = stepsOf(row).map(() => null);
  const tasks = await db
    .selectFrom('requestTasks')
    .select(['step', 'assignees', 'reassignedBy', 'reassignedAt'])
    .where('requestId', '=', row.id)
    .where('reassignedBy', 'is not', null)
    .execute();
  for (const { step, assignees, reassignedBy: by, reassignedAt } of tasks)
    if (by !== null && (await isActive(db, by)))
      given[Number(step)] = {
        to: JSON.parse(assignees ?? '[]') as string[],
        by: await hand(by),
        at: Number(reassignedAt),
      };
  return given;
};

/** What judgements read of who asks for what, as things are now. */
export const factsOf = async (
  db: Transaction,
  row: Pick<
    RequestRow,
    | 'id'
    | 'requesterId'
    | 'beneficiaryId'
    | 'kind'
    | 'entitlementId'
    | 'gives'
    | 'steps'
    | 'outcome'
    | 'resolvedAt'
    | 'decideBy'
    | 'createdAt'
    | 'extendsGrantId'
  >,
  now: number,
): Promise<RequestFacts> => {
  const hands = new Map<string, Hand>();
  const hand = async (userId: string): Promise<Hand> => {
    const known = hands.get(userId) ?? (await handOf(db, userId, now));
    hands.set(userId, known);
    return known;
  };
  const decisions: (RequestFacts['decisions'][number] & { readonly at: number })[] = [];
  for (const { deciderId, behind, step, kind, createdAt } of await decisionsOf(db, row.id)) {
    const others: Hand[] = [];
    for (const id of JSON.parse(behind) as string[]) others.push(await hand(id));
    decisions.push({ hand: await hand(deciderId), behind: others, step: Number(step), kind, at: Number(createdAt) });
  }
  return {
    requester: await hand(row.requesterId),
    beneficiary: await hand(row.beneficiaryId),
    steps: stepsOf(row),
    decisions,
    openedAt: openingsOf(stepsOf(row), decisions, Number(row.createdAt)),
    closedAt: closingsOf(stepsOf(row), decisions, Number(row.resolvedAt ?? row.decideBy)),
    reassigned: await reassignedOf(db, row, hand),
    outcome: row.outcome,
    decideBy: Number(row.decideBy),
    arePeopleActive: (await isActive(db, row.requesterId)) && (await isActive(db, row.beneficiaryId)),
    isAsAsked: await isAsAsked(db, row),
    isStillRunning: await isStillRunning(db, row.extendsGrantId, now),
    managerId: await managerOf(db, row.beneficiaryId),
    ...(await ownersOf(db, { kind: row.kind, id: row.entitlementId })),
  };
};

/**
 * Writes everything down by which somebody could be another party's human; false where one of it stands there already, and
 * then the caller undoes all of it.
 */
export const enterParty = async (tx: Transaction, requestId: string, { userId, links }: Hand): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('requestParties')
    .values([...new Set(links)].map((link) => ({ requestId, link, userId })))
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0n) === new Set(links).size;
};

/** Moves an open request on; false where somebody else did at the same moment, on whichever node. */
export const moveOn = async (
  tx: Transaction,
  row: Pick<RequestRow, 'id' | 'revision'>,
  change: Partial<Omit<RequestRow, 'id' | 'revision'>>,
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('requests')
    .set({ ...change, revision: Number(row.revision) + 1 })
    .where('id', '=', row.id)
    .where('revision', '=', Number(row.revision))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};
