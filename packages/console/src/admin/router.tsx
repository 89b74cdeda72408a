import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { NotFound } from './screens/not-found/not-found.tsx';
import { parseSearch, stringifySearch } from './search-params.ts';
import { Crashed } from './ui/crashed.tsx';

const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NotFound });

/** One row a screen; each is loaded when it is first opened. The paths are those of `screens.ts`. */
const routeTree = rootRoute.addChildren([
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./screens/overview/overview.tsx'), 'Overview'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/me/keys',
    component: lazyRouteComponent(() => import('./screens/keys/my-keys.tsx'), 'MyKeys'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/me/access',
    component: lazyRouteComponent(() => import('./screens/my-access/my-access.tsx'), 'MyAccess'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/me/notices',
    component: lazyRouteComponent(() => import('./screens/notices/my-notices.tsx'), 'MyNotices'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/admins',
    component: lazyRouteComponent(() => import('./screens/admins/admins.tsx'), 'Admins'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/admins/$id',
    component: lazyRouteComponent(() => import('./screens/admins/admin.tsx'), 'AdminScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/ways-in',
    component: lazyRouteComponent(() => import('./screens/admins/ways-in.tsx'), 'WaysIn'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/break-glass',
    component: lazyRouteComponent(() => import('./screens/break-glass/break-glass.tsx'), 'BreakGlass'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/break-glass/$id',
    component: lazyRouteComponent(() => import('./screens/break-glass/account.tsx'), 'BreakGlassAccount'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people',
    component: lazyRouteComponent(() => import('./screens/people/people.tsx'), 'People'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/$id',
    component: lazyRouteComponent(() => import('./screens/people/person.tsx'), 'PersonScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/groups',
    component: lazyRouteComponent(() => import('./screens/groups/groups.tsx'), 'Groups'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/groups/$id',
    component: lazyRouteComponent(() => import('./screens/groups/group.tsx'), 'GroupScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/group-rules',
    component: lazyRouteComponent(() => import('./screens/group-rules/group-rules.tsx'), 'GroupRules'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/import-people',
    component: lazyRouteComponent(() => import('./screens/import-people/import-people.tsx'), 'ImportPeople'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/profile-attributes',
    component: lazyRouteComponent(
      () => import('./screens/profile-attributes/profile-attributes.tsx'),
      'ProfileAttributes',
    ),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/roles',
    component: lazyRouteComponent(() => import('./screens/roles/roles.tsx'), 'Roles'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/roles/$id',
    component: lazyRouteComponent(() => import('./screens/roles/role.tsx'), 'RoleScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/resource-sets',
    component: lazyRouteComponent(() => import('./screens/resource-sets/resource-sets.tsx'), 'ResourceSets'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/resource-sets/$id',
    component: lazyRouteComponent(() => import('./screens/resource-sets/resource-set.tsx'), 'ResourceSetScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/access',
    component: lazyRouteComponent(() => import('./screens/access/access.tsx'), 'Access'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/requests',
    component: lazyRouteComponent(() => import('./screens/requests/requests.tsx'), 'Requests'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/requests/$id',
    component: lazyRouteComponent(() => import('./screens/requests/request.tsx'), 'RequestScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/request-conditions',
    component: lazyRouteComponent(
      () => import('./screens/request-conditions/request-conditions.tsx'),
      'RequestConditions',
    ),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/request-sequences',
    component: lazyRouteComponent(
      () => import('./screens/request-sequences/request-sequences.tsx'),
      'RequestSequences',
    ),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./screens/webhooks/webhooks.tsx'), 'Webhooks'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/bundles',
    component: lazyRouteComponent(() => import('./screens/bundles/bundles.tsx'), 'Bundles'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/grants',
    component: lazyRouteComponent(() => import('./screens/grants/grants.tsx'), 'Grants'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/approvals',
    component: lazyRouteComponent(() => import('./screens/approvals/approvals.tsx'), 'Approvals'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/approvals/$id',
    component: lazyRouteComponent(() => import('./screens/approvals/approval.tsx'), 'ApprovalScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/reviews',
    component: lazyRouteComponent(() => import('./screens/reviews/reviews.tsx'), 'Reviews'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/reviews/$id',
    component: lazyRouteComponent(() => import('./screens/reviews/review.tsx'), 'ReviewScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/tokens',
    component: lazyRouteComponent(() => import('./screens/tokens/tokens.tsx'), 'Tokens'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sessions',
    component: lazyRouteComponent(() => import('./screens/sessions/sessions.tsx'), 'Sessions'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sessions/$id',
    component: lazyRouteComponent(() => import('./screens/sessions/session-detail.tsx'), 'SessionDetailScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/apps',
    component: lazyRouteComponent(() => import('./screens/apps/apps.tsx'), 'Apps'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/apps/$id',
    component: lazyRouteComponent(() => import('./screens/apps/app.tsx'), 'AppScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/zones',
    component: lazyRouteComponent(() => import('./screens/zones/zones.tsx'), 'Zones'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/zones/$id',
    component: lazyRouteComponent(() => import('./screens/zones/zone.tsx'), 'ZoneScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/trusted-origins',
    component: lazyRouteComponent(() => import('./screens/trusted-origins/trusted-origins.tsx'), 'TrustedOrigins'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/ip-test',
    component: lazyRouteComponent(() => import('./screens/zones/ip-test.tsx'), 'IpTest'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/policies',
    component: lazyRouteComponent(() => import('./screens/policies/policies.tsx'), 'Policies'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/policies/$id',
    component: lazyRouteComponent(() => import('./screens/policies/policy.tsx'), 'PolicyScreen'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/authenticators',
    component: lazyRouteComponent(() => import('./screens/authenticators/authenticators.tsx'), 'Authenticators'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/protected-actions',
    component: lazyRouteComponent(
      () => import('./screens/protected-actions/protected-actions.tsx'),
      'ProtectedActionsScreen',
    ),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/setup/continue',
    component: lazyRouteComponent(() => import('./screens/setup/setup.tsx'), 'Setup'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/settings/session-protection',
    component: lazyRouteComponent(
      () => import('./screens/session-protection/session-protection.tsx'),
      'SessionProtection',
    ),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/settings/organisation',
    component: lazyRouteComponent(() => import('./screens/organisation/organisation.tsx'), 'Organisation'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/log',
    component: lazyRouteComponent(() => import('./screens/log/log.tsx'), 'Log'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/log/$uuid',
    component: lazyRouteComponent(() => import('./screens/log/event-page.tsx'), 'EventPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/what-if',
    component: lazyRouteComponent(() => import('./screens/what-if/what-if.tsx'), 'WhatIf'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/api-explorer',
    component: lazyRouteComponent(() => import('./screens/api-explorer/api-explorer.tsx'), 'ApiExplorer'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/gallery',
    component: lazyRouteComponent(() => import('./screens/gallery/gallery.tsx'), 'Gallery'),
  }),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Crashed,
  defaultPreload: false,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
