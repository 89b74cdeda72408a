import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliResult, startCli } from './cli-process.ts';
import { type Person, send, signedInAdmin } from './person.ts';
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

export const startCliOrg = async (): Promise<CliOrg> => {
  const [port, serverPort] = [await freePort(), await freePort()];
  const proxy = await startRoamingProxy(port, serverPort, HOME_ADDRESS);
  const server = await startTestServer({
    env: { SALLYPORT_PORT: String(serverPort), SALLYPORT_PUBLIC_URL: proxy.origin },
    // The command line has a clock of its own, and shows instants by it.
    clock: { now: () => Date.now(), advance() {} },
  });
  const ana = await signedInAdmin({ url: proxy.origin, claimCode: () => server.claimCode() });
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  const env = { XDG_CONFIG_HOME: folder, SALLYPORT_DATA_DIR: server.dataDir, SALLYPORT_URL: proxy.origin };
  const org: CliOrg = {
    server,
    proxy,
    ana,
    env,
    folder,
    configFile: join(folder, 'sallyport', 'profiles.json'),
    run: (words, more = {}, input = '') => startCli(words, { ...env, ...more }, { input, cwd: folder }).result,
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
