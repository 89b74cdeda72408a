/** The wire of requests and of the catalogue, as the field's clients know it. */
import { matchApprover } from '@sallyport/decide/requests/match-approver';
import { escalatesAt, requestStatus } from '@sallyport/decide/requests/request-progress';
import { writeAccessDuration } from '@sallyport/model/access-duration';
import type { ApproverRule } from '@sallyport/model/access-request';
import { invalid, notFound } from '@sallyport/model/errors';
import type { Entitlement } from '@sallyport/model/grant';
import { parseIso, toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import type { Transaction } from '../ports/store.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { type AccessAsk, askForAccess, matchedCondition } from './ask-for-access.ts';
import { entryIdOf, namesOf } from './entitlements.ts';
import { personNamed } from './explain-steps.ts';
import { approverFactsOf } from './hands.ts';
import { isOpenAt, type Narrow, newestRequests } from './newest-requests.ts';
import { assertSees } from './present-request.ts';
import { activeConditions } from './read-conditions.ts';
import { requestedOf } from './record-request.ts';
import { refusedRequest } from './refuse-request.ts';
import { decisionsOf, factsOf, findRequest, type RequestRow } from './store.ts';
import { isOwnRequest, personBehind } from './why-not-asker.ts';

const PERMISSION = 'okta.governance.accessRequests.manage';
const PATH = '/governance/api/v2/requests';
const CATALOG = '/governance/api/v2/my/catalogs/default/entries';

const isoOrNull = (at: number | null): string | null => (at === null ? null : toIso(Number(at)));

const sparse = (s: Services, row: RequestRow) => {
  const { origin } = s.config.publicUrl;
  const status = requestStatus({ outcome: row.outcome, decideBy: Number(row.decideBy) }, s.clock.now());
  const requested = requestedOf(row);
  return {
    id: row.id,
    status,
    created: toIso(Number(row.createdAt)),
    createdBy: row.requesterId,
    lastUpdated: toIso(Number(row.lastUpdatedAt)),
    lastUpdatedBy: row.lastUpdatedBy,
    resolved: isoOrNull(status === 'EXPIRED' ? Number(row.decideBy) : row.resolvedAt),
    ...(row.grantStatus === null ? {} : { grantStatus: row.grantStatus, granted: isoOrNull(row.grantedAt) }),
    requestedBy: { externalId: row.requesterId, type: 'OKTA_USER' as const },
    requestedFor: { externalId: row.beneficiaryId, type: 'OKTA_USER' as const },
    requested,
    _links: {
      self: { href: `${origin}${PATH}/${row.id}` },
      catalogEntry: { href: `${origin}${CATALOG}/${requested.entryId}` },
      approvalCondition: {
        href: `${origin}/governance/api/v2/resources/${row.resourceId}/request-conditions/${row.conditionId}`,
      },
      approvalSequence: {
        href: `${origin}/governance/api/v2/resources/${row.resourceId}/request-sequences/${row.sequenceId}`,
      },
    },
  };
};

const FIELD = { duration: 'ACCESS_DURATION', reason: 'REASON', ticket: 'TICKET', startsAt: 'STARTS_AT' } as const;

const full = async (s: Services, db: Transaction, row: RequestRow) => {
  const decisions = [];
  const facts = await factsOf(db, row, s.clock.now());
  for (const { deciderId, insteadOf, step, kind, createdAt } of await decisionsOf(db, row.id)) {
    const { approvers, escalateTo } = facts.steps[Number(step)] ?? {};
    const passedOnAt = escalatesAt(facts, Number(step));
    const hadPassedOn = passedOnAt !== null && Number(createdAt) >= passedOnAt;
    const voter = hadPassedOn ? await approverFactsOf(db, insteadOf ?? deciderId) : null;
    const isNamed = (rule: ApproverRule | undefined): boolean =>
      voter !== null && rule !== undefined && matchApprover(rule, voter, facts);
    decisions.push({
      deciderId,
      deciderName: (await personNamed(db, deciderId)).name.slice(0, 100),
      decision: kind === 'approve' ? ('APPROVE' as const) : ('DENY' as const),
      decided: toIso(Number(createdAt)),
      deciderDelegated: insteadOf !== null,
      // Whom the step names by itself needed nothing to pass on, nor whom it was given to.
      deciderEscalated: isNamed(escalateTo) && !isNamed(approvers),
    });
  }
  const isDecided = row.outcome === 'APPROVED' || row.outcome === 'DENIED';
  const field = (id: string, type: string, label: string, value: string | null) =>
    value === null ? [] : [{ id, type, label, value }];
  const ends =
    row.grantedAt === null
      ? null
      : Math.max(Number(row.startsAt ?? 0), Number(row.resolvedAt ?? 0)) + Number(row.durationSeconds) * 1000;
  return {
    ...sparse(s, row),
    accessDuration: writeAccessDuration(Number(row.durationSeconds)),
    revocationScheduled: isoOrNull(ends),
    requesterFieldValues: [
      ...field(FIELD.duration, 'DURATION', 'For how long', writeAccessDuration(Number(row.durationSeconds))),
      ...field(FIELD.reason, 'TEXT', 'Why', row.reason),
      ...field(FIELD.ticket, 'TEXT', 'Ticket', row.ticket),
      ...field(FIELD.startsAt, 'ISO_DATE', 'From when', isoOrNull(row.startsAt)),
    ],
    requestApproval: {
      type: 'OKTA' as const,
      providerName: 'Sallyport',
      ...(isDecided ? { status: row.outcome, decided: isoOrNull(row.resolvedAt) } : {}),
      decisions: decisions.slice(0, 10),
    },
  };
};

export interface FieldValue {
  readonly id: string;
  readonly value?: string | undefined;
}

/** What the fields of the wire say. E0000001 for one that this server has not asked for. */
const askOf = (values: readonly FieldValue[] | undefined): Omit<AccessAsk, 'entitlement'> => {
  const known = new Set<string>(Object.values(FIELD));
  const unknown = (values ?? []).find(({ id }) => !known.has(id));
  if (unknown !== undefined) throw invalid('requesterFieldValues', `there is no field ${unknown.id}`);
  const said = (id: string): string | undefined => (values ?? []).find((one) => one.id === id)?.value;
  const reason = said(FIELD.reason)?.trim() ?? '';
  if (reason === '' || reason.length > 1000) throw invalid(FIELD.reason, 'say why, in at most 1000 characters');
  const begins = said(FIELD.startsAt);
  const startsAt = begins === undefined ? undefined : parseIso(begins);
  if (startsAt === null) throw invalid(FIELD.startsAt, 'must be a date as RFC 3339 writes it');
  return { reason, ticket: said(FIELD.ticket)?.slice(0, 200), duration: said(FIELD.duration), startsAt };
};

/** What an entry of the catalogue gives: of what somebody may ask for now, under any condition. */
const entitlementOf = async (db: Transaction, entryId: string) => {
  const all = (await activeConditions(db)).flatMap(({ entitlements }) => entitlements);
  const found = all.find((one) => entryIdOf(one) === entryId);
  if (found === undefined) throw notFound(entryId, 'CatalogEntry');
  return found;
};

/** `GET /governance/api/v2/requests`: newest first. */
export const listGovernanceRequests = async (
  s: Services,
  principal: Principal,
  input: { readonly filter?: string; readonly limit?: string; readonly after?: string },
) => {
  assertHolds(principal, PERMISSION);
  const limit = pageLimit(input.limit, 20, 200);
  const db = s.store.read;
  const now = s.clock.now();
  const fields = ['status', 'grantStatus', 'requestedFor', 'resourceId', 'accessScopeId'];
  const narrow: Narrow[] = [];
  let ends: readonly [Narrow, ...Narrow[]] = [(query) => query];
  for (const { field, value } of simpleFilter(input.filter, fields)) {
    if (field === 'requestedFor') narrow.push((query) => query.where('beneficiaryId', '=', value));
    else if (field === 'resourceId') narrow.push((query) => query.where('resourceId', '=', value));
    else if (field === 'accessScopeId') narrow.push((query) => query.where('entitlementId', '=', value));
    else if (field === 'grantStatus') narrow.push((query) => query.where('grantStatus', '=', value as 'GRANTED'));
    else if (value === 'PENDING') narrow.push(isOpenAt(now));
    else if (value === 'EXPIRED')
      ends = [
        (query) => query.where('outcome', '=', 'EXPIRED'),
        (query) => query.where('outcome', 'is', null).where('decideBy', '<=', now),
      ];
    else narrow.push((query) => query.where('outcome', '=', value as 'APPROVED'));
  }
  const all: Narrow = (query) => narrow.reduce((so, one) => one(so), query);
  const [first, ...others] = ends;
  const rows = await newestRequests(
    db,
    [
      (query) => all(first(query)),
      ...others.map(
        (end): Narrow =>
          (query) =>
            all(end(query)),
      ),
    ],
    { limit: limit + 1, after: input.after },
  );
  const { shown, after } = pageOf(rows, limit);
  const url = new URL(PATH, s.config.publicUrl.origin);
  for (const [key, value] of Object.entries(input)) if (value !== undefined) url.searchParams.set(key, value);
  const self = url.toString();
  if (after !== null) url.searchParams.set('after', after);
  return {
    data: shown.map((row) => sparse(s, row)),
    _links: { self: { href: self }, ...(after === null ? {} : { next: { href: url.toString() } }) },
  };
};

/** `GET /governance/api/v2/requests/{id}`. */
export const getGovernanceRequest = async (s: Services, principal: Principal, id: string) => {
  assertHolds(principal, PERMISSION);
  return full(s, s.store.read, await findRequest(s.store.read, id));
};

export interface GovernanceAsk {
  readonly requested: { readonly type: 'CATALOG_ENTRY'; readonly entryId: string };
  readonly requestedFor: { readonly externalId: string; readonly type: 'OKTA_USER' };
  readonly requestedBy?: { readonly externalId: string; readonly type: 'OKTA_USER' } | undefined;
  readonly requesterFieldValues?: readonly FieldValue[] | undefined;
}

/** `POST /governance/api/v2/requests`. Nobody asks in somebody else's name: `requestedBy` is the caller, or is not said. */
export const createGovernanceRequest = async (s: Services, principal: Principal, body: GovernanceAsk) => {
  const by = body.requestedBy?.externalId;
  if (by !== undefined && by !== personBehind(principal))
    throw invalid('requestedBy', 'a request is of whoever sends it; leave it out');
  const { id } = await askForAccess(s, principal, {
    ...askOf(body.requesterFieldValues),
    entitlement: await entitlementOf(s.store.read, body.requested.entryId),
    forUserId: body.requestedFor.externalId,
  });
  const made = await full(s, s.store.read, await findRequest(s.store.read, id));
  // The wire has one word for what was just sent.
  return { ...made, status: 'SUBMITTED' as const };
};

const selfOf = (principal: Principal): string => {
  const person = personBehind(principal);
  if (person === null) throw refusedRequest('session-needed');
  return person;
};

const entry = (s: Services, id: string, name: string, { kind, id: entitlementId }: Entitlement) => {
  const self = `${s.config.publicUrl.origin}${CATALOG}/${id}`;
  return {
    id,
    name,
    requestable: true,
    // What the wire has no place for: our own clients ask by it.
    entitlement: { kind, id: entitlementId, name },
    _links: { self: { href: self }, createRequest: { href: `${self}/requests` } },
  };
};

interface InCatalog {
  readonly name: string;
  readonly id: string;
}
const isBehind = (one: InCatalog, other: InCatalog): boolean =>
  one.name === other.name ? one.id > other.id : one.name > other.name;
/** A place in the catalogue, by name and id: what is taken from it between two pages moves nothing. */
const cursorOf = ({ name, id }: InCatalog): string => Buffer.from(`${id} ${name}`).toString('base64url');
const placeOf = (cursor: string): InCatalog => {
  const [id = '', ...name] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return { id, name: name.join(' ') };
};

/** What the caller may ask for, by name. */
const myEntries = async (s: Services, db: Transaction, principal: Principal) => {
  const self = selfOf(principal);
  const all = (await activeConditions(db)).flatMap(({ entitlements }) => entitlements);
  const names = await namesOf(db, all);
  const mine = new Map<string, { readonly id: string; readonly name: string; readonly one: Entitlement }>();
  for (const one of all) {
    const id = entryIdOf(one);
    if (mine.has(id)) continue;
    const matched = await matchedCondition(db, self, one).catch(() => null);
    if (matched !== null) mine.set(id, { id, name: names.get(one.id) ?? one.id, one });
  }
  return [...mine.values()]
    .toSorted((a, b) => (isBehind(a, b) ? 1 : -1))
    .map(({ id, name, one }) => entry(s, id, name, one));
};

/** `GET …/my/catalogs/default/entries`: all of them stand at the top; `filter` narrows to children, of which there are none. */
export const listMyEntries = async (
  s: Services,
  principal: Principal,
  input: { readonly filter?: string; readonly match?: string; readonly limit?: string; readonly after?: string },
) => {
  const limit = pageLimit(input.limit, 20, 200);
  const isTop = input.filter === undefined || /^not ?\( ?parent pr ?\)$/i.test(input.filter.trim());
  const match = input.match?.trim().toLowerCase() ?? '';
  const all = isTop ? await myEntries(s, s.store.read, principal) : [];
  const found = all.filter(({ name }) => name.toLowerCase().includes(match));
  const place = input.after === undefined ? null : placeOf(input.after);
  const rest = place === null ? found : found.filter((one) => isBehind(one, place));
  const { shown, after } = pageOf(rest, limit);
  const last = shown.at(-1);
  const url = new URL(CATALOG, s.config.publicUrl.origin);
  for (const [key, value] of Object.entries(input)) if (value !== undefined) url.searchParams.set(key, value);
  const self = url.toString();
  if (after !== null && last !== undefined) url.searchParams.set('after', cursorOf(last));
  return {
    data: shown,
    _links: { self: { href: self }, ...(after === null ? {} : { next: { href: url.toString() } }) },
  };
};

/** `GET …/entries/{id}`. E0000007 for what the caller may not ask for. */
export const getMyEntry = async (s: Services, principal: Principal, id: string) => {
  const found = (await myEntries(s, s.store.read, principal)).find((one) => one.id === id);
  if (found === undefined) throw notFound(id, 'CatalogEntry');
  return found;
};

/** `GET …/entries/{id}/request-fields`. */
export const myRequestFields = async (s: Services, principal: Principal, id: string) => {
  await getMyEntry(s, principal, id);
  const db = s.store.read;
  const { condition, row } = await matchedCondition(db, selfOf(principal), await entitlementOf(db, id));
  const { kind, seconds } = condition.duration;
  const most = writeAccessDuration(seconds);
  return {
    data: [
      kind === 'fixed'
        ? { id: FIELD.duration, type: 'DURATION', label: 'For how long', required: false, value: most, readOnly: true }
        : { id: FIELD.duration, type: 'DURATION', label: 'For how long', required: true, maximumValue: most },
      { id: FIELD.reason, type: 'TEXT', label: 'Why', required: true },
      { id: FIELD.ticket, type: 'TEXT', label: 'Ticket', required: row.ticket === 'required' },
      { id: FIELD.startsAt, type: 'ISO_DATE', label: 'From when', required: false },
    ],
  };
};

/** `POST …/entries/{id}/requests`: for oneself. */
export const createMyRequest = async (
  s: Services,
  principal: Principal,
  entryId: string,
  body: { readonly requesterFieldValues?: readonly FieldValue[] | undefined },
) => {
  const { id } = await askForAccess(s, principal, {
    ...askOf(body.requesterFieldValues),
    entitlement: await entitlementOf(s.store.read, entryId),
  });
  return full(s, s.store.read, await findRequest(s.store.read, id));
};

/** `GET …/entries/{id}/requests/{requestId}`: one of the caller's own. */
export const getMyRequest = async (s: Services, principal: Principal, entryId: string, id: string) => {
  const { row } = await assertSees(s, principal, id);
  if (requestedOf(row).entryId !== entryId || !isOwnRequest(principal, row)) throw notFound(id, 'AccessRequest');
  return full(s, s.store.read, row);
};
