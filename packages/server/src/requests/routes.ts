import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { type AccessAsk, askForAccess, previewRequest } from './ask-for-access.ts';
import { type DecideRequest, decideRequest } from './decide-request.ts';
import { addMessage, cancelRequest, nudgeRequest } from './follow-request.ts';
import {
  createGovernanceRequest,
  createMyRequest,
  type FieldValue,
  type GovernanceAsk,
  getGovernanceRequest,
  getMyEntry,
  getMyRequest,
  listGovernanceRequests,
  listMyEntries,
  myRequestFields,
} from './governance-requests.ts';
import { getMyTask, listMyTasks, type ResolveTask, reassignTask, resolveMyTask } from './governance-tasks.ts';
import { listAllConditions } from './list-conditions.ts';
import { listMessages } from './list-messages.ts';
import { type ListRequests, listRequests } from './list-requests.ts';
import {
  type ConditionBody,
  createCondition,
  deleteCondition,
  getCondition,
  listConditions,
  setConditionStatus,
  updateCondition,
} from './manage-conditions.ts';
import {
  createSequence,
  deleteSequence,
  getSequence,
  getSequenceOfResource,
  listSequences,
  listSequencesOfResource,
  replaceSequence,
  type SequenceBody,
} from './manage-sequences.ts';
import { presentRequest } from './present-request.ts';
import { type ReassignStep, reassignStep } from './reassign-step.ts';

type Params = Readonly<Record<string, string>>;
const resource = (params: Params): string => params['resourceId'] ?? '';
const condition = (params: Params): string => params['requestConditionId'] ?? '';
const sequence = (params: Params): string => params['sequenceId'] ?? '';
const entry = (params: Params): string => params['entryId'] ?? '';
const request = (params: Params): string => params['accessRequestId'] ?? params['requestId'] ?? '';

const askOf = (body: unknown): AccessAsk => {
  const { startsAt, ...rest } = body as Omit<AccessAsk, 'startsAt'> & { readonly startsAt?: string };
  return { ...rest, startsAt: startsAt === undefined ? undefined : Date.parse(startsAt) };
};

export const requestHandlers = {
  'requestConditions.list': async ({ services, principal, params }) => ({
    body: await listConditions(services, principal, resource(params)),
  }),
  'requestConditions.create': async ({ services, principal, params, body }) => {
    const made = await createCondition(services, principal, resource(params), body as ConditionBody);
    return { body: made, headers: { Location: made?._links.self.href ?? '' } };
  },
  'requestConditions.get': async ({ services, principal, params }) => ({
    body: await getCondition(services, principal, resource(params), condition(params)),
  }),
  'requestConditions.update': async ({ services, principal, params, body, request: { headers } }) => ({
    body: await updateCondition(
      services,
      principal,
      resource(params),
      condition(params),
      body as Partial<ConditionBody>,
      headers['if-match'],
    ),
  }),
  'requestConditions.delete': async ({ services, principal, params }) => {
    await deleteCondition(services, principal, resource(params), condition(params));
    return {};
  },
  'requestConditions.activate': async ({ services, principal, params }) => ({
    body: await setConditionStatus(services, principal, resource(params), condition(params), 'ACTIVE'),
  }),
  'requestConditions.deactivate': async ({ services, principal, params }) => ({
    body: await setConditionStatus(services, principal, resource(params), condition(params), 'INACTIVE'),
  }),
  'allRequestConditions.list': async ({ services, principal, query }) => {
    const { conditions, after } = await listAllConditions(services, principal, query);
    return {
      body: conditions,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/request-conditions', query, after),
    };
  },
  'resourceSequences.list': async ({ services, principal, params }) => ({
    body: await listSequencesOfResource(services, principal, resource(params)),
  }),
  'resourceSequences.get': async ({ services, principal, params }) => ({
    body: await getSequenceOfResource(services, principal, sequence(params)),
  }),
  'requestSequences.delete': async ({ services, principal, params }) => {
    await deleteSequence(services, principal, sequence(params));
    return {};
  },
  'requestSequences.list': async ({ services, principal }) => ({ body: await listSequences(services, principal) }),
  'requestSequences.get': async ({ services, principal, params }) => ({
    body: await getSequence(services, principal, sequence(params)),
  }),
  'requestSequences.create': async ({ services, principal, body }) => ({
    body: await createSequence(services, principal, body as SequenceBody),
  }),
  'requestSequences.replace': async ({ services, principal, params, body, request: { headers } }) => ({
    body: await replaceSequence(services, principal, sequence(params), body as SequenceBody, headers['if-match']),
  }),
  'requestSettings.get': async () => ({
    body: {
      subprocessorsAcknowledged: true,
      provisioningStatus: 'PROVISIONED',
      requestExperiences: ['CATALOG', 'ADMIN_ROLES'],
      longTimePastProvisioned: false,
    },
  }),
  'governanceRequests.list': async ({ services, principal, query }) => ({
    body: await listGovernanceRequests(services, principal, query),
  }),
  'governanceRequests.create': async ({ services, principal, body }) => ({
    body: await createGovernanceRequest(services, principal, body as GovernanceAsk),
  }),
  'governanceRequests.get': async ({ services, principal, params }) => ({
    body: await getGovernanceRequest(services, principal, request(params)),
  }),
  'governanceRequests.addMessage': async ({ services, principal, params, body }) => {
    await addMessage(services, principal, request(params), (body as { message: string }).message);
    return {};
  },
  'myCatalog.list': async ({ services, principal, query }) => ({
    body: await listMyEntries(services, principal, query),
  }),
  'myCatalog.get': async ({ services, principal, params }) => ({
    body: await getMyEntry(services, principal, entry(params)),
  }),
  'myCatalog.fields': async ({ services, principal, params }) => ({
    body: await myRequestFields(services, principal, entry(params)),
  }),
  'myCatalog.request': async ({ services, principal, params, body }) => ({
    body: await createMyRequest(
      services,
      principal,
      entry(params),
      body as { readonly requesterFieldValues?: readonly FieldValue[] },
    ),
  }),
  'myCatalog.getRequest': async ({ services, principal, params }) => ({
    body: await getMyRequest(services, principal, entry(params), request(params)),
  }),
  'myTasks.list': async ({ services, principal, query }) => ({ body: await listMyTasks(services, principal, query) }),
  'myTasks.get': async ({ services, principal, params }) => ({
    body: await getMyTask(services, principal, params['taskId'] ?? ''),
  }),
  'myTasks.resolve': async ({ services, principal, params, body }) => ({
    body: await resolveMyTask(services, principal, params['taskId'] ?? '', body as ResolveTask),
  }),
  'tasks.update': async ({ services, principal, params, body }) => {
    const { assignees } = body as { readonly assignees: readonly { readonly externalId: string }[] };
    const ids = assignees.map(({ externalId }) => externalId);
    return { body: await reassignTask(services, principal, params['taskId'] ?? '', ids) };
  },
  'requests.list': async ({ services, principal, query }) => {
    const { requests, after } = await listRequests(services, principal, query as ListRequests);
    return {
      body: requests,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/requests', query, after),
    };
  },
  'requests.preview': async ({ services, principal, body }) => ({
    body: await previewRequest(services, principal, askOf(body)),
  }),
  'requests.create': async ({ services, principal, body }) => ({
    body: await askForAccess(services, principal, askOf(body)),
  }),
  'requests.get': async ({ services, principal, params }) => ({
    body: await presentRequest(services, principal, request(params)),
  }),
  'requests.messages': async ({ services, principal, params, query }) => {
    const id = request(params);
    const { messages, after } = await listMessages(services, principal, id, query);
    const path = `/sallyport/v1/requests/${encodeURIComponent(id)}/messages`;
    return { body: messages, headers: pageLinks(services.config.publicUrl.origin, path, query, after) };
  },
  'requests.approve': async ({ services, principal, params, body }) => ({
    body: await decideRequest(services, principal, request(params), {
      ...(body as Omit<DecideRequest, 'kind'>),
      kind: 'approve',
    }),
  }),
  'requests.deny': async ({ services, principal, params, body }) => ({
    body: await decideRequest(services, principal, request(params), {
      ...(body as Omit<DecideRequest, 'kind'>),
      kind: 'deny',
    }),
  }),
  'requests.cancel': async ({ services, principal, params }) => ({
    body: await cancelRequest(services, principal, request(params)),
  }),
  'requests.nudge': async ({ services, principal, params }) => ({
    body: await nudgeRequest(services, principal, request(params)),
  }),
  'requests.reassign': async ({ services, principal, params, body }) => {
    await reassignStep(services, principal, request(params), body as ReassignStep);
    return { body: await presentRequest(services, principal, request(params)) };
  },
} satisfies Record<string, Handler>;
