import { existsSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { Person } from '../test/harness/person.ts';

/** What a theft begins with: a session of somebody who has just signed in, and the address they did it from. */
export interface StolenCookie {
  readonly login: string;
  readonly address: string;
  readonly cookie: string;
}

/**
 * The demo keeps the keys of its people in its own memory. The scripts of the attack lab ask here for somebody to sign
 * in; the socket is in the data folder, for the user who runs the demo alone.
 */
export const openAttackSocket = (path: string, people: ReadonlyMap<string, Person>): Promise<Server> => {
  if (existsSync(path)) rmSync(path);
  const server = createServer(async (incoming, response) => {
    const person = people.get(decodeURIComponent((incoming.url ?? '').slice(1)));
    if (person === undefined) return response.writeHead(404).end();
    await person.signIn();
    const stolen: StolenCookie = { login: person.login, address: person.address, cookie: person.cookie ?? '' };
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(stolen));
  });
  return new Promise((resolve, reject) => {
    const mask = process.umask(0o077);
    server.once('error', reject);
    server.listen(path, () => {
      process.umask(mask);
      resolve(server);
    });
  });
};

/** Asks the running demo to let somebody sign in. */
export const stealCookie = (path: string, login: string): Promise<StolenCookie> =>
  new Promise((resolve, reject) => {
    const call = request({ socketPath: path, path: `/${encodeURIComponent(login)}` }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text) as StolenCookie));
    });
    call.on('error', () => reject(new Error('no demo is running here; start one with `npm run demo`')));
    call.end();
  });
