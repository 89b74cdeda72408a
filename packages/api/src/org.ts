import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.orgs.read' }, rateClass: 'management' } as const;
const manage = {
  access: { kind: 'admin', permission: 'okta.orgs.manage' },
  rateClass: 'management',
  protection: { action: 'org.update' },
  events: ['sallyport.settings.update'],
} as const;

const line = z
  .string()
  .trim()
  .max(255)
  .regex(/^\P{Cc}*$/u, 'is one line')
  .nullish();
/** What clients send back of what they read, and cannot change, is not looked at. */
const profile = z.object({
  companyName: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .regex(/^\P{Cc}*$/u, 'is one line')
    .optional(),
  address1: line,
  address2: line,
  city: line,
  state: line,
  postalCode: line,
  country: line,
  phoneNumber: line,
  website: line,
  supportPhoneNumber: line,
  endUserSupportHelpURL: line,
});

export const orgRoutes = defineRoutes([
  {
    name: 'org.get',
    method: 'GET',
    path: '/api/v1/org',
    summary: 'The organisation: its id, which stands in the names of resources, and what it is called',
    access: { kind: 'person', why: 'whoever is signed in sees in whose house they are' },
    rateClass: 'self',
  },
  {
    name: 'org.update',
    method: 'POST',
    path: '/api/v1/org',
    summary: 'Change parts of what is said about the organisation',
    ...manage,
    body: profile,
  },
  {
    name: 'org.replace',
    method: 'PUT',
    path: '/api/v1/org',
    summary: 'Replace what is said about the organisation',
    ...manage,
    body: profile.required({ companyName: true }),
  },
  {
    name: 'orgDetails.get',
    method: 'GET',
    path: '/sallyport/v1/organisation',
    summary:
      'All that is said about the organisation at once: its contacts, and whether pages name whom to ask for help',
    ...read,
  },
  {
    name: 'orgContacts.list',
    method: 'GET',
    path: '/api/v1/org/contacts',
    summary: 'What the organisation has contacts for',
    ...read,
  },
  {
    name: 'orgContacts.get',
    method: 'GET',
    path: '/api/v1/org/contacts/{contactType}',
    summary: 'The contact for billing, or for technical questions',
    ...read,
  },
  {
    name: 'orgContacts.replace',
    method: 'PUT',
    path: '/api/v1/org/contacts/{contactType}',
    summary: 'Name another contact',
    ...manage,
    body: z.object({ userId: z.string().min(1).max(64) }),
  },
  {
    name: 'orgPreferences.get',
    method: 'GET',
    path: '/api/v1/org/preferences',
    summary: 'Whether pages for everybody end with whom to ask for help',
    ...read,
  },
  {
    name: 'orgPreferences.hideFooter',
    method: 'POST',
    path: '/api/v1/org/preferences/hideEndUserFooter',
    summary: 'Show on no page whom to ask for help',
    ...manage,
    body: z.unknown().optional(),
  },
  {
    name: 'orgPreferences.showFooter',
    method: 'POST',
    path: '/api/v1/org/preferences/showEndUserFooter',
    summary: 'Show at the end of pages for everybody whom to ask for help',
    ...manage,
    body: z.unknown().optional(),
  },
]);
