import { cliAuthorization } from '@sallyport/api/cli-sessions';
import { renderBadCliPage, renderCliPage } from '@sallyport/console/pages/cli';
import type { PageOrg } from '@sallyport/console/ui/frame';
import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { handableSession } from '../cli-sessions/give-cli-code.ts';
import type { Exchange } from '../http/exchange.ts';
import { networkName } from '../sessions/describe-session.ts';

/** The page `/cli`: a request that is not wholly ours shows no button. */
export const cliPage = async (nonce: string, org: PageOrg, exchange: Exchange): Promise<string> => {
  const { services: s, principal, request, reply } = exchange;
  const query = request.query as Readonly<Record<string, unknown>>;
  const asked = cliAuthorization.safeParse({
    redirectUri: query['redirect_uri'],
    state: query['state'],
    codeChallenge: query['code_challenge'],
    codeChallengeMethod: query['code_challenge_method'],
  });
  if (!asked.success) {
    reply.code(400);
    return renderBadCliPage({ nonce, org });
  }
  const session = await handableSession(s, principal);
  const user = await s.store.read
    .selectFrom('users')
    .select('login')
    .where('id', '=', session.userId)
    .executeTakeFirstOrThrow();
  const deadlines = s.sessions.deadlinesOf(session.id);
  if (deadlines === null) throw new ApiError('E0000011');
  const { endsAt, idleEndsAt } = deadlines;
  const { client, network } = principal.request;
  const { state, redirectUri } = asked.data;
  return renderCliPage({
    nonce,
    org,
    request: {
      login: user.login,
      letters: `${state.slice(0, 4)}-${state.slice(4, 8)}`,
      address: client.kind === 'known' ? client.address.text : 'an unknown address',
      network: networkName(network),
      returnsTo: new URL(redirectUri).host,
      endsAt: `${toIso(endsAt).slice(0, 16).replace('T', ' ')} UTC`,
      idleMinutes: Math.round((idleEndsAt - (s.sessions.lastActivityAt(session.id) ?? s.clock.now())) / 60_000),
      hasConsole: principal.kind === 'session' && principal.hasConsole,
    },
  });
};
