import type { Handler } from '../http/exchange.ts';
import { getContact, listContactTypes, replaceContact } from './org-contacts.ts';
import { getOrgDetail } from './org-detail.ts';
import { getPreferences, setFooter } from './org-preferences.ts';
import { getOrg, type OrgBody, putOrg } from './org-profile.ts';

const type = (params: Readonly<Record<string, string>>): string => params['contactType'] ?? '';

export const orgHandlers = {
  'org.get': async ({ services }) => ({ body: await getOrg(services) }),
  'org.update': async ({ services, principal, body }) => ({
    body: await putOrg(services, principal, body as OrgBody, false),
  }),
  'org.replace': async ({ services, principal, body }) => ({
    body: await putOrg(services, principal, body as OrgBody, true),
  }),
  'orgDetails.get': async ({ services, principal }) => ({ body: await getOrgDetail(services, principal) }),
  'orgContacts.list': async ({ services }) => ({ body: listContactTypes(services) }),
  'orgContacts.get': async ({ services, params }) => ({ body: await getContact(services, type(params)) }),
  'orgContacts.replace': async ({ services, principal, params, body }) => ({
    body: await replaceContact(services, principal, type(params), body as { userId: string }),
  }),
  'orgPreferences.get': async ({ services }) => ({ body: getPreferences(services) }),
  'orgPreferences.hideFooter': async ({ services, principal }) => ({
    body: await setFooter(services, principal, false),
  }),
  'orgPreferences.showFooter': async ({ services, principal }) => ({
    body: await setFooter(services, principal, true),
  }),
} satisfies Record<string, Handler>;
