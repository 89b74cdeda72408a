import type { Instant } from '@sallyport/model/instant';
import type { Address } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { BindingModes } from '@sallyport/model/session';
import type { Services } from '../services.ts';
import { CHECK, type CheckResult, checkResult, codeOf, slotOf } from '../sessions/check-result.ts';
import { endRoamingSession, observeRoaming } from '../sessions/end-roaming-session.ts';
import { endSession, publishEnded } from '../sessions/end-sessions.ts';
import { type BindingConditions, bindingFacts, judgeBinding } from '../sessions/judge-binding.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import { jobContext } from '../setup/announce-setup.ts';
import type { AppDoor, AppSlot } from './live-app-sessions.ts';

/**
 * The check of an app session that stands before every request of the app, in memory alone: its own clocks and
 * binding, and the clocks of the sign-in it hangs on. Interaction in the app keeps the sign-in alive, too.
 */
export const checkInTables = (
  door: AppDoor,
  orgs: SessionTable,
  tokenHash: Uint8Array,
  address: Address | number | null,
  now: Instant,
  isBackground: boolean,
): CheckResult => {
  const result = door.table.check(tokenHash, address, now, isBackground, false);
  if (codeOf(result) !== CHECK.HOLD) return result;
  return passParent(door, orgs, slotOf(result), now, isBackground);
};

/** An app session outlives nothing: without the sign-in that it hangs on it is unknown. */
const passParent = (
  door: AppDoor,
  orgs: SessionTable,
  slot: number,
  now: Instant,
  isBackground: boolean,
  isProofJudged = false,
): CheckResult => {
  const session = door.slots[slot] as AppSlot;
  const { parentId, parentSlot } = session;
  const isWhereItWas = parentSlot !== -1 && orgs.isAt(parentSlot, parentId);
  const parent = isWhereItWas ? parentSlot : orgs.slotOfId(parentId);
  session.parentSlot = parent;
  if (parent === -1 || codeOf(orgs.clockOf(parent, now)) !== CHECK.HOLD) return CHECK.SESSION_UNKNOWN;
  // The sign-in owes an answer for a new address; whether it is overdue is judged by whoever asks next.
  if (orgs.isProofOpen(parent) && !isProofJudged) return checkResult(CHECK.NEEDS_JUDGEMENT, slot);
  orgs.pass(parent, now, isBackground, false);
  return checkResult(CHECK.HOLD, slot);
};

const expire = async (s: Services, door: AppDoor, slot: number, reason: 'idle' | 'lifetime'): Promise<void> => {
  const id = door.table.idOf(slot);
  const userId = door.table.userIdOf(slot);
  s.appSessions.forget(id);
  const request = jobContext(`end-${id}`);
  await s.store.transaction((tx) =>
    endSession(s, tx, { kind: 'job', job: 'sessions', permissions: new Set(), request }, { id, userId }, reason),
  );
  publishEnded(s, [id], reason);
};

/** An address that the sign-in has proved counts for its apps; what it cannot prove, they cannot either. */
const conditionsOf = (s: Services, session: AppSlot, modes: BindingModes): BindingConditions => {
  const parent = s.sessions.table.slotOfId(session.parentId);
  return {
    modes,
    provedAddress: s.sessions.proofs.provedAddress(session.parentId),
    canProve: parent !== -1 && s.sessions.table.view(parent).hasBoundKey,
  };
};

/**
 * What the tables alone could not pass: another address, judged by the same function as every request of ours; and
 * sessions to end with their event. A session that roams ends with the sign-in it hangs on and all its siblings, for
 * whoever copied one cookie of a browser has the others (design §5.1). Null: nothing lets this request through.
 */
export const checkAppSession = async (
  s: Services,
  door: AppDoor,
  tokenHash: Uint8Array,
  request: RequestContext,
): Promise<AppSlot | null> => {
  const now = s.clock.now();
  const address = request.client.kind === 'known' ? request.client.address : null;
  const result = checkInTables(door, s.sessions.table, tokenHash, address, now, request.isBackground);
  const code = codeOf(result);
  if (code === CHECK.SESSION_UNKNOWN) return null;
  const slot = slotOf(result);
  const session = door.slots[slot];
  if (session === undefined) return null;
  if (code === CHECK.HOLD) return session;
  if (code === CHECK.IDLE || code === CHECK.LIFETIME_REACHED) {
    await expire(s, door, slot, code === CHECK.IDLE ? 'idle' : 'lifetime');
    return null;
  }
  if (code !== CHECK.NEEDS_JUDGEMENT) return null;
  const overdue = s.sessions.proofs.overdue(session.parentId, now);
  if (overdue !== null) {
    await s.sessions.endUnproved(session.parentId, overdue, 'unanswered');
    return null;
  }
  const view = door.table.view(slot);
  const conditions = conditionsOf(s, session, view.modes);
  const verdict = judgeBinding(s, view, request, conditions);
  const endRoaming = async (under: BindingConditions): Promise<null> => {
    const facts = bindingFacts(s, view, request, under);
    const at = { app: door.app, sessionId: session.id };
    const ended = { facts, verdict: judgeBinding(s, view, request, under), at };
    // Out of memory first, in the same turn: of twenty requests at once, none after this line passes.
    s.sessions.forget(session.parentId);
    await endRoamingSession(s, request, { ...view, id: session.parentId }, ended);
    return null;
  };
  if (verdict.kind === 'end') return endRoaming(conditions);
  if (verdict.kind === 'prove') {
    // The key of the page lives under our own host: the sign-in owes the answer, and this door stays shut until then.
    const isAsked = await s.sessions.askProof(session.parentId, request, view.modes);
    return isAsked ? null : endRoaming({ ...conditions, canProve: false });
  }
  if (verdict.reasons.includes('address-exempt')) s.sessions.noteExempt(session.id);
  if (verdict.kind === 'observe') await observeRoaming(s, request, { ...view, id: session.parentId }, verdict);
  // The observation took time; the session may have ended meanwhile, and its slot be another's.
  if (door.slots[slot] !== session) return null;
  const passed = passParent(door, s.sessions.table, slot, now, request.isBackground, true);
  if (codeOf(passed) !== CHECK.HOLD) return null;
  door.table.pass(slot, now, request.isBackground, false);
  return session;
};
