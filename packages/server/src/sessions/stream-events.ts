import { firstEndOf, grantsOf } from '@sallyport/decide/grants/standing-part';
import { paceHints } from '../hints/pace-hints.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { inSession } from './get-session.ts';

/** How often a quiet stream looks at the clock: idle, lifetime and lost rights end it at most this late. */
const LOOK_SECONDS = 1;
const KEEP_ALIVE_SECONDS = 15;

/**
 * `GET /sallyport/v1/me/events`: server-sent events that end when the session does: at once on revocation, within a
 * second on idle and lifetime. It ends, too, when what the person holds for a while does: who listens asks anew and has the
 * rights of then. Between, it hints at what changed of what the person may read, so that a page reads it anew; a hint names
 * it, and says nothing of it. The stream itself is never activity, and neither is a hint.
 */
export const streamEvents = async ({ services: s, principal: caller, reply, request }: Exchange): Promise<Answer> => {
  const principal = inSession(caller);
  const id = principal.sessionId;
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    Connection: 'keep-alive',
  });
  raw.write('event: open\ndata: {}\n\n');
  const hints = paceHints((text) => !raw.writableEnded && raw.write(text));
  let sinceKeepAlive = 0;
  const grants = grantsOf(principal);
  const rightsEndAt = firstEndOf(principal) ?? Number.POSITIVE_INFINITY;
  const close = (reason: string): void => {
    clearInterval(timer);
    unsubscribe();
    stopListening();
    if (!raw.writableEnded) raw.end(`event: ended\ndata: ${JSON.stringify({ reason })}\n\n`);
  };
  const unsubscribe = s.bus.subscribe((revocation) => {
    const isMine =
      (revocation.kind === 'session' && revocation.id === id) ||
      (revocation.kind === 'user' && revocation.id === principal.userId) ||
      (revocation.kind === 'grant' && grants.includes(revocation.id));
    if (isMine) close(revocation.reason);
  });
  const stopListening = s.hints.listen({ principal, tell: (hint) => hints.hear(hint) });
  const timer = setInterval(() => {
    if (!s.sessions.isLive(id)) {
      clearInterval(timer);
      // Time ended it. Writing that down publishes the reason, which closes the stream; if it cannot be written down,
      // the stream ends all the same.
      const end = (): void => close('ended');
      return void s.sessions.settle(id).then(end, end);
    }
    if (s.clock.now() >= rightsEndAt) return close('grant-ended');
    // A network that was blocked since: an open stream is a door, too.
    if (s.zones.blockingZone(principal.request.client) !== null) return close('network-blocked');
    hints.look(!raw.writableNeedDrain);
    sinceKeepAlive += LOOK_SECONDS;
    if (sinceKeepAlive >= KEEP_ALIVE_SECONDS) {
      sinceKeepAlive = 0;
      raw.write(': still here\n\n');
    }
  }, LOOK_SECONDS * 1000);
  request.raw.on('close', () => close('closed'));
  return {};
};
