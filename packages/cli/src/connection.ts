import { usageError } from './cli-error.ts';
import { type Profile, profilesFile, readProfiles } from './profiles.ts';

const DEFAULT_URL = 'http://localhost:7070';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Which server, with which credential, and where each was said. */
export interface Connection {
  readonly origin: string;
  readonly originFrom: 'flag' | 'environment' | 'profile' | 'default';
  readonly token: string | null;
  readonly tokenFrom: 'environment' | 'profile' | null;
  readonly profile: Profile | null;
}

/** The origin of a URL that a token may be sent to: https, or this very machine. */
export const originOf = (text: string, from: string): string => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw usageError(`${from}: ${JSON.stringify(text)} is no URL`, 'like https://sallyport.example.org');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/')
    throw usageError(`${from}: give scheme, host and port only`, url.origin);
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname))
    throw usageError(`${from}: plain http would show the token to the network`, `https://${url.host}`);
  return url.origin;
};

/** Flag over environment over profile. The profile's token goes to the profile's server only. */
export const resolveConnection = (flagUrl: string | undefined, env: NodeJS.ProcessEnv): Connection => {
  const profiles = readProfiles(profilesFile(env));
  const [origin, originFrom]: readonly [string, Connection['originFrom']] =
    flagUrl !== undefined
      ? [originOf(flagUrl, '--url'), 'flag']
      : env['SALLYPORT_URL']
        ? [originOf(env['SALLYPORT_URL'], 'SALLYPORT_URL'), 'environment']
        : profiles.current !== null
          ? [profiles.current, 'profile']
          : [DEFAULT_URL, 'default'];
  const profile = profiles.servers[origin] ?? null;
  const given = env['SALLYPORT_TOKEN'];
  return {
    origin,
    originFrom,
    profile,
    ...(given
      ? { token: given, tokenFrom: 'environment' }
      : profile === null
        ? { token: null, tokenFrom: null }
        : { token: profile.token, tokenFrom: 'profile' }),
  };
};

/** How a token is presented: the command line's own kind as a session, any other as an API token. */
export const credentialOf = (token: string): { readonly scheme: 'SSWS' | 'Bearer'; readonly secret: string } => {
  if (!/^[\x21-\x7e]+$/.test(token)) throw usageError('SALLYPORT_TOKEN: is no token');
  return { scheme: token.startsWith('sp_cli_') ? 'Bearer' : 'SSWS', secret: token };
};
