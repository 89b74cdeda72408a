import type { Services } from '../services.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { GatewayApp } from './gateway-app.ts';
import type { AppDoor } from './live-app-sessions.ts';
import type { RequestHead } from './request-head.ts';
import { safeReturnTarget } from './return-target.ts';

/** Is there a person at a page who can be sent elsewhere? A form that was filled in is not: it would be lost. */
const isNavigation = (headers: RequestHead['headers']): boolean => {
  const method = headers['x-original-method'];
  if (method !== 'GET' && method !== 'HEAD') return false;
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return headers['x-requested-with'] === undefined && String(headers.accept ?? '').includes('text/html');
};

/** Where a person begins to sign in for an app, so that they come back to where they are. */
export const startAddress = (app: Pick<GatewayApp, 'origin'>, uri: string): string =>
  `${app.origin}/.sallyport/start?rd=${encodeURIComponent(safeReturnTarget(uri, app.origin))}`;

/** `<reason>.<reference>`, as the check gave it to the proxy. */
const REFERENCE = /^([a-z-]{1,40})\.(gw-[A-Za-z0-9]{20})$/;

/**
 * `/gateway/nginx/401` and `/403`, where nginx sends what the check refused: a person at a page is led to sign in, or to
 * read why not, and a program gets the bare status. Nothing is let through here, whoever asks. False for another path.
 */
export const explainRefusal = (
  s: Services,
  path: string,
  door: AppDoor | undefined,
  { headers }: RequestHead,
  answer: GatewayAnswer,
): boolean => {
  if (path !== '/401' && path !== '/403') return false;
  const lead = (location: string): void => {
    answer.bare(303, { location });
  };
  if (path === '/401') {
    const uri = headers['x-original-uri'];
    if (door !== undefined && isNavigation(headers)) lead(startAddress(door.app, typeof uri === 'string' ? uri : '/'));
    else answer.bare(401);
    return true;
  }
  const [, reason, reference] = REFERENCE.exec(String(headers['sallyport-reference'] ?? '')) ?? [];
  // Without one the proxy refused by a rule of its own.
  if (reason === undefined || reference === undefined) answer.bare(403);
  else if (!isNavigation(headers)) answer.bare(403, { 'sallyport-reference': reference });
  else {
    const query = new URLSearchParams({ reason, reference, ...(door === undefined ? {} : { app: door.app.id }) });
    lead(`${s.config.publicUrl.origin}/denied?${query}`);
  }
  return true;
};
