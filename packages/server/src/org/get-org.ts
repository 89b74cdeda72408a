import { toIso } from '@sallyport/model/instant';
import type { Services } from '../services.ts';

/** `GET /api/v1/org`. */
export const getOrg = async (s: Services) => {
  const org = await s.store.read.selectFrom('org').selectAll().executeTakeFirstOrThrow();
  const { origin, hostname } = s.config.publicUrl;
  return {
    id: org.id,
    companyName: org.name,
    subdomain: hostname.split('.')[0] ?? hostname,
    status: 'ACTIVE',
    created: toIso(org.createdAt),
    lastUpdated: toIso(org.createdAt),
    expiresAt: null,
    address1: null,
    address2: null,
    city: null,
    country: null,
    state: null,
    postalCode: null,
    phoneNumber: null,
    website: null,
    supportPhoneNumber: null,
    endUserSupportHelpURL: null,
    _links: { self: { href: `${origin}/api/v1/org`, hints: { allow: ['GET'] } } },
  };
};
