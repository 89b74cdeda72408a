import type { Principal } from '@sallyport/model/principal';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { CONTACT_TYPES } from './org-contacts.ts';
import { getOrg } from './org-profile.ts';

/**
 * `GET /sallyport/v1/organisation`: all that is said about the organisation, at once. Nobody being named as a contact is
 * an answer here, not an error; the login of a contact is null for whoever may not see that person.
 */
export const getOrgDetail = async (s: Services, principal: Principal) => {
  const { _links, ...org } = await getOrg(s);
  const named = await s.settings.read(s.store.read, 'orgContacts');
  const ids = ['', ...Object.values(named)];
  const there = await s.store.read.selectFrom('users').select('id').where('id', 'in', ids).execute();
  const visible = await s.store.read
    .selectFrom('users')
    .select(['id', 'login'])
    .where('id', 'in', ids)
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .execute();
  return {
    ...org,
    contacts: CONTACT_TYPES.map((contactType) => {
      const id = there.find((user) => user.id === named[contactType])?.id;
      const login = visible.find((user) => user.id === id)?.login ?? null;
      return { contactType, user: id === undefined ? null : { id, login } };
    }),
    showEndUserFooter: s.settings.get('orgPreferences').showEndUserFooter,
  };
};
