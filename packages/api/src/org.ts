import { defineRoutes } from './define-route.ts';

export const orgRoutes = defineRoutes([
  {
    name: 'org.get',
    method: 'GET',
    path: '/api/v1/org',
    summary: 'The organisation: its id, which stands in the names of resources, and what it is called',
    access: { kind: 'person', why: 'whoever is signed in sees in whose house they are' },
    rateClass: 'self',
  },
]);
