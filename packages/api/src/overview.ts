import { defineRoutes } from './define-route.ts';

export const overviewRoutes = defineRoutes([
  {
    name: 'overview.get',
    method: 'GET',
    path: '/sallyport/v1/overview',
    summary: 'Who is admin right now, and what is wrong now',
    access: { kind: 'person', why: 'each part is shown by its own permission; without an admin role there is none' },
    rateClass: 'management',
  },
]);
