import { bindingChanges } from '@sallyport/decide/sessions/binding-changes';
import { strictestModes } from '@sallyport/decide/sessions/strictest-binding';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { BindingModes } from '@sallyport/model/session';
import type { Services } from '../services.ts';
import { liveAppSessions } from '../sessions/get-session.ts';
import { judgeBinding } from '../sessions/judge-binding.ts';
import { modesIn, type SessionBindingSettings } from '../settings/org-settings.ts';
import { checkedBinding, type SessionBindingBody } from './put-session-binding.ts';

const NAMES_MAX = 10;

const modesOfSession = async (s: Services, next: SessionBindingSettings, id: string): Promise<BindingModes> => {
  const opened = (await liveAppSessions(s, id)).flatMap(({ appId }) => (appId === null ? [] : [appId]));
  return strictestModes(['saasure', 'okta_enduser', ...opened].map((app) => modesIn(next, app)));
};

/** What the very next request of the caller would meet: the same judgement, with the modes that are about to be saved. */
const ownSession = async (s: Services, principal: Principal, next: SessionBindingSettings) => {
  if (principal.kind !== 'session') return null;
  const slot = s.sessions.table.slotOfId(principal.sessionId);
  if (slot === -1) return null;
  const session = s.sessions.table.view(slot);
  const verdict = judgeBinding(s, session, principal.request, {
    modes: await modesOfSession(s, next, session.id),
    provedAddress: s.sessions.proofs.provedAddress(session.id),
    canProve: session.hasBoundKey,
  });
  return { verdict: verdict.kind, reasons: verdict.reasons.map(sentenceOf) };
};

/** Live sessions that were seen elsewhere, as far as the new modes would not let them be seen there again. */
const seenElsewhere = async (s: Services, next: SessionBindingSettings) => {
  const rows = await s.store.read
    .selectFrom('observations')
    .innerJoin('sessions', 'sessions.id', 'observations.sessionId')
    .innerJoin('users', 'users.id', 'observations.userId')
    .select(['observations.sessionId', 'observations.causes', 'users.login'])
    .where('sessions.endedAt', 'is', null)
    .where('sessions.endsAt', '>', s.clock.now())
    .execute();
  const modes = strictestModes([modesIn(next, 'saasure'), modesIn(next, 'okta_enduser')]);
  const isHeld = { asn: ['ENFORCED', 'PROVE'].includes(modes.asnBinding), ip: modes.ipBinding === 'ENFORCED' };
  const hit = rows.filter(({ causes }) => causes.split(' ').some((cause) => isHeld[cause as 'asn' | 'ip']));
  const logins = [...new Set(hit.map(({ login }) => login))].sort();
  return {
    sessions: new Set(hit.map(({ sessionId }) => sessionId)).size,
    people: logins.length,
    logins: logins.slice(0, NAMES_MAX),
  };
};

/** `PUT /sallyport/v1/session-binding?dryRun=true`: what would change, and for whom. Nothing is changed. */
export const previewSessionBinding = async (s: Services, principal: Principal, body: SessionBindingBody) => {
  const next = await checkedBinding(s, body);
  return {
    changes: bindingChanges(s.settings.get('sessionBinding'), next),
    ownSession: await ownSession(s, principal, next),
    seenElsewhere: await seenElsewhere(s, next),
  };
};
