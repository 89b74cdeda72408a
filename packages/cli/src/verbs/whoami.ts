import type { Client } from '@sallyport/client/create-client';
import { Refusal } from '@sallyport/client/refusal';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { failureOf } from '../failure-of.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const nameOf = (profile: Readonly<Record<string, unknown>>): string =>
  [profile['firstName'], profile['lastName']].filter((part) => typeof part === 'string').join(' ');

const readMe = async (client: Client) => {
  const user = await client.call('users.me', {});
  const own = await client.call('mySessions.list', {});
  return { user, session: own.sessions.find((session) => session.isCurrent) ?? null };
};

const whoami = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { origin, tokenFrom } = turn.connection();
  const { user, session } = await readMe(client);
  if (turn.isJson)
    return printJson({
      server: origin,
      userId: user.id,
      login: user.profile.login,
      credential: session === null ? 'api-token' : session.kind,
      credentialFrom: tokenFrom,
      session:
        session === null
          ? null
          : {
              id: session.id,
              address: session.address,
              network: session.network.name,
              hasConsole: session.hasConsole,
              idleEndsAt: session.idleEndsAt,
              endsAt: session.endsAt,
            },
    });
  printLines(
    facts([
      ['Login', user.profile.login],
      ['Name', nameOf(user.profile)],
      ['Server', origin],
      ['By', session === null ? `API token (from ${tokenFrom ?? ''})` : `command-line session ${session.id}`],
      ['Bound to', session === null ? null : `${session.network.name} (${session.address})`],
      ['Admin Console', session === null ? null : session.hasConsole ? 'yes' : 'no'],
      ['Ends if idle', session === null ? null : turn.time(session.idleEndsAt)],
      ['Ends', session === null ? null : turn.time(session.endsAt)],
    ]),
  );
};

/** Never a lie: 0 only when a request with this credential succeeds now. */
const status = async (turn: Turn): Promise<void> => {
  const { origin, originFrom, token } = turn.connection();
  const server = { origin, from: originFrom };
  try {
    // Polling: to ask for the status is no interaction.
    await turn.anonymousClient().send({ method: 'GET', path: '/readyz' });
  } catch (error) {
    const { exit, failure } = failureOf(error);
    process.exitCode = EXIT[exit];
    if (turn.isJson) return printJson({ server: { ...server, state: 'unreachable' }, signedIn: false });
    printLines(
      facts([
        ['Server', `${origin} (from ${originFrom})`],
        ['State', 'unreachable'],
      ]),
    );
    return note(`sallyport: error: ${failure.message}`);
  }
  const own =
    token === null
      ? null
      : await turn
          .client()
          .call('mySessions.list', {}, { isBackground: true })
          .catch((error: unknown) => {
            if (error instanceof Refusal && error.status === 401) return null;
            throw error;
          });
  const session = own?.sessions.find((candidate) => candidate.isCurrent) ?? null;
  if (own === null) process.exitCode = EXIT.notSignedIn;
  if (turn.isJson)
    return printJson({
      server: { ...server, state: 'ready' },
      signedIn: own !== null,
      endsAt: session?.endsAt ?? null,
      idleEndsAt: session?.idleEndsAt ?? null,
    });
  printLines(
    facts([
      ['Server', `${origin} (from ${originFrom})`],
      ['State', 'ready'],
      ['Signed in', own !== null ? 'yes' : token === null ? 'no' : 'no, the session ended'],
      ['Ends if idle', session === null ? null : turn.time(session.idleEndsAt)],
      ['Ends', session === null ? null : turn.time(session.endsAt)],
    ]),
  );
  if (own === null) note('hint: sallyport login');
};

/** `sallyport whoami` and `sallyport status`. */
export const addWhoami = (program: Command): void => {
  addVerb(
    program,
    {
      name: 'whoami',
      summary: 'who you are to the server, and until when',
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport whoami'],
    },
    whoami,
  );
  addVerb(
    program,
    {
      name: 'status',
      summary: 'is the server there, and are you signed in',
      talksTo: 'server',
      examples: ['sallyport status --json'],
    },
    status,
  );
};
