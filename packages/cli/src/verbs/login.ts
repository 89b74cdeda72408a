import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@sallyport/client/create-client';
import { createClient } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { CliError, usageError } from '../cli-error.ts';
import { credentialOf } from '../connection.ts';
import { type LoopbackListener, listenOnLoopback, newState } from '../loopback-listener.ts';
import { openBrowser } from '../open-browser.ts';
import { note, printJson, printLines } from '../print.ts';
import { profilesFile, readProfiles, writeProfiles } from '../profiles.ts';
import { addVerb, type Turn } from '../verb.ts';
import { USER_AGENT } from '../version.ts';

const WAIT_SECONDS = 300;

const portOf = (turn: Turn): number => {
  const given = turn.text('port') ?? '0';
  const port = Number(given);
  if (!/^\d{1,5}$/.test(given) || port > 65_535 || (port !== 0 && port < 1024))
    throw usageError('--port: must be between 1024 and 65535');
  return port;
};

const answerOf = async (listener: LoopbackListener, seconds: number): Promise<string> => {
  const wait = new AbortController();
  const answer = await Promise.race([
    listener.answer,
    pause(seconds * 1000, null, { signal: wait.signal }).catch(() => null),
  ]);
  wait.abort();
  if (answer === null)
    throw new CliError('pending', 'nobody allowed it in time', { code: 'wait_ended', hint: 'sallyport login' });
  if (answer.kind === 'refused') throw new CliError('denied', 'refused in the browser', { code: 'access_denied' });
  return answer.code;
};

/** The session of an earlier sign-in is not left lying about. */
const endEarlier = async (origin: string, token: string): Promise<void> => {
  const client = createClient({ origin, credential: credentialOf(token), timeoutSeconds: 5, userAgent: USER_AGENT });
  await client.call('sessions.endMe', {}).catch(() => undefined);
};

const waitSecondsOf = (turn: Turn): number => {
  const given = turn.text('wait') ?? String(WAIT_SECONDS);
  if (!/^\d{1,4}$/.test(given) || Number(given) < 1) throw usageError('--wait: must be a number of seconds');
  return Number(given);
};

const login = async (turn: Turn): Promise<void> => {
  const { origin } = turn.connection();
  const seconds = waitSecondsOf(turn);
  if (turn.options['input'] === false)
    throw new CliError('needsInput', 'signing in needs a person and a browser', {
      code: 'needs_input',
      hint: 'set SALLYPORT_TOKEN to an API token: sallyport setup token on the host, or POST /api/v1/api-tokens',
    });
  const client: Client = turn.anonymousClient();
  // Before a browser opens: is there anybody?
  await client.send({ method: 'GET', path: '/readyz' });
  const verifier = randomBytes(32).toString('base64url');
  const state = newState();
  const listener = await listenOnLoopback(state, portOf(turn));
  const { redirectUri } = listener;
  const page = new URL('/cli', origin);
  page.search = new URLSearchParams({
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  note(
    'Open this page in your browser, and allow the command line:',
    `  ${page.href}`,
    `The page must show the code ${state.slice(0, 4)}-${state.slice(4, 8)}.`,
  );
  if (turn.options['browser'] !== false) openBrowser(page.href);
  let outcome = 'failed';
  try {
    const code = await answerOf(listener, seconds).catch((error: unknown) => {
      if (error instanceof CliError && error.exit === 'denied') outcome = 'refused';
      throw error;
    });
    const { token, session, hasConsole } = await client.call('cliSessions.open', {
      body: { code, codeVerifier: verifier, redirectUri },
    });
    const file = profilesFile(process.env);
    const profiles = readProfiles(file);
    const earlier = profiles.servers[origin];
    const profile = { token, login: session.login, sessionId: session.id, endsAt: session.expiresAt };
    writeProfiles(file, { current: origin, servers: { ...profiles.servers, [origin]: profile } });
    outcome = 'signed-in';
    if (earlier !== undefined) await endEarlier(origin, earlier.token);
    if (process.env['SALLYPORT_TOKEN']) note('SALLYPORT_TOKEN is set, and wins over this session.');
    if (turn.isJson) printJson({ server: origin, login: session.login, sessionId: session.id, hasConsole });
    else printLines([`Signed in to ${origin} as ${session.login}.`]);
    if (!hasConsole) note('Without administrator rights: your browser’s session has none, or policy denies them here.');
  } finally {
    await listener.finish(new URL(`/cli/done?outcome=${outcome}`, origin).href);
  }
};

/** `sallyport login`: in the browser, by a code to a port of this computer (RFC 8252, RFC 7636). */
export const addLogin = (program: Command): void => {
  addVerb(
    program,
    {
      name: 'login',
      summary: 'sign in, in your browser',
      talksTo: 'server',
      options: [
        ['--no-browser', 'only print the page; open it yourself'],
        ['--port <port>', 'the port to wait on, for a tunnel to this computer'],
        ['--wait <seconds>', 'how long to wait for you (default: 300)'],
      ],
      examples: ['sallyport login', 'sallyport login --url https://sallyport.example.org'],
    },
    login,
  );
};
