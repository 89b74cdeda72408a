/** What a real browser lets a page of another origin do here: of a trusted one, and of any other. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;
let site: Server;
let origin = '';
let secret = '';
beforeAll(async () => {
  console_ = await openConsole();
  site = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<h1>Another site</h1>'));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  // Another port is another origin of the same site: the browser sends the cookie along, if it may.
  origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  const made = await console_.admin.call('POST', '/api/v1/api-tokens', {
    name: 'page',
    purpose: 'test',
    network: { connection: 'ANYWHERE' },
  });
  secret = String(made.body['token']);
});
afterAll(async () => {
  await new Promise((resolve) => site.close(resolve));
  await console_.stop();
});

/** What the page gets to know of an answer; the name of the error where the browser keeps it. */
const ask = (path: string, init: Record<string, unknown> = {}): Promise<unknown> =>
  console_.page.evaluate(
    ([url, options]) =>
      fetch(url as string, options as RequestInit).then(
        (answer) => answer.status,
        (error: Error) => error.name,
      ),
    [console_.server.url + path, init],
  );
const byToken = (method = 'GET', body?: string) => ({
  method,
  headers: { Authorization: `SSWS ${secret}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
  ...(body === undefined ? {} : { body }),
});
const withCookie = { credentials: 'include' };

it('of any other it reads nothing; of a trusted one what its own credential may, and of the person only their own', async () => {
  const { page, admin } = console_;
  await page.goto(origin);
  for (const [path, init] of [
    ['/api/v1/users?limit=1', byToken()],
    ['/api/v1/users/me', withCookie],
  ] as const)
    expect(await ask(path, init), path).toBe('TypeError');

  const made = await admin.call('POST', '/api/v1/trustedOrigins', { name: 'site', origin, scopes: [{ type: 'CORS' }] });
  expect(made.status, made.text).toBe(200);
  // A preflight, for the header and for what changes something.
  expect(await ask('/api/v1/users?limit=1', byToken())).toBe(200);
  expect(await ask('/api/v1/groups', byToken('POST', '{"profile":{"name":"by page"}}'))).toBe(200);
  expect(await ask('/api/v1/users/nobody', byToken())).toBe(404);
  expect(await ask('/api/v1/users/me', withCookie)).toBe(200);
  for (const path of ['/api/v1/users?limit=1', '/api/v1/logs', '/api/v1/trustedOrigins'])
    expect(await ask(path, withCookie), path).toBe('TypeError');
  const unsafe = {
    ...withCookie,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"profile":{"name":"forged"}}',
  };
  expect(await ask('/api/v1/groups', unsafe)).toBe('TypeError');
  expect(await ask('/api/v1/sessions/me', { ...withCookie, method: 'DELETE' })).toBe('TypeError');
  expect((await admin.get('/api/v1/groups?q=forged')).body).toEqual([]);
  expect((await admin.get('/api/v1/sessions/me')).status).toBe(200);

  expect((await admin.call('DELETE', `/api/v1/trustedOrigins/${String(made.body['id'])}`)).status).toBe(204);
  expect(await ask('/api/v1/users?limit=1', byToken())).toBe('TypeError');
});
