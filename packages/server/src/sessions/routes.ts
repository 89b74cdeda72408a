import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { clearSessionCookie, setSessionCookie } from '../http/session-cookie.ts';
import { createSession } from './create-session.ts';
import {
  assertMayOnSession,
  clearUserSessions,
  getSession,
  ownSessionId,
  refreshSession,
  revokeSession,
} from './get-session.ts';
import { type ListSessions, listSessions } from './list-sessions.ts';
import { acknowledgeEnded, endMyOtherSessions, endMySession, listMyKeys, listMySessions } from './my-sessions.ts';
import { proveSession } from './prove-session.ts';
import { registerSessionKey } from './register-session-key.ts';
import { sessionDetail } from './session-detail.ts';
import { streamEvents } from './stream-events.ts';

const sessionId = (params: Readonly<Record<string, string>>): string => params['sessionId'] ?? '';

export const sessionHandlers = {
  'sessions.create': async ({ services, principal, body }) => {
    const { sid, session } = await createSession(services, principal, body as { sessionToken: string });
    return { body: session, cookies: [setSessionCookie(services.config, sid)] };
  },
  'sessions.me': async ({ services, principal }) => ({ body: await getSession(services, ownSessionId(principal)) }),
  'sessions.refreshMe': async ({ services, principal }) => ({
    body: await refreshSession(services, ownSessionId(principal)),
  }),
  'sessions.endMe': async ({ services, principal }) => {
    await revokeSession(services, principal, ownSessionId(principal), 'signed-out');
    return { cookies: [clearSessionCookie(services.config)] };
  },
  'sessions.get': async ({ services, principal, params }) => {
    await assertMayOnSession(services, principal, 'okta.sessions.read', sessionId(params));
    return { body: await getSession(services, sessionId(params)) };
  },
  'sessions.refresh': async ({ services, principal, params }) => {
    await assertMayOnSession(services, principal, 'okta.sessions.manage', sessionId(params));
    return { body: await refreshSession(services, sessionId(params)) };
  },
  'sessions.end': async ({ services, principal, params }) => {
    await assertMayOnSession(services, principal, 'okta.sessions.manage', sessionId(params));
    await revokeSession(services, principal, sessionId(params), 'revoked-by-admin');
    return {};
  },
  'sessions.clearUser': async ({ services, principal, params }) => {
    await clearUserSessions(services, principal, params['userId'] ?? '');
    return {};
  },
  'allSessions.list': async ({ services, principal, query }) => {
    const currentId = principal.kind === 'session' ? principal.sessionId : null;
    const { sessions, after } = await listSessions(services, principal, query as ListSessions, currentId);
    return {
      body: sessions,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/sessions', query, after),
    };
  },
  'allSessions.get': async ({ services, principal, params }) => ({
    body: await sessionDetail(services, principal, sessionId(params)),
  }),
  'mySessions.list': async ({ services, principal }) => ({ body: await listMySessions(services, principal) }),
  'mySessions.end': async ({ services, principal, params }) => {
    const id = sessionId(params);
    await endMySession(services, principal, id);
    const isOwn = principal.kind === 'session' && principal.sessionId === id;
    return isOwn ? { cookies: [clearSessionCookie(services.config)] } : {};
  },
  'mySessions.endOthers': async ({ services, principal }) => ({ body: await endMyOtherSessions(services, principal) }),
  'mySessions.acknowledge': async ({ services, principal, params, body }) => {
    const { answer } = body as { answer: 'me' | 'not-me' };
    const result = await acknowledgeEnded(services, principal, sessionId(params), answer);
    return { body: result, cookies: answer === 'not-me' ? [clearSessionCookie(services.config)] : [] };
  },
  'mySessions.registerKey': async ({ services, principal, body }) => ({
    body: await registerSessionKey(services, principal, body as { publicKey: string }),
  }),
  'mySessions.prove': async ({ services, principal, proofAsked, body }) => ({
    body: await proveSession(services, principal, proofAsked ?? null, body as { challenge: string; signature: string }),
  }),
  'mySessions.events': streamEvents,
  'myKeys.list': async ({ services, principal }) => ({ body: await listMyKeys(services, principal) }),
} satisfies Record<string, Handler>;
