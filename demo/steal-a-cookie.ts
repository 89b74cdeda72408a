/** `npm run demo:steal`: what a stolen session cookie is worth, step by step, against the running demo. */
import { join, resolve } from 'node:path';
import { send } from '../test/harness/person.ts';
import { stealCookie } from './attack-socket.ts';

const url = process.env['SALLYPORT_URL'] ?? `http://localhost:${process.env['SALLYPORT_PORT'] ?? '7070'}`;
const socket = join(resolve(process.env['SALLYPORT_DATA_DIR'] ?? '.data/demo'), 'attack.sock');
const THIEF = '203.0.113.66';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

try {
  const { login, address, cookie } = await stealCookie(socket, 'lee.park@contoso.example');
  const as = (from: string) =>
    send(url, 'GET', '/api/v1/users?limit=1', { 'X-Forwarded-For': from, Cookie: `sid=${cookie}` });
  say(`${login} has signed in with a security key from ${address} (AS64496 Northwind Fibre).`);
  say(`1. The cookie at home:            GET /api/v1/users → ${(await as(address)).status}`);
  const stolen = await as(THIEF);
  say(`2. The same cookie, stolen, from ${THIEF} (AS64511 Cheap Servers Ltd) → ${stolen.status} ${stolen.text}`);
  say(`3. And again, from home          → ${(await as(address)).status}: the session is over for everybody.`);
  say('');
  say('What the log says (the thief read nothing, not even why):');
  say(`  ${url}/log?filter=${encodeURIComponent('eventType eq "security.session.detect_client_roaming"')}`);
  say('What Lee reads at the next sign-in: "Was that you?"');
} catch (error) {
  process.stderr.write(`sallyport: error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
