import { isMutating, type Route } from '@sallyport/api/define-route';
import { routes } from '@sallyport/api/routes';
import { judgeProtectedAction } from '@sallyport/decide/protected-actions/judge-protected-action';
import { settingOf } from '@sallyport/decide/protected-actions/setting-of';
import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { type RequestParts, requestDigest } from './action-digest.ts';
import { openProof, presentAsked } from './ask-proof.ts';
import { actionOf, askerOf, callerFacts } from './authorize-action.ts';
import { refusedProof } from './refused-proof.ts';

export interface BatchRequest {
  readonly method: string;
  /** Path and query, as they will stand in the request line. */
  readonly path: string;
  readonly contentType: string;
  readonly bodyHash: string;
  readonly ifMatch: string;
}

const MUTATING: readonly { readonly route: Route; readonly pattern: RegExp }[] = routes
  .filter(isMutating)
  .map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  }));

/** A place as the router reads it; what is no text of a URL is no id of anything. */
const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

const match = (method: string, path: string): { route: Route; params: Readonly<Record<string, string>> } | null => {
  for (const { route, pattern } of MUTATING) {
    const found = route.method === method ? pattern.exec(path) : null;
    if (found !== null)
      return {
        route,
        params: Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, decoded(value)])),
      };
  }
  return null;
};

/**
 * `POST /sallyport/v1/proofs`: one proof for a list of requests of one action, so that a bulk command asks once. Each is
 * signed for by its own digest and passes once. Errors: E0000001 where a request is none of ours, asks for no proof, is of
 * another action than the first, or stands there twice; E0000006; E0000047.
 */
export const openBatch = async (
  s: Services,
  principal: Principal,
  requests: readonly BatchRequest[],
  isCommandLine: boolean,
) => {
  if (principal.kind !== 'session')
    throw new ApiError('E0000006', { causes: ['A proof is asked for by a person in a session.'] });
  const found = [];
  for (const [i, { method, path: target, contentType, bodyHash, ifMatch }] of requests.entries()) {
    const [path = '', ...query] = target.split('?');
    const matched = match(method, path);
    if (matched === null) throw invalid(`requests.${i}`, 'There is no such request');
    const { access } = matched.route;
    if (access.kind === 'admin' && authorize(principal, access.permission).kind !== 'allow')
      throw new ApiError('E0000006', { detail: `batch ${matched.route.name}` });
    const about = await actionOf(s, principal, matched);
    if (about === null) throw invalid(`requests.${i}`, 'This request is no protected action');
    // Of others' accounts such a route is judged by its use case, which nobody asks here: the words would name them.
    if (access.kind !== 'admin' && about.target?.isSelf !== true)
      throw new ApiError('E0000006', { detail: `batch ${matched.route.name} of another` });
    const parts: RequestParts = { method, path, query: query.join('?'), contentType, bodyHash, ifMatch };
    found.push({ ...matched, ...about, parts });
  }
  const [first] = found;
  if (first === undefined) throw invalid('requests', 'Name at least one request');
  if (found.some(({ action }) => action !== first.action))
    throw invalid('requests', 'All requests of one proof are of one action');
  if (new Set(found.map(({ parts }) => requestDigest(parts))).size < found.length)
    throw invalid('requests', 'The same request stands there twice');
  const setting = settingOf(await s.settings.read(s.store.read, 'protectedActions'), first.action);
  const asker = askerOf(await callerFacts(s, principal, setting.maxAgeMinutes), setting);
  const verdict = judgeProtectedAction({ action: first.action, setting, asker, now: s.clock.now() });
  if (verdict.kind === 'allow') return { kind: 'nothing_asked' as const };
  if (verdict.kind !== 'proof') throw refusedProof(verdict.reasons[0] ?? 'no-key-qualifies');
  const names = found.map(({ target }) => target?.name ?? target?.id ?? '…');
  const shown =
    names.length === 1
      ? names[0]
      : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const target = first.target === null ? null : { ...first.target, name: shown ?? null };
  const row = await openProof(
    s,
    principal,
    found.map(({ route, params, parts }) => ({
      route,
      params,
      parts,
      summary: names.join('\n'),
      isCommandLine,
    })),
    { action: first.action, target, setting, verdict },
  );
  return presentAsked(s, row);
};
