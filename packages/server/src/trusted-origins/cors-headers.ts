import type { Route } from '@sallyport/api/define-route';
import type { Services } from '../services.ts';
import { spellingsOf } from './spellings-of.ts';

/** What a page may read beside the body: paging, limits, the reference of a refusal, the tag of a version. */
const EXPOSED =
  'Link, ETag, Date, Retry-After, X-Okta-Request-Id, X-Rate-Limit-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset';
const ALLOWED = 'Authorization, Content-Type, Accept, If-Match, Sallyport-Proof, X-Okta-User-Agent-Extended';
/** How long a browser remembers a preflight. The request itself is judged anew each time. */
const PREFLIGHT_SECONDS = 300;

/** Is it the origin of another site that is trusted now? The store is asked each time: trust ends when it ends. */
const isTrusted = async (s: Services, origin: string): Promise<boolean> => {
  if (origin.length > 255 || origin === s.config.publicUrl.origin) return false;
  const row = await s.store.read
    .selectFrom('trustedOrigins')
    .select('scopes')
    .where('origin', 'in', spellingsOf(origin))
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst();
  return row !== undefined && (JSON.parse(row.scopes) as { type: string }[]).some(({ type }) => type === 'CORS');
};

/** What by a cookie alone may be read from another origin: the person's own, never an administrator's power. */
const takesCookies = ({ method, access }: Route): boolean => method === 'GET' && access.kind === 'person';

/**
 * The headers of an answer to a page of another origin (Fetch §3.2). Without them the browser keeps the answer from the
 * page. An administrator's routes are for pages that bring a credential of their own in `Authorization`: by the cookie of
 * whoever sits there, a hole in a trusted page would be one in this server. What changes something by cookie is refused
 * from any other origin (`http/steps/refuse-cross-site.ts`), trusted or not.
 */
export const corsHeaders = async (
  s: Services,
  route: Route,
  { origin, authorization }: { readonly origin?: string | undefined; readonly authorization?: string | undefined },
): Promise<Readonly<Record<string, string>>> => {
  if (origin === undefined) return {};
  const isOpen = authorization !== undefined || route.access.kind !== 'admin';
  if (!isOpen || !(await isTrusted(s, origin))) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': EXPOSED,
    ...(takesCookies(route) ? { 'Access-Control-Allow-Credentials': 'true' } : {}),
  };
};

/** The answer to a preflight; null where there is nothing to allow. */
export const preflightHeaders = async (
  s: Services,
  ofPath: ReadonlyMap<string, Route>,
  { origin, method }: { readonly origin?: string | undefined; readonly method?: string | undefined },
): Promise<Readonly<Record<string, string>> | null> => {
  const route = ofPath.get(method ?? '');
  if (origin === undefined || route === undefined || !(await isTrusted(s, origin))) return null;
  return {
    Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': [...ofPath.keys()].join(', '),
    'Access-Control-Allow-Headers': ALLOWED,
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    ...(takesCookies(route) ? { 'Access-Control-Allow-Credentials': 'true' } : {}),
  };
};
