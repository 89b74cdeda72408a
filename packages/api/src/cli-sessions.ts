import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const PORT_MAX = 65_535;
/** RFC 8252 §7.3: the loopback interface, any port, and one path. Nothing else may ever receive a code. */
const redirectUri = z
  .string()
  .regex(/^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost):[1-9]\d{3,4}\/callback$/)
  .refine((uri) => Number(uri.split(':').at(-1)?.split('/')[0]) <= PORT_MAX, 'is not a port');
/** 43 characters of base64url: SHA-256 as challenge, 32 random bytes as verifier (RFC 7636 §4). */
const pkce = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/**
 * The first eight letters are what the terminal and the page both show (the alphabet of RFC 8628 §6.1: no vowels, no
 * digits); the rest keeps foreign answers away from the listener.
 */
const state = z.string().regex(/^[BCDFGHJKLMNPQRSTVWXZ]{8}[A-Za-z0-9_-]{22,86}$/);

/** What a command line asks a browser for. The page `/cli` reads it from its address, the route from its body. */
export const cliAuthorization = z.strictObject({
  redirectUri,
  state,
  codeChallenge: pkce,
  codeChallengeMethod: z.literal('S256'),
});

export const cliSessionRoutes = defineRoutes([
  {
    name: 'cliSessions.authorize',
    method: 'POST',
    path: '/sallyport/v1/cli/authorizations',
    summary: 'Give a one-time code for a command-line session',
    access: { kind: 'person', why: 'the session of the browser hands on its own power' },
    rateClass: 'self',
    body: cliAuthorization,
    protection: { none: 'what the code opens has no more power than this session, and ends with it' },
    events: ['app.oauth2.authorize.code'],
  },
  {
    name: 'cliSessions.open',
    method: 'POST',
    path: '/sallyport/v1/cli/sessions',
    summary: 'Exchange the code for a command-line session',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.strictObject({ code: z.string().min(20).max(100), codeVerifier: pkce, redirectUri }),
    protection: { none: 'the code was given by a live session, to whoever holds the verifier' },
    events: ['user.session.start', 'user.session.access_admin_app', 'policy.evaluate_sign_on'],
  },
]);
