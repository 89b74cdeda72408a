import { hostPrincipal } from '../packages/server/src/host/host-principal.ts';
import { OPERATIONS } from '../packages/server/src/host/operations.ts';
import { createUser } from '../packages/server/src/users/manage-users.ts';
import { send } from '../test/harness/person.ts';
import { startTestServer } from '../test/harness/test-server.ts';
import { median } from './bench-sessions.ts';
import type { BenchReport } from './session-check.ts';

const PAIRS = 200;
const WARM_UP_PAIRS = 100;
const KNOWN = 'olu@example.org';
const UNKNOWN = 'eve@example.org';

/**
 * Does the time of an answer tell whether a name exists? Wrong passwords and bare names, known and unknown in turn, over
 * real HTTP. The order within a pair alternates, so that neither profits from the other's caches.
 */
export const benchSignInNames = async (): Promise<BenchReport> => {
  const server = await startTestServer();
  try {
    await OPERATIONS['setup.org']?.(server.services, { admin: 'ana@example.org' });
    const profile = { login: KNOWN, email: KNOWN, firstName: 'Olu', lastName: 'Ordinary' };
    await createUser(
      server.services,
      hostPrincipal(server.services.random),
      { profile, credentials: { password: { value: 'correct horse battery staple' } } },
      true,
    );
    const time = async (username: string, password?: string): Promise<number> => {
      // The limit by name and the lock of the password are not what is measured.
      server.clock.advance(61);
      await server.services.store.transaction((tx) =>
        tx.updateTable('users').set({ passwordFailures: 0, passwordLockedAt: null }).execute(),
      );
      const startedAt = performance.now();
      const reply = await send(
        server.url,
        'POST',
        '/api/v1/authn',
        { 'X-Forwarded-For': '198.51.100.10' },
        { username, ...(password === undefined ? {} : { password }) },
      );
      const milliseconds = performance.now() - startedAt;
      if (reply.status !== (password === undefined ? 200 : 401)) throw new Error(`${reply.status} ${reply.text}`);
      return milliseconds;
    };
    const compare = async (label: string, password?: string): Promise<string> => {
      const known: number[] = [];
      const unknown: number[] = [];
      for (let pair = -WARM_UP_PAIRS; pair < PAIRS; pair++) {
        const order = pair % 2 === 0 ? [KNOWN, UNKNOWN] : [UNKNOWN, KNOWN];
        for (const name of order) {
          const milliseconds = await time(name, password);
          if (pair >= 0) (name === KNOWN ? known : unknown).push(milliseconds);
        }
      }
      const difference = (median(unknown) / median(known) - 1) * 100;
      return `${label}: unknown against known ${difference >= 0 ? '+' : ''}${difference.toFixed(1)} % (medians ${median(unknown).toFixed(2)} and ${median(known).toFixed(2)} ms over ${PAIRS} pairs)`;
    };
    return {
      title: 'Known and unknown names',
      lines: [await compare('name alone'), await compare('name and wrong password', 'wrong password')],
    };
  } finally {
    await server.stop();
  }
};
