import type { Services } from '../services.ts';

/**
 * `GET /api/v1/iam/governance/optIn`: bundles of admin roles are there from the first day, for whoever makes one. There is
 * nothing to switch on or off, and so no POST.
 */
export const optInStatus = (s: Services) => ({
  optInStatus: 'OPTED_IN' as const,
  _links: { optInStatus: { href: `${s.config.publicUrl.origin}/api/v1/iam/governance/optIn` } },
});
