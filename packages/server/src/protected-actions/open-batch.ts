import { isMutating, type Route } from '@sallyport/api/define-route';
import { routes } from '@sallyport/api/routes';
import { judgeProtectedAction } from '@sallyport/decide/protected-actions/judge-protected-action';
import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Caller, Principal } from '@sallyport/model/principal';
import { type ActionName, wordsOf } from '@sallyport/model/protected-actions';
import type { Exchange, InnerRequest } from '../http/exchange.ts';
import type { Services } from '../services.ts';
import { bodyHash, type RequestParts, requestDigest } from './action-digest.ts';
import { openProof, presentAsked } from './ask-proof.ts';
import { actionOf, askerOf, callerFacts } from './authorize-action.ts';
import { limitProofs } from './caller.ts';
import { refusedProof } from './refused-proof.ts';
import { settingForCaller } from './setting-for-caller.ts';
import { summaryOf } from './summary-of.ts';
import type { ActionTarget } from './target-of.ts';

export interface BatchRequest {
  readonly method: string;
  /** Path and query, as they will stand in the request line. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  readonly ifMatch: string;
}

/** Names in the one line of the dialog; requests in words below it, and in a refusal. All stand in what is signed. */
const NAMES_MAX = 3;
const WORDS_MAX = 20;

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

const jsonOf = (text: string, i: number): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`requests.${i}.body`, 'It is no JSON');
  }
};

type Found = Omit<InnerRequest, 'query'> & {
  readonly action: ActionName;
  readonly target: ActionTarget | null;
  readonly parts: RequestParts;
};

/** A request of a batch, as far as it is one of ours that this person may ask a proof for. */
const findRequest = async (s: Services, principal: Caller, request: BatchRequest, i: number): Promise<Found> => {
  const { method, path: target, contentType, body, ifMatch } = request;
  const [path = '', ...query] = target.split('?');
  const matched = match(method, path);
  if (matched === null) throw invalid(`requests.${i}`, 'There is no such request');
  const { access } = matched.route;
  if (access.kind === 'admin' && authorize(principal, access.permission).kind !== 'allow')
    throw new ApiError('E0000006', { detail: `batch ${matched.route.name}` });
  const read = jsonOf(body, i);
  const about = await actionOf(s, principal, { ...matched, body: read });
  if (about === null) throw invalid(`requests.${i}`, 'This request is no protected action');
  // Of others' accounts such a route is judged by its use case alone, and the words would name them.
  if (access.kind !== 'admin' && about.target?.isSelf !== true)
    throw new ApiError('E0000006', { detail: `batch ${matched.route.name} of another` });
  const hash = bodyHash(Buffer.from(body));
  const parts: RequestParts = { method, path, query: query.join('?'), contentType, bodyHash: hash, ifMatch };
  return { ...matched, ...about, parts, body: read, ifMatch };
};

const nameOf = ({ target }: Found): string => target?.name ?? target?.id ?? '…';
const wordsOfRequest = (found: Found): string => wordsOf(found.action, found.target === null ? null : nameOf(found));
const shortened = (texts: readonly string[], max: number): readonly string[] =>
  texts.length > max ? [...texts.slice(0, max), `and ${texts.length - max} more`] : texts;

/** Three names and how many more: the dialog's one line. */
const namesInLine = (all: readonly Found[]): string => {
  const names = shortened(all.map(nameOf), NAMES_MAX);
  return names.length > NAMES_MAX ? `${names.slice(0, NAMES_MAX).join(', ')} ${names.at(-1)}` : names.join(', ');
};

/** Each in words, and what they write, once where all write the same. */
const summaryOfAll = (all: readonly Found[]): string =>
  [
    shortened(all.map(wordsOfRequest), WORDS_MAX).join('\n'),
    ...shortened([...new Set(all.flatMap(({ body }) => summaryOf(body) ?? []))], WORDS_MAX),
  ].join('\n\n');

/** The refusal of a batch of which some would be refused: like that of the first, and each by its words. */
const refusedOfSome = (
  refused: readonly { readonly at: number; readonly words: string; readonly error: ApiError }[],
) => {
  const [first] = refused.map(({ error }) => error);
  const sentences = refused.map(
    ({ words, error }) => `${words}: ${(error.options.causes ?? [error.message]).join(' ')}`,
  );
  return new ApiError(first?.code ?? 'E0000001', {
    ...first?.options,
    causes: shortened(sentences, WORDS_MAX),
    extra: {
      sallyport: {
        kind: 'batch_refused',
        refused: refused.map(({ at, error }) => ({ request: at, errorCode: error.code })),
      },
    },
  });
};

/** Rehearses each, so that nobody touches a key for what would be refused. Errors: those of the requests. */
const rehearseAll = async (all: readonly Found[], rehearse: Exchange['rehearse']): Promise<void> => {
  const refused = [];
  for (const [at, found] of all.entries())
    try {
      await rehearse({ ...found, query: found.parts.query });
    } catch (error) {
      if (!(error instanceof ApiError) || all.length === 1) throw error;
      refused.push({ at, words: wordsOfRequest(found), error });
    }
  if (refused.length > 0) throw refusedOfSome(refused);
};

/**
 * `POST /sallyport/v1/proofs`: one proof for a list of requests of one action, so that a bulk command asks once. Each is
 * signed for by its own digest and passes once, and each is rehearsed before: a batch of which one would be refused is
 * refused whole, and says which. Errors: E0000001 where a request is none of ours, asks for no proof, is of another action
 * than the first, or stands there twice; those of the requests; E0000006; E0000047.
 */
export const openBatch = async (
  s: Services,
  principal: Principal,
  requests: readonly BatchRequest[],
  { isCommandLine, rehearse }: { readonly isCommandLine: boolean; readonly rehearse: Exchange['rehearse'] },
) => {
  if (principal.kind !== 'session')
    throw new ApiError('E0000006', { causes: ['A proof is asked for by a person in a session.'] });
  limitProofs(s, principal.sessionId);
  const found: Found[] = [];
  for (const [i, request] of requests.entries()) found.push(await findRequest(s, principal, request, i));
  const [first] = found;
  if (first === undefined) throw invalid('requests', 'Name at least one request');
  if (found.some(({ action }) => action !== first.action))
    throw invalid('requests', 'All requests of one proof are of one action');
  if (new Set(found.map(({ parts }) => requestDigest(parts))).size < found.length)
    throw invalid('requests', 'The same request stands there twice');
  const { setting } = await settingForCaller(s, principal, first.action);
  const asker = askerOf(await callerFacts(s, principal, setting.maxAgeMinutes), setting);
  const verdict = judgeProtectedAction({ action: first.action, setting, asker, now: s.clock.now() });
  if (verdict.kind === 'allow') return { kind: 'nothing_asked' as const };
  await rehearseAll(found, rehearse);
  if (verdict.kind !== 'proof') throw refusedProof(verdict.reasons[0] ?? 'no-key-qualifies');
  const target = first.target === null ? null : { ...first.target, name: namesInLine(found) };
  const summary = summaryOfAll(found);
  const row = await openProof(
    s,
    principal,
    found.map(({ route, params, parts }) => ({ route, params, parts, summary, isCommandLine })),
    { action: first.action, target, setting, verdict },
  );
  return presentAsked(s, row);
};
