import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { assertHolds, assertMayManageUser } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { orgAsTarget } from './org-as-target.ts';

export const CONTACT_TYPES = ['BILLING', 'TECHNICAL'] as const;
type ContactType = (typeof CONTACT_TYPES)[number];

/** As the wire's links have it, too: in whatever case. */
const readType = (text: string): ContactType => {
  const found = CONTACT_TYPES.find((type) => type === text.toUpperCase());
  if (found === undefined) throw notFound(text, 'OrgContactType');
  return found;
};

const present = (userId: string, origin: string) => ({
  userId,
  _links: { user: { href: `${origin}/api/v1/users/${userId}` } },
});

/** `GET /api/v1/org/contacts`. */
export const listContactTypes = (s: Services) =>
  CONTACT_TYPES.map((contactType) => {
    const kind = contactType.toLowerCase();
    return {
      contactType,
      _links: { [kind]: { href: `${s.config.publicUrl.origin}/api/v1/org/contacts/${kind}` } },
    };
  });

/** `GET /api/v1/org/contacts/{contactType}`. E0000007 while nobody is named, and when who was is deleted. */
export const getContact = async (s: Services, type: string) => {
  const contactType = readType(type);
  const userId = (await s.settings.read(s.store.read, 'orgContacts'))[contactType] ?? '';
  const user = await s.store.read.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
  if (user === undefined)
    throw new ApiError('E0000007', {
      args: [`${contactType} (OrgContact)`],
      causes: ['Nobody is named as this contact yet.'],
    });
  return present(user.id, s.config.publicUrl.origin);
};

/** `PUT /api/v1/org/contacts/{contactType}`. A contact gets no right by it. Errors: E0000007, E0000001 for a deactivated user. */
export const replaceContact = async (
  s: Services,
  principal: Principal,
  type: string,
  { userId }: { readonly userId: string },
) => {
  assertHolds(principal, 'okta.orgs.manage');
  const contactType = readType(type);
  const user = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const found = await findUser(tx, userId);
    await assertMayManageUser(tx, principal, 'okta.users.read', found.id, userId);
    if (found.status === 'DEPROVISIONED') throw invalid('userId', 'this account is deactivated; nobody reads its mail');
    const org = await tx.selectFrom('org').selectAll().executeTakeFirstOrThrow();
    const before = await s.settings.read(tx, 'orgContacts');
    await s.settings.put(tx, 'orgContacts', { ...before, [contactType]: found.id }, s.clock.now(), authorOf(principal));
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.settings.update',
      target: [orgAsTarget(org), userAsActor(found)],
      debugData: { contactType },
    });
    return found;
  });
  await s.settings.reload();
  return present(user.id, s.config.publicUrl.origin);
};
