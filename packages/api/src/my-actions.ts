import { defineRoutes } from './define-route.ts';

const own = { kind: 'person', why: 'what the caller themselves did' } as const;

export const myActionRoutes = defineRoutes([
  {
    name: 'myActions.list',
    method: 'GET',
    path: '/sallyport/v1/me/actions',
    summary: 'Protected actions that were done with the caller’s account lately',
    access: own,
    rateClass: 'self',
  },
  {
    name: 'myActions.get',
    method: 'GET',
    path: '/sallyport/v1/me/actions/{eventId}',
    summary: 'One of them, which a notice by mail leads to',
    access: own,
    rateClass: 'self',
  },
  {
    name: 'myActions.notMe',
    method: 'POST',
    path: '/sallyport/v1/me/actions/{eventId}/not-me',
    summary: 'That wasn’t me: ends every session of the caller, and tells the other super admins',
    access: own,
    rateClass: 'self',
    protection: { none: 'giving up power needs no proof' },
    events: ['user.account.report_suspicious_activity_by_enduser'],
  },
]);
