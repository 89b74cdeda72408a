import { createHash } from 'node:crypto';
import { closingsOf, openingsOf } from '@sallyport/decide/requests/request-progress';
import type { Account, AskedFacts, Hand, RequestFacts, SequenceStep } from '@sallyport/model/access-request';
import { notFound } from '@sallyport/model/errors';
import type { Entitlement } from '@sallyport/model/grant';
import { accountsOf } from '../approvals/accounts-of-human.ts';
import { isActiveAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import { linesGivenBy } from '../roles/standing-rights.ts';
import type { Row } from '../store/tables.ts';
import { handOf, managersOf } from './hands.ts';

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

export const stepsOf = ({ steps }: { readonly steps: string }): readonly SequenceStep[] =>
  JSON.parse(steps) as SequenceStep[];

const decisionsOfAll = (db: Transaction, requestIds: readonly string[]): Promise<Row<'requestDecisions'>[]> =>
  db
    .selectFrom('requestDecisions')
    .selectAll()
    .where('requestId', 'in', requestIds)
    .orderBy('createdAt')
    // Of the same instant: a no comes last, for nothing comes after it.
    .orderBy('kind')
    .orderBy('step')
    .orderBy('slot')
    .execute();

export const decisionsOf = (db: Transaction, requestId: string): Promise<Row<'requestDecisions'>[]> =>
  decisionsOfAll(db, [requestId]);

/** Of these accounts the people who could sign in. */
const activeAmong = async (db: Transaction, userIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows =
    userIds.length === 0
      ? []
      : await db
          .selectFrom('users')
          .select('id')
          .where('id', 'in', userIds)
          .where('status', '=', 'ACTIVE')
          .where('serviceAccountAt', 'is', null)
          .execute();
  return new Set(rows.map(({ id }) => id));
};

/**
 * Is it still the service account that it was when somebody asked? One that was a person's in between may have got keys of
 * which nobody was asked.
 */
const isStillMarked = async (
  db: Transaction,
  { beneficiaryId, createdAt }: Pick<RequestRow, 'beneficiaryId' | 'createdAt'>,
): Promise<boolean> =>
  (await db
    .selectFrom('users')
    .select('id')
    .where('id', '=', beneficiaryId)
    .where('status', '=', 'ACTIVE')
    .where('serviceAccountAt', '<=', Number(createdAt))
    .executeTakeFirst()) !== undefined;

/** Of groups their owners; a bundle and an app have none. */
const ownersOf = async (db: Transaction, groupIds: readonly string[]) => {
  const rows =
    groupIds.length === 0
      ? []
      : await db
          .selectFrom('groupOwners')
          .select(['groupId', 'ownerId', 'kind'])
          .where('groupId', 'in', groupIds)
          .execute();
  const of = (kind: 'USER' | 'GROUP', groupId: string): readonly string[] =>
    rows.filter((row) => row.kind === kind && row.groupId === groupId).map(({ ownerId }) => ownerId);
  return (groupId: string) => ({ ownerUserIds: of('USER', groupId), ownerGroupIds: of('GROUP', groupId) });
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

/** What facts are made of. */
export type FactsRow = Pick<
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
>;
type Hands<H extends Account> = (userIds: readonly string[]) => Promise<ReadonlyMap<string, H>>;

/** The same few questions for one request and for many. */
const askedWith = async <H extends Account>(
  db: Transaction,
  rows: readonly FactsRow[],
  handsOf: Hands<H>,
): Promise<ReadonlyMap<string, AskedFacts<H>>> => {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const decided = Map.groupBy(
    (await decisionsOfAll(db, ids)).map((one) => ({ ...one, others: JSON.parse(one.behind) as string[] })),
    ({ requestId }) => requestId,
  );
  const tasks = await db
    .selectFrom('requestTasks')
    .select(['requestId', 'step', 'assignees', 'reassignedBy', 'reassignedAt'])
    .where('requestId', 'in', ids)
    .where('reassignedBy', 'is not', null)
    .execute();
  const givers = tasks.flatMap(({ reassignedBy }) => reassignedBy ?? []);
  // What an account gave to others that cannot sign in any more falls with it.
  const active = await activeAmong(db, givers);
  const hands = await handsOf([
    ...new Set([
      ...rows.flatMap(({ requesterId, beneficiaryId }) => [requesterId, beneficiaryId]),
      ...[...decided.values()].flat().flatMap(({ deciderId, others }) => [deciderId, ...others]),
      ...active,
    ]),
  ]);
  const hand = (userId: string): H => {
    const found = hands.get(userId);
    if (found === undefined) throw new Error(`${userId} was not looked up`);
    return found;
  };
  const managers = await managersOf(db, [...new Set(rows.map(({ beneficiaryId }) => beneficiaryId))]);
  const groups = rows.filter(({ kind }) => kind === 'group').map(({ entitlementId }) => entitlementId);
  const owners = await ownersOf(db, [...new Set(groups)]);
  const factsOfRow = (row: FactsRow): AskedFacts<H> => {
    const steps = stepsOf(row);
    const decisions = (decided.get(row.id) ?? []).map(({ deciderId, others, step, kind, createdAt }) => ({
      ...{ hand: hand(deciderId), behind: others.map(hand), step: Number(step), kind, at: Number(createdAt) },
    }));
    const given = tasks.filter(({ requestId }) => requestId === row.id);
    return {
      requester: hand(row.requesterId),
      beneficiary: hand(row.beneficiaryId),
      steps,
      decisions,
      openedAt: openingsOf(steps, decisions, Number(row.createdAt)),
      closedAt: closingsOf(steps, decisions, Number(row.resolvedAt ?? row.decideBy)),
      reassigned: steps.map((_, index) => {
        const { assignees, reassignedBy: by, reassignedAt } = given.find(({ step }) => Number(step) === index) ?? {};
        return by === undefined || by === null || !active.has(by)
          ? null
          : { to: JSON.parse(assignees ?? '[]') as string[], by: hand(by), at: Number(reassignedAt) };
      }),
      outcome: row.outcome,
      decideBy: Number(row.decideBy),
      managerId: managers.get(row.beneficiaryId) ?? null,
      ...owners(row.kind === 'group' ? row.entitlementId : ''),
    };
  };
  return new Map(rows.map((row) => [row.id, factsOfRow(row)]));
};

/** What is read of many requests to tell how they stand and who is asked, in as many questions as for one. */
export const askedFactsOf = (db: Transaction, rows: readonly FactsRow[]): Promise<ReadonlyMap<string, AskedFacts>> =>
  askedWith(db, rows, (ids) => accountsOf(db, ids));

/** What judgements read of who asks for what, as things are now. */
export const factsOf = async (db: Transaction, row: FactsRow, now: number): Promise<RequestFacts> => {
  const handsOf: Hands<Hand> = async (ids) => {
    const hands = new Map<string, Hand>();
    // One after the other: a transaction has one connection.
    for (const id of ids) hands.set(id, await handOf(db, id, now));
    return hands;
  };
  const asked = (await askedWith(db, [row], handsOf)).get(row.id);
  if (asked === undefined) throw new Error(`${row.id} was not looked up`);
  const isMaintenance = row.kind === 'service-account';
  const people = isMaintenance ? [row.requesterId] : [...new Set([row.requesterId, row.beneficiaryId])];
  const isAccountThere = !isMaintenance || (await isStillMarked(db, row));
  return {
    ...asked,
    arePeopleActive: isAccountThere && (await activeAmong(db, people)).size === people.length,
    isAsAsked: await isAsAsked(db, row),
    isStillRunning: await isStillRunning(db, row.extendsGrantId, now),
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
