import { readAccessDuration, writeAccessDuration } from '@sallyport/model/access-duration';
import type { ApproverRule, SequenceStep } from '@sallyport/model/access-request';
import { invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { assertNoRuleFills } from '../group-rules/store.ts';
import type { Transaction } from '../ports/store.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { ruleInWords } from './explain-steps.ts';
import { countNamed } from './hands.ts';
import { invalidateConditions } from './invalidate-conditions.ts';

const PERMISSION = 'okta.governance.accessRequests.manage';
const SEQUENCES_MAX = 250;
const DECIDE_WITHIN = 'PT24H';

export interface SequenceBody {
  readonly name: string;
  readonly description: string;
  readonly steps: readonly SequenceStep[];
  /** Without it a day. */
  readonly decideWithin?: string | undefined;
}
type SequenceRow = Row<'requestSequences'>;

/** What whoever changes a sequence writes: its tag is of this. */
const documentOf = ({ name, description, steps, decideWithinSeconds }: SequenceRow) => ({
  name,
  description,
  steps,
  decideWithinSeconds: Number(decideWithinSeconds),
});

/** Rules with equal keys name the same people. */
const keyOf = (rule: ApproverRule): string =>
  JSON.stringify(rule.by === 'people' ? { by: rule.by, ids: [...new Set(rule.ids)].toSorted() } : rule);

/** How many different people name the steps up to each, of those that name the same as it: one person counts once in all. */
const runningCounts = (steps: readonly SequenceStep[]): readonly number[] => {
  const sums = new Map<string, number>();
  return steps.map(({ approvers, count }) => {
    const sum = (sums.get(keyOf(approvers)) ?? 0) + count;
    sums.set(keyOf(approvers), sum);
    return sum;
  });
};

const presentWire = (s: Services, row: SequenceRow) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  compatibleResourceTypes: ['APP', 'GROUP'] as const,
  link: `${s.config.publicUrl.origin}/requests/sequences/${row.id}`,
});
/** With its steps, what they mean here and now, and who would miss it. */
const presentAll = async (s: Services, db: Transaction, rows: readonly SequenceRow[]) => {
  const conditions = await db
    .selectFrom('requestConditions')
    .select(['id', 'name', 'resourceId', 'sequenceId'])
    .where('sequenceId', 'in', [...rows.map(({ id }) => id), ''])
    .orderBy('name')
    .orderBy('id')
    .execute();
  // Several ask the same people.
  const able = new Map<string, number | null>();
  const ableNow = async (rule: ApproverRule): Promise<number | null> => {
    const key = keyOf(rule);
    const known = able.get(key);
    if (known !== undefined) return known;
    const count = await possible(db, rule);
    able.set(key, count);
    return count;
  };
  const shown = [];
  for (const row of rows) {
    const steps = JSON.parse(row.steps) as SequenceStep[];
    const outlook = [];
    const counts = runningCounts(steps);
    for (const [index, { approvers, count, escalateTo }] of steps.entries()) {
      const who = await ruleInWords(db, approvers);
      outlook.push({
        words: approvers.by === 'manager' ? who : `${count === 1 ? 'one' : count} of ${who}`,
        ableNow: await ableNow(approvers),
        needed: counts[index] ?? count,
        passesOnTo: escalateTo === undefined ? null : await ruleInWords(db, escalateTo),
      });
    }
    shown.push({
      ...presentWire(s, row),
      steps,
      decideWithin: writeAccessDuration(Number(row.decideWithinSeconds)),
      outlook,
      usedBy: conditions
        .filter(({ sequenceId }) => sequenceId === row.id)
        .map(({ id, name, resourceId }) => ({ id, name, resourceId })),
      version: settingsVersion(documentOf(row)),
    });
  }
  return shown;
};
const present = async (s: Services, db: Transaction, row: SequenceRow) => (await presentAll(s, db, [row]))[0];

/** E0000007 otherwise. */
export const findSequence = async (db: Transaction, id: string): Promise<SequenceRow> => {
  const row = await db.selectFrom('requestSequences').selectAll().where('id', '=', id.toLowerCase()).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'RequestSequence');
  return row;
};
const all = (db: Transaction): Promise<SequenceRow[]> =>
  db.selectFrom('requestSequences').selectAll().orderBy('name').orderBy('id').limit(SEQUENCES_MAX).execute();

/** `GET /governance/api/v2/resources/{id}/request-sequences`. */
export const listSequencesOfResource = async (s: Services, principal: Principal, resourceId: string) => {
  assertHolds(principal, PERMISSION);
  const { origin } = s.config.publicUrl;
  return {
    data: (await all(s.store.read)).map((row) => presentWire(s, row)),
    _links: {
      self: { href: `${origin}/governance/api/v2/resources/${resourceId}/request-sequences` },
      newSequence: { href: `${origin}/requests/sequences/new` },
    },
  };
};
/** `GET …/request-sequences/{id}`. */
export const getSequenceOfResource = async (s: Services, principal: Principal, id: string) => {
  assertHolds(principal, PERMISSION);
  return presentWire(s, await findSequence(s.store.read, id));
};
/** `GET /sallyport/v1/request-sequences`: with their steps, which the wire has no words for. */
export const listSequences = async (s: Services, principal: Principal) => {
  assertHolds(principal, PERMISSION);
  return presentAll(s, s.store.read, await all(s.store.read));
};
export const getSequence = async (s: Services, principal: Principal, id: string) => {
  assertHolds(principal, PERMISSION);
  return present(s, s.store.read, await findSequence(s.store.read, id));
};

/** How many could approve now; null where it depends on the request. */
const possible = async (db: Transaction, rule: ApproverRule): Promise<number | null> =>
  rule.by === 'manager' || rule.by === 'owner' ? null : countNamed(db, rule);

/** E0000001 where the rule names fewer than it needs, or people whom whoever edits profiles would choose. */
const assertNames = async (
  tx: Transaction,
  rule: ApproverRule,
  needed: number,
  field: string,
  isWithOthers = false,
) => {
  if (rule.by === 'group') await assertNoRuleFills(tx, rule.id);
  const people = await possible(tx, rule);
  if (people !== null && people < needed)
    throw invalid(
      field,
      `${isWithOthers ? 'with the steps before it that name the same ' : ''}it needs ${needed} ${needed === 1 ? 'person' : 'people'}, and ${people === 0 ? 'nobody' : `only ${people}`} of those named could approve now`,
    );
};

const columnsOf = async (tx: Transaction, body: SequenceBody) => {
  const counts = runningCounts(body.steps);
  const within = readAccessDuration(body.decideWithin ?? DECIDE_WITHIN);
  for (const [index, { approvers, count, escalateAfter, escalateTo }] of body.steps.entries()) {
    const needed = counts[index] ?? count;
    if (approvers.by === 'manager' && needed > 1) throw invalid(`steps.${index}.count`, 'a person has one manager');
    await assertNames(tx, approvers, needed, `steps.${index}.count`, needed > count);
    if (escalateAfter === undefined || escalateTo === undefined) continue;
    const after = readAccessDuration(escalateAfter);
    if (after === null || (within !== null && after >= within))
      throw invalid(
        `steps.${index}.escalateAfter`,
        'must be an ISO 8601 duration of at least a minute, and shorter than the whole time to decide',
      );
    await assertNames(tx, escalateTo, 1, `steps.${index}.escalateTo`);
  }
  if (within === null) throw invalid('decideWithin', 'must be an ISO 8601 duration between a minute and 365 days');
  return {
    name: body.name,
    description: body.description,
    steps: JSON.stringify(body.steps),
    decideWithinSeconds: within,
  };
};

const record = (s: Services, tx: Transaction, principal: Principal, eventType: EventType, row: SequenceRow) =>
  recordEvent(s, tx, principal, {
    eventType,
    target: [
      { id: row.id, type: 'AccessRequestSequence', alternateId: 'unknown', displayName: row.name, detailEntry: null },
    ],
    debugData: { access_request_approval_sequence_id: row.id, steps: row.steps },
  });

/** `POST /sallyport/v1/request-sequences`. E0000001 where a step asks for more people than there are. */
export const createSequence = async (s: Services, principal: Principal, body: SequenceBody) => {
  assertHolds(principal, PERMISSION);
  const made = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    if ((await all(tx)).length >= SEQUENCES_MAX)
      throw invalid('name', `there are at most ${SEQUENCES_MAX} sequences; delete one first`);
    const [now, by] = [s.clock.now(), authorOf(principal)];
    const row: SequenceRow = {
      id: s.random.bytes(12).toString('hex'),
      ...(await columnsOf(tx, body)),
      createdAt: now,
      createdBy: by,
      lastUpdatedAt: now,
      lastUpdatedBy: by,
    };
    await tx.insertInto('requestSequences').values(row).execute();
    await record(s, tx, principal, 'access.request.sequence.create', row);
    return row;
  });
  // Who could say yes is looked up beside the one writer, not in its turn.
  return present(s, s.store.read, made);
};

/**
 * `PUT /sallyport/v1/request-sequences/{id}`. Requests that were submitted keep the steps of then. 412 when `ifMatch` is the
 * tag of another version.
 */
export const replaceSequence = async (
  s: Services,
  principal: Principal,
  id: string,
  body: SequenceBody,
  ifMatch?: string,
) => {
  assertHolds(principal, PERMISSION);
  const replaced = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findSequence(tx, id);
    assertUnchanged(ifMatch, documentOf(before));
    const after: SequenceRow = {
      ...before,
      ...(await columnsOf(tx, body)),
      lastUpdatedAt: s.clock.now(),
      lastUpdatedBy: authorOf(principal),
    };
    await tx.updateTable('requestSequences').set(after).where('id', '=', before.id).execute();
    await record(s, tx, principal, 'access.request.sequence.update', after);
    return after;
  });
  return present(s, s.store.read, replaced);
};

/** `DELETE /governance/api/v2/request-sequences/{id}`. Conditions that name it let nobody ask from then on. */
export const deleteSequence = async (s: Services, principal: Principal, id: string): Promise<void> => {
  assertHolds(principal, PERMISSION);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findSequence(tx, id);
    await tx.deleteFrom('requestSequences').where('id', '=', row.id).execute();
    await record(s, tx, principal, 'access.request.sequence.delete', row);
  });
  await invalidateConditions(s);
};
