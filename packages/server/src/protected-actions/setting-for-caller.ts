import { waiveApproval } from '@sallyport/decide/break-glass/waive-approval';
import { isByStandingPower } from '@sallyport/decide/grants/is-by-standing-power';
import { settingFor } from '@sallyport/decide/protected-actions/setting-of';
import { type Caller, subjectOf } from '@sallyport/model/principal';
import { type ActionName, actionRow, type ProtectedActionSetting } from '@sallyport/model/protected-actions';
import { tiedToAsker } from '../approvals/ties.ts';
import { ownUse } from '../break-glass/in-use.ts';
import { superAdminVoices } from '../policies/ways-in.ts';
import { refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { requesterOf } from './caller.ts';

/** What an action asks of this caller, and the reason that took the place of a second person, where one did. */
export interface SettingFor {
  readonly setting: ProtectedActionSetting;
  readonly waivedReason: string | null;
}

/** Is there somebody who could approve what this caller asks: another person, who is not tied to them? No break-glass account is among them. */
const hasSecondPerson = async (s: Services, principal: Caller): Promise<boolean> => {
  const db = s.store.read;
  // Somebody whose password strangers locked is one: or guessing would take the second person away.
  const able = await superAdminVoices(s, db, 'in-time');
  const userId = subjectOf(principal);
  const tied = await tiedToAsker(db, { requesterKind: requesterOf(principal).kind, userId }, s.clock.now());
  return able.some((id) => id !== userId && !tied.has(id));
};

/**
 * The setting of an action for this caller: some ask for a second person wherever there is one, and of a super admin for a
 * while always: whoever has it by the yes of others finds one of them, and must not be alone by sending the others away. In the session of a
 * break-glass account none is asked for once it said why the seal was broken, but in a drill. Its keys prove as what they
 * were sealed as: a class that was asked for later would let it in and let it mend nothing. E0000006 before it said why.
 */
export const settingForCaller = async (s: Services, principal: Caller, action: ActionName): Promise<SettingFor> => {
  const use = await ownUse(s.store.read, principal);
  const given = settingFor(await s.settings.read(s.store.read, 'protectedActions'), action, principal);
  const own: ProtectedActionSetting =
    use !== null && given.authenticator === 'ATTESTED' ? { ...given, authenticator: 'DEVICE_BOUND' } : given;
  const asksSecond = actionRow(action).asksSecondPerson === true && !own.needsApproval;
  const needsApproval =
    own.needsApproval || (asksSecond && (!isByStandingPower(principal) || (await hasSecondPerson(s, principal))));
  if (!needsApproval) return { setting: own, waivedReason: null };
  const reason = use?.reason ?? null;
  const waiver = waiveApproval({ isBreakGlass: use !== null, isDrill: use?.isDrill === true, reason });
  if (waiver === 'reason-missing') throw refuse(['break-glass-reason-missing']);
  return waiver === 'waived'
    ? { setting: { ...own, needsApproval: false }, waivedReason: reason }
    : { setting: { ...own, needsApproval }, waivedReason: null };
};
