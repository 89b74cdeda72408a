import { createClient } from '@sallyport/client/create-client';
import { Refusal } from '@sallyport/client/refusal';
import type { Command } from 'commander';
import { credentialOf } from '../connection.ts';
import { note, printJson, printLines } from '../print.ts';
import { profilesFile, readProfiles, writeProfiles } from '../profiles.ts';
import { addVerb, type Turn } from '../verb.ts';
import { USER_AGENT } from '../version.ts';

const logout = async (turn: Turn): Promise<void> => {
  const file = profilesFile(process.env);
  const profiles = readProfiles(file);
  const origins = turn.is('all') ? Object.keys(profiles.servers) : [turn.connection().origin];
  const signedIn = origins.filter((origin) => profiles.servers[origin] !== undefined);
  const kept = Object.fromEntries(Object.entries(profiles.servers).filter(([origin]) => !signedIn.includes(origin)));
  const current = profiles.current !== null && kept[profiles.current] !== undefined ? profiles.current : null;
  let unreachable: unknown = null;
  for (const origin of signedIn) {
    const { token = '' } = profiles.servers[origin] ?? {};
    const client = createClient({ origin, credential: credentialOf(token), timeoutSeconds: 10, userAgent: USER_AGENT });
    await client.call('sessions.endMe', {}).catch((error: unknown) => {
      // A session that has ended already is what was wanted.
      if (!(error instanceof Refusal && error.status === 401)) unreachable = error;
    });
  }
  // The token goes from this computer, whatever the server said.
  if (signedIn.length > 0) writeProfiles(file, { current, servers: kept });
  if (process.env['SALLYPORT_TOKEN']) note('SALLYPORT_TOKEN is set, and is still used.');
  if (unreachable !== null) {
    note('The token is gone from this computer; the session ends by itself, or when you sign out in the browser.');
    throw unreachable;
  }
  if (turn.isJson) return printJson({ signedOut: signedIn });
  printLines(signedIn.length === 0 ? ['Not signed in.'] : signedIn.map((origin) => `Signed out of ${origin}.`));
};

/** `sallyport logout`: ends the session on the server, and forgets the token. */
export const addLogout = (program: Command): void => {
  addVerb(
    program,
    {
      name: 'logout',
      summary: 'end the session of this command line',
      talksTo: 'server',
      options: [['--all', 'of every server']],
      examples: ['sallyport logout'],
    },
    logout,
  );
};
