import { defineRoutes } from './define-route.ts';

export const meRoutes = defineRoutes([
  {
    name: 'me.get',
    method: 'GET',
    path: '/sallyport/v1/me',
    summary: 'Who the caller is, what they may do, and what everybody must know now',
    access: { kind: 'person', why: 'their own record' },
    rateClass: 'self',
  },
]);
