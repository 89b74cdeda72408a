import { authorOf, type Principal } from '@sallyport/model/principal';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { orgAsTarget } from './org-as-target.ts';
import { pageAddress } from './org-profile.ts';

/** `GET /api/v1/org/preferences`, with a link to the other choice. */
export const getPreferences = (s: Services) => {
  const { showEndUserFooter } = s.settings.get('orgPreferences');
  const verb = showEndUserFooter ? 'hideEndUserFooter' : 'showEndUserFooter';
  const href = `${s.config.publicUrl.origin}/api/v1/org/preferences/${verb}`;
  return { showEndUserFooter, _links: { [verb]: { href, hints: { allow: ['POST'] } } } };
};

/** `POST …/showEndUserFooter` and `…/hideEndUserFooter`. What is so already stays so, without an event. */
export const setFooter = async (s: Services, principal: Principal, showEndUserFooter: boolean) => {
  assertHolds(principal, 'okta.orgs.manage');
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await s.settings.read(tx, 'orgPreferences');
    if (before.showEndUserFooter === showEndUserFooter) return;
    const org = await tx.selectFrom('org').selectAll().executeTakeFirstOrThrow();
    await s.settings.put(tx, 'orgPreferences', { showEndUserFooter }, s.clock.now(), authorOf(principal));
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.settings.update',
      target: [{ ...orgAsTarget(org), changeDetails: { from: { ...before }, to: { showEndUserFooter } } }],
    });
  });
  await s.settings.reload();
  return getPreferences(s);
};

/** Whom pages name for help; null when nobody is, or the footer is hidden. */
export const orgHelp = (s: Services): { readonly phone: string | null; readonly page: string | null } | null => {
  const { supportPhoneNumber: phone, endUserSupportHelpURL } = s.settings.get('orgProfile');
  const page = endUserSupportHelpURL === null ? null : pageAddress(endUserSupportHelpURL);
  const isShown = s.settings.get('orgPreferences').showEndUserFooter && (phone !== null || page !== null);
  return isShown ? { phone, page } : null;
};
