import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliResult, type RunningCli, startCli } from './cli-process.ts';
import { type AskedProof, type Person, type Reply, send, signedInAdmin } from './person.ts';
import { type RoamingProxy, startRoamingProxy } from './roaming-proxy.ts';
import { freePort, startTestServer, type TestServer } from './test-server.ts';

/** A server behind a proxy, its administrator in a browser, and a command line on the same computer. */
export interface CliOrg {
  readonly server: TestServer;
  readonly proxy: RoamingProxy;
  readonly ana: Person;
  readonly env: Readonly<Record<string, string>>;
  readonly configFile: string;
  readonly folder: string;
  /** Runs a command; where it asks for fresh proof, Ana confirms. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>, input?: string): Promise<CliResult>;
  /** `sallyport login`, allowed by Ana. */
  login(words?: readonly string[]): Promise<CliResult>;
  stop(): Promise<void>;
}

export const HOME_ADDRESS = '198.51.100.10';

/** The page that a waiting `login` printed. */
export const pageOf = (said: RegExpExecArray): URL => new URL(said[1] ?? '');
export const PAGE = /(http:\/\/\S+\/cli\?\S+)\n.*code [A-Z]{4}-[A-Z]{4}\.\n/;

/** Presses Allow on the page's behalf: what its script sends, and where it goes then. */
export const allowPage = async (person: Person, page: URL): Promise<string> => {
  const asked = page.searchParams;
  const redirectUri = asked.get('redirect_uri') ?? '';
  const reply = await person.call('POST', '/sallyport/v1/cli/authorizations', {
    redirectUri,
    state: asked.get('state'),
    codeChallenge: asked.get('code_challenge'),
    codeChallengeMethod: asked.get('code_challenge_method'),
  });
  if (reply.status !== 200) throw new Error(`allow: ${reply.status} ${reply.text}`);
  const target = new URL(redirectUri);
  target.searchParams.set('code', String(reply.body['code']));
  target.searchParams.set('state', asked.get('state') ?? '');
  return target.href;
};

/** Goes where a browser would go; the answer of the listener. */
export const visit = (address: string) => {
  const url = new URL(address);
  return send(url.origin, 'GET', url.pathname + url.search, {});
};

/** What a command says that needs fresh proof: the page, the id of the proof, and the code. */
export const STEP_UP =
  /This action needs fresh proof: .*\.\nOpen (http\S+\/step-up\/(\w+)) and confirm code ([A-Z0-9]{4}-[A-Z0-9]{4})\.\n/;

/** Confirms on the behalf of the page `/step-up/<id>`: what its script asks of the key, and sends. */
export const confirmStepUp = async (person: Person, id: string, code: string, key = person.key): Promise<Reply> => {
  const path = `/sallyport/v1/proofs/${id}`;
  const read = await person.callOnce('GET', path);
  if (read.status !== 200) return read;
  const { challenge, allowCredentials } = read.body as unknown as AskedProof;
  const { clientData, authenticatorData, signatureData, credentialId } = key.assert({
    challenge,
    rpId: 'localhost',
    origin: person.url,
    allowCredentials: allowCredentials.map((credential) => credential.id),
  });
  return person.callOnce('POST', path, { clientData, authenticatorData, signatureData, credentialId, code });
};

/** Confirms all that a running command asks for, until it ends. */
const confirmAll = async (person: Person, cli: RunningCli): Promise<void> => {
  for (let count = 1; ; count += 1) {
    const said = await cli.said(new RegExp(`(?:[\\s\\S]*?${STEP_UP.source}){${count}}`)).catch(() => null);
    if (said === null) return;
    const confirmed = await confirmStepUp(person, said[2] ?? '', said[3] ?? '');
    if (confirmed.status === 200) continue;
    cli.child.kill('SIGKILL');
    throw new Error(`confirm: ${confirmed.status} ${confirmed.text}`);
  }
};

export const startCliOrg = async (serverEnv: Readonly<Record<string, string>> = {}): Promise<CliOrg> => {
  const [port, serverPort] = [await freePort(), await freePort()];
  const proxy = await startRoamingProxy(port, serverPort, HOME_ADDRESS);
  const server = await startTestServer({
    env: { SALLYPORT_PORT: String(serverPort), SALLYPORT_PUBLIC_URL: proxy.origin, ...serverEnv },
    // The command line has a clock of its own, and shows instants by it.
    clock: { now: () => Date.now(), advance() {} },
  });
  const ana = await signedInAdmin({ url: proxy.origin, claimCode: () => server.claimCode() });
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  // In its PATH is no program that would open a page on the desktop of whoever runs this.
  const env = {
    PATH: join(folder, 'bin'),
    XDG_CONFIG_HOME: folder,
    SALLYPORT_DATA_DIR: server.dataDir,
    SALLYPORT_URL: proxy.origin,
  };
  const org: CliOrg = {
    server,
    proxy,
    ana,
    env,
    folder,
    configFile: join(folder, 'sallyport', 'profiles.json'),
    async run(words, more = {}, input = '') {
      const cli = startCli(words, { ...env, ...more }, { input, cwd: folder });
      const [result] = await Promise.all([cli.result, confirmAll(ana, cli)]);
      return result;
    },
    async login(words = []) {
      const cli = startCli(['login', '--no-browser', ...words], env);
      await visit(await allowPage(ana, pageOf(await cli.said(PAGE))));
      return cli.result;
    },
    async stop() {
      await proxy.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return org;
};
