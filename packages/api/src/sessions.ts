import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const own = { kind: 'person', why: 'the session of the caller' } as const;

export const sessionRoutes = defineRoutes([
  { name: 'sessions.create', method: 'POST', path: '/api/v1/sessions', summary: 'Exchange a session token for a session and its cookie', access: { kind: 'anonymous' }, rateClass: 'sign-in', body: z.object({ sessionToken: z.string().min(1).max(200) }), protection: { none: 'the token was earned by the proof of this very sign-in' }, events: ['user.session.start', 'user.session.access_admin_app', 'policy.evaluate_sign_on'] },
  { name: 'sessions.me', method: 'GET', path: '/api/v1/sessions/me', summary: 'The session of the caller', access: own, rateClass: 'self' },
  { name: 'sessions.endMe', method: 'DELETE', path: '/api/v1/sessions/me', summary: 'Sign out', access: own, rateClass: 'self', status: 204, protection: { none: 'giving up power needs no proof' }, events: ['user.session.end'] },
  { name: 'sessions.refreshMe', method: 'POST', path: '/api/v1/sessions/me/lifecycle/refresh', summary: 'Count as activity', access: own, rateClass: 'self', protection: { none: 'it moves the idle clock of the caller only' }, events: ['user.session.start'] },
  { name: 'sessions.get', method: 'GET', path: '/api/v1/sessions/{sessionId}', summary: 'A session', access: { kind: 'admin', permission: 'okta.sessions.read' }, rateClass: 'management' },
  { name: 'sessions.end', method: 'DELETE', path: '/api/v1/sessions/{sessionId}', summary: 'End a session', access: { kind: 'admin', permission: 'okta.sessions.manage' }, rateClass: 'management', status: 204, protection: { none: 'ending power must never wait' }, events: ['user.session.end'] },
  { name: 'sessions.refresh', method: 'POST', path: '/api/v1/sessions/{sessionId}/lifecycle/refresh', summary: 'Extend a session by its idle time', access: { kind: 'admin', permission: 'okta.sessions.manage' }, rateClass: 'management', protection: { none: 'bounded by the session’s own lifetime' }, events: ['user.session.start'] },
  { name: 'sessions.clearUser', method: 'DELETE', path: '/api/v1/users/{userId}/sessions', summary: 'End all sessions of a user', access: { kind: 'admin', permission: 'okta.users.lifecycle.clearSessions' }, rateClass: 'management', status: 204, query: z.object({ oauthTokens: z.string().optional(), forgetDevices: z.string().optional() }), protection: { none: 'ending power must never wait' }, events: ['user.session.clear', 'user.session.end'] },
  { name: 'mySessions.list', method: 'GET', path: '/sallyport/v1/me/sessions', summary: 'Own sessions, and how the last one ended', access: own, rateClass: 'self' },
  { name: 'mySessions.end', method: 'DELETE', path: '/sallyport/v1/me/sessions/{sessionId}', summary: 'End one of one’s own sessions', access: own, rateClass: 'self', status: 204, protection: { none: 'giving up power needs no proof' }, events: ['user.session.end'] },
  { name: 'mySessions.endOthers', method: 'POST', path: '/sallyport/v1/me/sessions/revoke-others', summary: 'End all other sessions of one’s own', access: own, rateClass: 'self', protection: { none: 'giving up power needs no proof' }, events: ['user.session.clear'] },
  { name: 'mySessions.acknowledge', method: 'POST', path: '/sallyport/v1/me/sessions/{sessionId}/acknowledge', summary: 'Say whether it was oneself whose session was ended', access: own, rateClass: 'self', body: z.object({ answer: z.enum(['me', 'not-me']) }), protection: { none: 'it can only end sessions' }, events: ['sallyport.session.acknowledge', 'user.account.report_suspicious_activity_by_enduser'] },
  { name: 'mySessions.events', method: 'GET', path: '/sallyport/v1/me/events', summary: 'A stream that closes when the session does (text/event-stream)', access: own, rateClass: 'self' },
  { name: 'myKeys.list', method: 'GET', path: '/sallyport/v1/me/keys', summary: 'Own keys', access: own, rateClass: 'self' },
]);
