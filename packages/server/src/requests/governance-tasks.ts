/** Steps of requests as tasks of the wire. */
import { openStep, requestStatus } from '@sallyport/decide/requests/request-progress';
import type { RequestFacts } from '@sallyport/model/access-request';
import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { type DecideRequest, decideRequest } from './decide-request.ts';
import { explainSteps, personNamed } from './explain-steps.ts';
import { requestSeen } from './present-request.ts';
import { type ReassignStep, reassignStep } from './reassign-step.ts';
import { newestToDecide } from './requests-to-decide.ts';
import { decisionsOf, factsOf, type RequestRow } from './store.ts';
import { titleOfRequest } from './words-of-request.ts';

const PATH = '/governance/api/v2/my/tasks';
type Task = Row<'requestTasks'>;

const statusOf = (facts: RequestFacts, step: number, now: number): 'OPEN' | 'COMPLETED' | 'LOCKED' => {
  const open = openStep(facts);
  if (requestStatus(facts, now) !== 'PENDING' || open === null || step < open) return 'COMPLETED';
  return step === open ? 'OPEN' : 'LOCKED';
};

const present = async (s: Services, row: RequestRow, facts: RequestFacts, task: Task) => {
  const now = s.clock.now();
  const step = Number(task.step);
  const { steps } = await explainSteps(s.store.read, row, facts, now);
  const requestedBy = await personNamed(s.store.read, row.requesterId);
  const requestedFor = await personNamed(s.store.read, row.beneficiaryId);
  const last = (await decisionsOf(s.store.read, row.id)).filter((one) => Number(one.step) === step).at(-1);
  return {
    id: task.id,
    type: 'APPROVAL' as const,
    status: statusOf(facts, step, now),
    label: `Approve ${titleOfRequest(row, requestedBy, requestedFor, null)}`,
    requestId: row.id,
    sallyport: { digest: row.digest },
    assignees: (steps[step]?.able ?? []).map(({ id }) => ({ externalId: id, type: 'OKTA_USER' as const })),
    value: last === undefined ? null : last.kind === 'approve' ? 'APPROVED' : 'DENIED',
    createdAt: toIso(Number(row.createdAt)),
    updatedAt: toIso(Number(row.lastUpdatedAt)),
    isEscalated: steps[step]?.escalation?.isNow ?? false,
    isDelegated: (last?.insteadOf ?? null) !== null,
    ...(last === undefined ? {} : { completedBy: { externalId: last.deciderId, type: 'OKTA_USER' as const } }),
  };
};

/** `GET /governance/api/v2/my/tasks`: the steps that wait for the caller. */
export const listMyTasks = async (
  s: Services,
  principal: Principal,
  input: { readonly limit?: string; readonly after?: string },
) => {
  const limit = pageLimit(input.limit, 20, 200);
  const db = s.store.read;
  const found: { readonly id: string; readonly row: RequestRow; readonly facts: RequestFacts; readonly task: Task }[] =
    [];
  const before =
    input.after === undefined
      ? undefined
      : await db.selectFrom('requestTasks').select('requestId').where('id', '=', input.after).executeTakeFirst();
  // After a task that is none stands nothing, as after a request.
  const from = input.after === undefined ? undefined : (before?.requestId ?? '');
  for (const row of await newestToDecide(s, principal, { limit: limit + 1, after: from })) {
    const facts = await factsOf(db, row, s.clock.now());
    const task = await db
      .selectFrom('requestTasks')
      .selectAll()
      .where('requestId', '=', row.id)
      .where('step', '=', openStep(facts) ?? -1)
      .executeTakeFirst();
    if (task !== undefined) found.push({ id: task.id, row, facts, task });
  }
  const { shown, after } = pageOf(found, limit);
  const data = [];
  for (const { row, facts, task } of shown) data.push(await present(s, row, facts, task));
  const href = `${s.config.publicUrl.origin}${PATH}`;
  return {
    data,
    _links: { self: { href }, ...(after === null ? {} : { next: { href: `${href}?limit=${limit}&after=${after}` } }) },
  };
};

/** E0000007 for one of a request that the caller does not see; of that request nothing is said, not even its id. */
const findTask = async (s: Services, principal: Principal, id: string) => {
  const task = await s.store.read.selectFrom('requestTasks').selectAll().where('id', '=', id).executeTakeFirst();
  const seen = task === undefined ? null : await requestSeen(s, principal, task.requestId);
  if (task === undefined || seen === null) throw notFound(id, 'Task');
  return { ...seen, task };
};

/** `GET /governance/api/v2/my/tasks/{id}`. */
export const getMyTask = async (s: Services, principal: Principal, id: string) => {
  const { row, facts, task } = await findTask(s, principal, id);
  return present(s, row, facts, task);
};

export interface ResolveTask extends Pick<DecideRequest, 'digest' | 'comment'> {
  readonly value: 'APPROVED' | 'DENIED';
}

/** `POST /governance/api/v2/my/tasks/{id}/resolve`: the same as `…/approve` and `…/deny`, with their errors. */
export const resolveMyTask = async (s: Services, principal: Principal, id: string, { value, ...more }: ResolveTask) => {
  const { task } = await findTask(s, principal, id);
  const kind = value === 'APPROVED' ? 'approve' : 'deny';
  await decideRequest(s, principal, task.requestId, { ...more, kind, step: Number(task.step) });
  return getMyTask(s, principal, id);
};

/**
 * `PATCH /governance/api/v2/tasks/{id}`: gives the step to others. Where one of them could not say yes nothing is changed,
 * and it is said who and why; the wire would leave that one out.
 */
export const reassignTask = async (
  s: Services,
  principal: Principal,
  id: string,
  assignees: ReassignStep['assignees'],
) => {
  const { task } = await findTask(s, principal, id);
  await reassignStep(s, principal, task.requestId, { assignees, step: Number(task.step) });
  return getMyTask(s, principal, id);
};
