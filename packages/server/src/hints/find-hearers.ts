/** Who of those who listen may know that something changed: by the rules of reading it, asked once for each changed thing. */

import { rulesOfStep } from '@sallyport/decide/requests/request-progress';
import { authorize, wholePermissions } from '@sallyport/decide/roles/authorize';
import type { Principal } from '@sallyport/model/principal';
import { superAdminVoices } from '../policies/ways-in.ts';
import { proofById } from '../protected-actions/store.ts';
import { maybeNamed } from '../requests/hands.ts';
import { seesRequest } from '../requests/present-request.ts';
import { factsOf } from '../requests/store.ts';
import { superAdminAskers } from '../requests/super-admin-askers.ts';
import type { Services } from '../services.ts';
import type { Change, Heard, Listener } from './hint-board.ts';

export type SessionPrincipal = Extract<Principal, { readonly kind: 'session' }>;
const idOf = ({ principal }: Listener): string => principal.userId;
const inboxOf = (listener: Listener): Heard => [listener, { event: 'inbox', id: null }];

/** Whoever sees it; and what waits changed for whomever it asks at any of its steps. */
const ofRequest = async (s: Services, id: string, listeners: readonly Listener[]): Promise<readonly Heard[]> => {
  const [db, now] = [s.store.read, s.clock.now()];
  const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return [];
  const facts = await factsOf(db, row, now);
  const rules = facts.steps.flatMap((_, step) => rulesOfStep(facts, step, now));
  const asked = await maybeNamed(db, rules, facts, [...new Set(listeners.map(idOf))], now);
  const given = new Set(facts.reassigned.flatMap((step) => step?.to ?? []));
  const heard: Heard[] = [];
  for (const listener of listeners) {
    const isAsked = asked.has(idOf(listener)) || given.has(idOf(listener));
    // Whom no rule could mean sees it by what the row or their rights say, without a question.
    if (!(await seesRequest(db, listener.principal, row, facts, now, isAsked))) continue;
    heard.push([listener, { event: 'request', id }]);
    if (isAsked) heard.push(inboxOf(listener));
  }
  return heard;
};

/** Those who speak as super admins because nobody stands as one, among those who listen. */
const voicesAmong = async (s: Services, listeners: readonly Listener[]): Promise<ReadonlySet<string>> => {
  const db = s.store.read;
  const askers = await (await superAdminAskers(db)).where('groupMembers.userId', 'in', listeners.map(idOf)).execute();
  return askers.length === 0 ? new Set() : new Set(await superAdminVoices(s, db, 'in-time'));
};

/** Whoever asked, and whoever holds the permission for it; before its own key was given it is nobody’s yet. */
const ofApproval = async (s: Services, id: string, listeners: readonly Listener[]): Promise<readonly Heard[]> => {
  const row = await proofById(s.store.read, id);
  if (row === undefined || row.needsApproval === 0 || (row.needsKey === 1 && row.provedAt === null)) return [];
  const { permission } = row;
  const holds = ({ principal }: Listener): boolean =>
    principal.roles.includes('SUPER_ADMIN') || [...wholePermissions(principal)].some((held) => held === permission);
  const others = listeners.filter((listener) => listener.principal.hasConsole && !holds(listener));
  const voices = others.length === 0 ? new Set<string>() : await voicesAmong(s, others);
  return listeners.flatMap((listener): Heard[] => {
    const mayDecide = holds(listener) || (listener.principal.hasConsole && voices.has(idOf(listener)));
    if (!mayDecide && idOf(listener) !== row.userId) return [];
    return [[listener, { event: 'approval', id }], ...(mayDecide ? [inboxOf(listener)] : [])];
  });
};

/** Whoever reads reviews, and whoever is asked in this one. */
const ofReview = async (s: Services, id: string, listeners: readonly Listener[]): Promise<readonly Heard[]> => {
  const rows = await s.store.read
    .selectFrom('reviewers')
    .select('reviewerId')
    .distinct()
    .where('campaignId', '=', id)
    .where('reviewerId', 'in', listeners.map(idOf))
    .execute();
  const asked = new Set(rows.map(({ reviewerId }) => reviewerId));
  return listeners.flatMap((listener): Heard[] => {
    const isAsked = asked.has(idOf(listener));
    const reads = authorize(listener.principal, 'okta.governance.accessCertifications.read').kind === 'allow';
    if (!isAsked && !reads) return [];
    return [[listener, { event: 'review', id }], ...(isAsked ? [inboxOf(listener)] : [])];
  });
};

export const findHearers = async (
  s: Services,
  { kind, id }: Change,
  listeners: readonly Listener[],
): Promise<readonly Heard[]> => {
  switch (kind) {
    case 'request':
      return ofRequest(s, id, listeners);
    case 'approval':
      return ofApproval(s, id, listeners);
    case 'review':
      return ofReview(s, id, listeners);
    default:
      return listeners.filter((listener) => idOf(listener) === id).map(inboxOf);
  }
};
