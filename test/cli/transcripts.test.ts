/** What every command says, as text that anyone can read: test/cli/transcripts/. `vitest run --project e2e test/cli/transcripts.test.ts --update` writes them anew. */
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { allowPage, type CliOrg, PAGE, pageOf, startCliOrg, visit } from '../harness/cli-org.ts';
import { type CliResult, startCli } from '../harness/cli-process.ts';
import { send } from '../harness/person.ts';
import { freePort } from '../harness/test-server.ts';
import { createTranscript } from '../harness/transcript.ts';

let org: CliOrg;
let nobody: string;
beforeAll(async () => {
  org = await startCliOrg();
  nobody = `http://127.0.0.1:${await freePort()}`;
});
afterAll(() => org.stop());

const marks = (): Record<string, string> => ({
  [org.proxy.origin]: '<server>',
  [encodeURIComponent(org.proxy.origin)]: '<server>',
  [org.folder]: '<config>',
  [nobody]: '<nobody>',
  [process.versions.node]: '<node>',
});
type Command = readonly string[] | { words: readonly string[]; env?: Record<string, string>; input?: string };
/** Those that change nothing may run beside each other. */
type Step = Command | { beside: readonly Command[] };
const BESIDE_MAX = 4;
const beside = (...commands: readonly Command[]): Step => ({ beside: commands });

/** Runs the steps and compares what was said with the file. */
const holds = async (name: string, steps: readonly Step[]): Promise<void> => {
  const transcript = createTranscript(marks());
  for (const step of steps) {
    const commands = ('beside' in step ? step.beside : [step]).map((one) => ('words' in one ? one : { words: one }));
    for (let i = 0; i < commands.length; i += BESIDE_MAX) {
      const some = commands.slice(i, i + BESIDE_MAX);
      const results = await Promise.all(some.map(({ words, env = {}, input = '' }) => org.run(words, env, input)));
      for (const [j, { words, env }] of some.entries()) transcript.add(words, results[j] as CliResult, env);
    }
  }
  await expect(transcript.text()).toMatchFileSnapshot(join('transcripts', `${name}.txt`));
};
const words = (line: string): readonly string[] => line.split(' ');

describe('before anybody is signed in', () => {
  it('help, version and what is wrong with the words', () =>
    holds('words', [
      beside(
        words('version'),
        words('version --json'),
        words('help exit-codes'),
        words('help exit-codes --json'),
        words('help environment'),
        words('help nothing'),
        words('help session revoke'),
        words('logn'),
        words('sesion list --json'),
        words('session lst'),
        words('session list --stat active'),
        words('zone test'),
        words('session list --state gone'),
        words('session list --json=id,nmae'),
        words('zone list --json='),
        words('session revoke 102 --json=id'),
        words('log query --json=published,actor --limit 0'),
        words('log query --limit 0'),
        words('log query --since yesterday'),
        words('log export --format xml'),
        words('settings set'),
        words('settings set --ip-binding sometimes'),
        words('whoami --timeout never'),
        words('api BREW /coffee'),
        words('api GET //evil.example/api'),
        words('api GET api/v1/users'),
        words('whoami --url http://sallyport.example.org'),
        words('whoami --url https://user:secret@sallyport.example.org'),
        words('whoami --url ftp://sallyport.example.org'),
      ),
    ]));

  it('who is not signed in is told how', () =>
    holds('not-signed-in', [
      beside(
        words('whoami'),
        words('whoami --json'),
        words('status'),
        words('status --json'),
        words('session'),
        words('log verify'),
        // What is wrong with the words is said first: no sign-in mends it.
        words('campaign create'),
        words('campaign create --reviewer ana@example.org --every 3-months'),
        words('review reassign Yearly --to ana@example.org'),
        words('request delegate bo@example.org'),
        words('app create-service deploy --zone loopback'),
        words('role assign AUDITOR'),
        words('logout'),
        words('login --no-input'),
        words('login --no-input --json'),
        words('config list'),
        words('config list --origin --json'),
      ),
    ]));

  it('completion', () =>
    holds('completion', [
      beside(
        words('completion bash'),
        words('completion zsh'),
        words('completion fish'),
        words('completion powershell'),
        words('completion tcsh'),
        words('complete -- '),
        words('complete -- lo'),
        words('complete --next -- session'),
        words('complete -- session '),
        words('complete -- session revoke --'),
        words('complete -- session revoke '),
      ),
    ]));
});

describe('signing in', () => {
  it('login in the browser', async () => {
    const transcript = createTranscript(marks());
    const login = async (line: string, press: (page: URL) => Promise<unknown>) => {
      const cli = startCli(words(line), org.env);
      await press(pageOf(await cli.said(PAGE)));
      transcript.add(words(line), await cli.result);
    };
    const back = (page: URL, answer: Record<string, string>) => {
      const target = new URL(page.searchParams.get('redirect_uri') ?? '');
      const parameters = { state: page.searchParams.get('state') ?? '', ...answer };
      for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
      return visit(target.href);
    };
    await login('login --no-browser', (page) => back(page, { error: 'access_denied' }));
    await login('login --no-browser --json', (page) => back(page, { error: 'access_denied' }));
    await login('login --no-browser', (page) => back(page, { code: 'a-code-that-nobody-gave' }));
    await login('login --no-browser --wait 1', async () => undefined);
    await login('login --no-browser', async (page) => {
      const address = await allowPage(org.ana, page);
      org.proxy.address = '203.0.113.9';
      await visit(address);
    });
    org.proxy.address = '198.51.100.10';
    await login('login --no-browser', async (page) => {
      const answered = await visit(await allowPage(org.ana, page));
      expect([answered.status, answered.headers['location']]).toEqual([
        303,
        `${org.proxy.origin}/cli/done?outcome=signed-in`,
      ]);
    });
    await login('login --no-browser --json', async (page) => visit(await allowPage(org.ana, page)));
    await expect(transcript.text()).toMatchFileSnapshot(join('transcripts', 'login.txt'));
    // The token lies there for its owner alone, and the first session, which it replaced, has ended.
    expect(statSync(org.configFile).mode & 0o777).toBe(0o600);
    const { sessions } = (await org.ana.get('/sallyport/v1/me/sessions')).body as unknown as {
      sessions: { kind: string; endedAt: string | null }[];
    };
    expect(sessions.filter(({ kind, endedAt }) => kind === 'command-line' && endedAt === null)).toHaveLength(1);
  });

  it('who and where', () =>
    holds('whoami', [
      beside(
        words('whoami --utc'),
        words('whoami'),
        words('whoami --json'),
        words('whoami --curl'),
        words('status --utc'),
        words('status --json'),
        words('config list --origin'),
      ),
    ]));
});

describe('signed in', () => {
  it('sessions', async () => {
    const { sessions } = (await org.ana.get('/sallyport/v1/me/sessions')).body as unknown as {
      sessions: { id: string; kind: string; isCurrent: boolean }[];
    };
    const browser = sessions.find(({ isCurrent }) => isCurrent)?.id ?? '';
    const own = sessions.find(({ kind }) => kind === 'command-line')?.id ?? '';
    const other = org.ana.thief(org.ana.address);
    other.cookie = null;
    await other.signIn();
    const third = ((await other.get('/api/v1/sessions/me')).body as unknown as { id: string }).id;
    await holds('session', [
      beside(
        words('session list --utc'),
        words('session --utc --json'),
        words('session list --state ended --utc'),
        words('session list --curl'),
        words('session list --limit 3'),
        words('session list --all --utc'),
        words('session list --all --words nobody --json'),
        words('session list --all --words ana --limit 1 --utc'),
        words(`session show ${own.slice(0, 12)} --utc`),
        words(`complete -- session show ${own.slice(0, 12)}`),
        words(`session show ${browser} --utc --json`),
        words('session show 102'),
        words('session show 102nothing'),
        words('session show 102nothing --json'),
      ),
      beside(
        words(`session revoke ${third.slice(0, 12)} --dry-run`),
        words(`session revoke ${third} --dry-run --json`),
      ),
      words(`session revoke ${third}`),
      words(`session revoke ${third} --no-input --json`),
      words(`session revoke ${third} --yes`),
      words(`session revoke ${third} --yes`),
      words('session revoke 102AAAAAAAAAAAAAAAAA --yes'),
      words(`session revoke ${browser} --dry-run`),
      words(`session revoke ${browser} --yes`),
      words(`session revoke ${own} --yes --json`),
    ]);
  });

  it('the log', async () => {
    // A stolen cookie from elsewhere, with a browser's name that would rather be an escape sequence.
    const victim = org.ana.thief(org.ana.address);
    victim.cookie = null;
    await victim.signIn();
    org.proxy.address = '203.0.113.77';
    expect((await victim.get('/api/v1/users/me')).status).toBe(401);
    org.proxy.address = '198.51.100.10';
    const roamed = 'eventType eq "security.session.detect_client_roaming"';
    const [event] = (await org.ana.get(`/api/v1/logs?filter=${encodeURIComponent(roamed)}`)).body as unknown as {
      uuid: string;
    }[];
    await holds('log', [
      beside(
        { words: ['log', 'query', roamed, '--utc'] },
        words('log query eventType eq security.session.detect_client_roaming --since 1h --utc'),
        words('log query eventType eq nothing.of.that.name'),
        words('log query eventType eq nothing.of.that.name --json'),
        { words: ['log', 'query', 'eventType eq'] },
        { words: ['log', 'query', 'eventType eq', '--json'] },
        words('log query --words 203.0.113.77 --since 2h --limit 1 --utc'),
        { words: ['log', 'query', roamed, '--curl'] },
        { words: ['log', 'tail', '--once', '--filter', roamed] },
        words('log verify'),
        words(`why ${event?.uuid ?? ''} --utc`),
        words('why 00000000-0000-4000-8000-000000000000 --json'),
      ),
      { words: ['log', 'export', roamed, '--out', 'roamed.jsonl', '--since', '1h'] },
      { words: ['log', 'export', roamed, '--out', 'roamed.jsonl'] },
      {
        words: ['log', 'export', roamed, '--out', 'roamed.csv', '--format', 'csv', '--since', '1h', '--json'],
      },
      { words: ['log', 'export', roamed, '--format', 'csv', '--since', '1h'] },
      // Whoever takes a copy of the log is in the log.
      words('log query eventType sw analytics.reports.export --utc'),
    ]);
    const lines = readFileSync(join(org.folder, 'roamed.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { uuid: string }).uuid)).toEqual([event?.uuid]);
    expect(statSync(join(org.folder, 'roamed.csv')).mode & 0o777).toBe(0o600);
  });

  it('zones, policies and settings', () =>
    holds('zone-policy-settings', [
      beside(
        words('zone'),
        words('zone list --json'),
        words('zone list --json=name,usage'),
        words('zone show DefaultExemptIpZone --json=gateways,id'),
        words('policy list --json=name'),
        words('zone show DefaultExemptIpZone'),
        words('zone show nowhere'),
        words('zone test 203.0.113.7'),
        words('zone test 203.0.113.7 --json'),
        { words: ['zone', 'test', '127.0.0.1', '--forwarded-for', '192.0.2.9, 203.0.113.7'] },
        words('zone test here'),
        words('zone test 2001:db8:1::1 --curl'),
        words('zone create --help'),
        words('zone create branch --gateway 198.51.100.0/24 198.51.100.0/33'),
        words('zone create branch --gateway 198.51.100.0/24 --dry-run'),
      ),
      words('zone create branch --gateway 198.51.100.0/24'),
      words('zone create branch --gateway 192.0.2.0/24'),
      words('zone create bavaria --type dynamic --place DE-BY --proxy-type not-tor'),
      words('zone create bavaria --asn 64500'),
      words('zone create bavaria --type geo'),
      words('zone update branch --add-gateway 203.0.113.200-203.0.113.209 --dry-run'),
      words('zone update branch --add-gateway 203.0.113.200-203.0.113.209'),
      words('zone update branch --add-gateway 198.51.100.0/24'),
      words('zone update branch --remove-gateway 192.0.2.1'),
      words('zone update branch'),
      words('zone update nowhere --name anywhere'),
      words('zone deactivate branch --json=name,status'),
      words('zone show bavaria'),
      words('zone delete branch bavaria --yes'),
      beside(
        words('policy'),
        words('policy show nothing'),
        words('policy list --json'),
        words('settings'),
        words('settings show --json'),
        words('settings set --ip-binding enforced --console-idle 10 --dry-run'),
        words('settings set --ip-binding enforced --dry-run --json'),
        words('settings set --console-idle 10'),
      ),
      words('settings set --console-idle 10 --yes'),
      words('settings set --console-idle 10 --yes --json'),
      words('settings set --console-idle 1 --yes'),
      words('settings set --console-idle 15 --yes --json'),
    ]));

  it('policies as a whole, and what if', () =>
    holds('what-if', [
      beside(
        { words: ['policy', 'prove', 'Admin Console'] },
        { words: ['policy', 'prove', 'Admin Console', '--json'] },
        words('policy prove nothing'),
        { words: ['policy', 'prove', 'Admin Console', '--draft', 'nowhere.json'] },
        {
          words: ['policy', 'prove', 'Admin Console', '--draft', '-'],
          input: '[{"name":"Anybody","actions":{"appSignOn":{"access":"ALLOW"}}}]',
        },
        { words: ['policy', 'prove', 'Admin Console', '--draft', '-'], input: '{"name":"no list"}' },
        words('policy replay nothing'),
        { words: ['policy', 'replay', 'Admin Console', '--days', '31'] },
        words('what-if'),
        words('what-if nothing --ip 203.0.113.7'),
        { words: ['what-if', 'Admin Console', '--with', 'handshake'] },
        { words: ['what-if', 'Admin Console', '--proved', 'late'] },
        { words: ['what-if', 'Admin Console', '--user', 'nobody@example.org'] },
        {
          words: [
            'what-if',
            'Admin Console',
            '--user',
            'ana@example.org',
            '--ip',
            '203.0.113.7',
            '--with',
            'password+totp',
          ],
        },
        {
          words: [
            'what-if',
            'Admin Console',
            '--user',
            'ana@example.org',
            '--ip',
            '203.0.113.7',
            '--with',
            'verified-bound-key',
            '--managed',
            'yes',
          ],
        },
      ),
    ]));

  it('authenticators', () =>
    holds('authenticator', [
      beside(
        words('authenticator'),
        words('authenticator list'),
        words('authenticator list --json=key,status'),
        words('authenticator show'),
        words('authenticator show --json'),
        words('authenticator quarantine'),
        words('authenticator quarantine --json'),
        words('authenticator models'),
        words('authenticator update'),
        words('authenticator update --synced perhaps'),
        words('authenticator update --models YubiKey'),
        words('authenticator update --fips yes'),
        words('authenticator update --attachment built-in --dry-run'),
        words('authenticator update --synced no --attachment roaming --dry-run'),
        words('authenticator update --synced no'),
      ),
      words('authenticator update --synced no --yes'),
      words('authenticator update --synced no --yes --json'),
      words('authenticator update --synced yes --yes --json'),
      words('authenticator deactivate webauthn'),
      words('authenticator deactivate nothing'),
      words('authenticator deactivate google_otp'),
      words('authenticator activate google_otp --json=key,status'),
    ]));

  it('trusted origins', () =>
    holds('trusted-origin', [
      beside(
        words('trusted-origin'),
        words('trusted-origin create Status https://status.example.com/page'),
        words('trusted-origin create Status https://status.example.com --scope cors iframe --dry-run'),
        words('trusted-origin create Status https://status.example.com --scope everything'),
      ),
      words('trusted-origin create Status https://status.example.com --scope cors iframe'),
      words('trusted-origin create Other https://status.example.com'),
      words('trusted-origin create Desk https://desk.example.com --json=name,origin,scopes'),
      beside(
        words('trusted-origin list'),
        words('trusted-origin list --json=name,status'),
        words('trusted-origin show https://status.example.com'),
        words('trusted-origin show nowhere'),
        words('trusted-origin update Status'),
        words('trusted-origin update Status --origin https://status.example.net --scope cors --dry-run'),
      ),
      words('trusted-origin update Status --origin https://status.example.net --scope cors'),
      words('trusted-origin update Status --scope cors'),
      words('trusted-origin update Status --name Desk'),
      words('trusted-origin deactivate Status'),
      words('trusted-origin deactivate Status --json'),
      words('trusted-origin activate https://status.example.net'),
      words('trusted-origin delete Status --dry-run'),
      words('trusted-origin delete Status'),
      words('trusted-origin delete Status --yes'),
      words('trusted-origin delete Desk --yes --json'),
      words('trusted-origin list --curl'),
      words('trusted-origin list'),
    ]));

  it('attributes of profiles', () =>
    holds('user-schema', [
      words('user-schema set badge --max-length 12 --unique --self write --dry-run'),
      words('user-schema set badge --max-length 12 --unique --self write'),
      words('user-schema set badge --required --type number'),
      words('user-schema set badge --not-unique --choice A1 A2 --json'),
      words('user-schema set login --title Login'),
      words('user-schema set size --type large'),
      words('user-schema set site --of groups --type list --json'),
      beside(
        words('user-schema show --of nobody'),
        words('user-schema show'),
        words('user-schema remove badge --dry-run'),
        words('user-schema remove badge'),
      ),
      words('user-schema remove badge --yes'),
      words('user-schema remove badge --yes'),
      words('user-schema remove site --of groups --yes --json'),
      words('user-schema show --of groups --curl'),
    ]));

  it('protected actions', () =>
    holds('protected-action', [
      beside(
        words('protected-action list zone'),
        words('protected-action show zone.delete'),
        words('protected-action show zone.delete --json'),
        words('protected-action show nothing'),
        words('protected-action set zone.delete'),
        words('protected-action set zone.delete --every 90s'),
        words('protected-action set zone.delete --key paper'),
        words('protected-action set zone.delete --on --off'),
        words('protected-action set zone.delete --every 2h'),
        words('protected-action set api-token.create --off'),
        words('protected-action set zone.delete --every 10m --dry-run'),
        words('protected-action set zone.delete --every 10m'),
      ),
      words('protected-action set zone.delete --every 10m --yes'),
      words('protected-action set zone.delete --every 10m --yes'),
      words('protected-action set zone.delete --second-person on --yes'),
      words('protected-action set zone.delete --every 0 --yes --no-input'),
      words('protected-action set zone.delete --every 0 --yes --no-input --json'),
      words('protected-action set zone.delete --every 0 --yes --proof apfAAAAAAAAAAAAAAAAA'),
      words('protected-action set zone.delete --every 0 --yes --json'),
      words('zone delete nowhere --yes'),
      words('zone delete DefaultExemptIpZone --yes'),
    ]));

  it('approvals', async () => {
    const made = await org.ana.call('POST', '/api/v1/api-tokens', {
      name: 'pipeline',
      purpose: 'deploys',
      network: { connection: 'ANYWHERE' },
    });
    /** A request that the token may not make by itself. */
    const ask = async (name: string): Promise<string> => {
      const reply = await send(
        org.proxy.origin,
        'POST',
        '/api/v1/zones',
        { Authorization: `SSWS ${String(made.body['token'])}` },
        { type: 'IP', name, gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] },
      );
      return (reply.body['sallyport'] as { approvalId: string }).approvalId;
    };
    const first = await ask('Branch office');
    const second = await ask('Everywhere');
    await holds('approval', [
      beside(
        words('inbox'),
        words('inbox --json=kind,words,askedBy,requestedFor,items'),
        words('inbox --limit 1 --json=kind'),
        words('inbox --limit 0'),
        words('inbox --curl'),
        words('approval list --state gone'),
        words('approval list --curl'),
        words('approval'),
        words('approval list --json=id,status,words,askedBy'),
        words(`approval show ${first} --utc`),
        words('approval show apfAAAAAAAAAAAAAAAAA'),
        words(`approval approve ${first} --no-input`),
      ),
      words(`approval approve ${first}`),
      words(`approval approve ${first}`),
      words(`approval deny ${second}`),
      { words: ['approval', 'deny', second, '--reason', 'Not on a Friday'] },
      { words: ['approval', 'deny', second, '--reason', 'Not on a Friday', '--json'] },
      words('approval list --state past --asked --utc'),
      words('inbox'),
    ]);
  });

  it('the organisation', () =>
    holds('org', [
      beside(
        words('org'),
        words('org update'),
        words('org update --help-line maybe'),
        words('org update --billing-contact nobody@example.org --city Oslo'),
        { words: ['org', 'update', '--website', 'ftp://www.example.org'] },
        { words: ['org', 'update', '--name', ''] },
        { words: ['org', 'update', '--support-phone', '+47 22 00 00 00', '--city', 'Oslo', '--dry-run'] },
      ),
      {
        words: [
          ...words('org update --support-phone 22000000 --city Oslo --billing-contact ana@example.org'),
          ...words('--help-line hide'),
        ],
      },
      words('org show'),
      words('org update --city Oslo --help-line hide --billing-contact ana@example.org'),
      { words: ['org', 'update', '--city', '', '--json=city,country'] },
      words('org update --help-line show --dry-run --json'),
      words('org show --json=companyName,contacts,showEndUserFooter'),
      words('org show --curl'),
    ]));

  it('groups and their rules, made, changed and deleted', async () => {
    const rule = (line: string, ...rest: string[]) => ['group', 'rule', ...words(line), ...rest];
    // Of nobody: an active rule adds in the background, and what is counted then depends on when.
    const when = 'user.department=="Night"';
    await holds('group', [
      { words: [...words('group create Night --for'), 'Who is awake', '--dry-run'] },
      { words: [...words('group create Night --for'), 'Who is awake'] },
      words('group create Night'),
      words('group create Day --json=profile'),
      rule('create Nights --group Night --when', when),
      beside(
        rule('show Nights'),
        rule('show nothing'),
        rule('update Nights'),
        rule('update Nights --name Nights'),
        rule('update Nights --group Night Day --dry-run'),
        rule('update Nights --group Nowhere'),
        rule('update Nights --when', 'user.department = 4'),
      ),
      rule('update Nights --group Night Day --name', 'All nights'),
      rule('activate', 'All nights'),
      rule('update --name Other --dry-run', 'All nights'),
      rule('update --name Other', 'All nights'),
      rule('delete --dry-run --take-out', 'All nights'),
      rule('delete --yes', 'All nights'),
      words('group delete Night --dry-run'),
      rule('deactivate', 'All nights'),
      rule('show --json=name,status', 'All nights'),
      rule('delete', 'All nights'),
      rule('delete --yes', 'All nights'),
      beside(
        words('group delete Everyone --dry-run'),
        words('group delete Everyone --yes'),
        words('group delete Nowhere'),
        words('group delete Night'),
      ),
      words('group delete Night --yes'),
      words('group delete Day --yes --json'),
      words('group show Night'),
    ]);
  });

  it('people and group rules', async () => {
    const profile = { firstName: 'Olu', lastName: 'Ade', department: 'On call', email: 'olu@example.org' };
    await org.ana.call('POST', '/api/v1/users', { profile: { login: 'olu@example.org', ...profile } });
    await org.ana.call('POST', '/api/v1/groups', { profile: { name: 'Pager' } });
    const when = 'user.department=="On call"';
    const create = ['group', 'rule', 'create', 'On call people', '--when', when, '--group', 'Pager'];
    await holds('people', [
      beside(
        words('user list --q olu'),
        { words: ['user', 'list', '--search', 'profile.department eq "on call"', '--json=profile'] },
        { words: ['user', 'list', '--search', 'department eq "x"'] },
        words('user list --limit none'),
        words('group rule list'),
        { words: [...create, '--dry-run'] },
        { words: ['group', 'rule', 'create', 'Odd', '--when', 'user.department = 4', '--group', 'Pager'] },
        { words: ['group', 'rule', 'create', 'Odd', '--when', when, '--group', 'Nowhere'] },
        words('group rule create Odd'),
      ),
      { words: create },
      { words: ['group', 'rule', 'activate', 'On call people'] },
      words('group rule list --json=name,status'),
      { words: ['group', 'rule', 'deactivate', 'On call people', '--json'] },
      words('group rule activate nothing'),
      words('group add Pager olu@example.org nobody@example.org'),
      words('group add Nowhere olu@example.org'),
      beside(
        words('group list --q pag'),
        words('group list --q pag --json=profile'),
        words('group show pager'),
        words('group show Pager --json=login,by'),
        words('group remove Pager olu@example.org'),
        words('group remove Pager olu@example.org --dry-run'),
      ),
      words('group remove Pager olu@example.org --yes --json'),
      words('group remove Everyone olu@example.org --yes'),
      words('group add Pager olu@example.org ana@example.org'),
    ]);
  });

  it('service accounts', async () => {
    const profile = { login: 'backup@example.org', email: 'backup@example.org' };
    await org.ana.call('POST', '/api/v1/users', { profile });
    await holds('service-account', [
      words('service-account list'),
      words('service-account mark backup@example.org --no-input'),
      words('service-account mark backup@example.org --yes'),
      words('service-account list --utc'),
      beside(
        words('service-account create-token backup@example.org nightly --purpose backs-up'),
        words('service-account create-token backup@example.org nightly --zone loopback'),
      ),
      words('service-account create-token backup@example.org nightly --purpose backs-up --zone anywhere'),
      words('service-account create-token ana@example.org nightly --purpose backs-up --zone loopback'),
      words('service-account mark ana@example.org --yes'),
      words('service-account mark nobody@example.org --yes'),
      words('service-account unmark backup@example.org --json=profile,sallyport'),
    ]);
  });

  it('roles and resource sets', async () => {
    const group = await org.ana.call('POST', '/api/v1/groups', { profile: { name: 'Support team' } });
    const login = 'max@example.org';
    await org.ana.call('POST', '/api/v1/users', { profile: { login, email: login } });
    const people = `/api/v1/groups/${String(group.body['id'])}/users`;
    // What Ana used so far is written down in batches.
    await org.server.services.permissionUse.flush();
    const named = (line: string, ...more: string[]) => [...words(line), ...more];
    await holds('role', [
      beside(
        words('role'),
        words('role list --json=id,kind'),
        words('role show REPORT_ADMIN'),
        words('role show nothing'),
        words('role compare HELP_DESK_ADMIN GROUP_MEMBERSHIP_ADMIN'),
        named('role create', 'Front desk'),
        named('role create --permissions okta.roles.manage', 'Front desk'),
      ),
      named('role create --permissions okta.users.read,okta.users.credentials.resetPassword', 'Front desk'),
      named('role create --permissions okta.users.read', 'front DESK'),
      words('role assign REPORT_ADMIN --to max@example.org --over Support'),
      named('role assign --to max@example.org', 'Front desk'),
      named('resource-set create', 'Support'),
      words(`resource-set add Support ${people} /api/v1/zones`),
      words(`resource-set add Support ${people}`),
      words('resource-set add Support /api/v1/nothing'),
      named('role assign --to max@example.org --over Support', 'Front desk'),
      named('role assign --to max@example.org --over Support', 'Front desk'),
      named('role assign HELP_DESK_ADMIN --to max@example.org --for-groups', 'Support team'),
      named('role assign REPORT_ADMIN --to-group', 'Support team'),
      beside(
        named('role show --utc', 'Front desk'),
        words('admin list --utc'),
        words('admin list --show one-key --json=login,roles'),
        words('admin list --show nobody'),
        words(`access who okta.users.credentials.resetPassword ${people.slice(0, -6)}`),
        words('access who okta.users.credentials.resetPassword'),
        words('access who okta.networkZones.manage /api/v1/zones'),
        words('access who okta.users.fly'),
        words('access what max@example.org'),
        words('access what nobody@example.org'),
        words('resource-set show Support --utc'),
        words('resource-set list --utc'),
        named('role update --add okta.groups.read --remove okta.users.read --dry-run', 'Front desk'),
      ),
    ]);
  });

  it('roles and resource sets, changed and deleted', () => {
    const named = (line: string, ...more: string[]) => [...words(line), ...more];
    return holds('role-changes', [
      named('role update --remove okta.apps.read', 'Front desk'),
      named('role update --add okta.groups.read --yes', 'Front desk'),
      named('role update --add okta.groups.read --yes', 'Front desk'),
      words('role update SUPER_ADMIN --add okta.groups.read'),
      words('role unassign SUPER_ADMIN --from ana@example.org --yes'),
      named('role unassign --from max@example.org --yes', 'Front desk'),
      named('role unassign --from max@example.org --yes', 'Front desk'),
      named('role unassign REPORT_ADMIN --yes --from-group', 'Support team'),
      named('resource-set remove Support --yes', 'All network zones'),
      words('resource-set delete Support --yes'),
      beside(words('resource-set show Support'), named('role delete --no-input', 'Front desk')),
      named('role delete --yes', 'Front desk'),
    ]);
  });

  it('keys', () =>
    holds('key', [
      words('key list --json=name,kind,qualifies,whyNot'),
      words('key list --person nobody@example.org'),
      words('key add --no-browser'),
      words('key add --json'),
      ['key', 'rename', 'Security key 1', 'Blue one'],
      ['key', 'rename', 'Blue one', ''],
      words('key remove nothing'),
      ['key', 'remove', 'Blue one', '--no-input'],
      ['key', 'remove', 'Blue one', '--yes'],
    ]));

  it('a request of one’s own', () =>
    holds('api', [
      beside(
        words('api GET /sallyport/v1/session-binding/report --query days=7'),
        words('api GET /sallyport/v1/session-binding/report -q days=7 --json'),
        words('api GET /nothing'),
        words('api GET /nothing --json'),
        { words: ['api', 'POST', '/api/v1/groups', '--body', '{"profile":{}}'] },
        { words: ['api', 'POST', '/api/v1/groups', '--body', '{'] },
        { words: ['api', 'POST', '/api/v1/groups', '--body', '-', '--curl'], input: '{"profile":{"name":"it\'s"}}' },
        words('api DELETE /sallyport/v1/me/sessions/102AAAAAAAAAAAAAAAAA'),
      ),
    ]));

  it('access that is asked for, whose yes it takes, and what is given', async () => {
    const { groupId } = await makeAskableGroup(org.ana);
    const bundle = { name: 'Night desk', description: 'for the night', entitlements: [{ role: 'HELP_DESK_ADMIN' }] };
    expect((await org.ana.call('POST', '/api/v1/iam/governance/bundles', bundle)).status).toBe(200);
    const asked = { entitlement: { kind: 'group', id: groupId }, duration: 'PT2H', reason: 'Rotate the certificate' };
    const request = String((await org.ana.call('POST', '/sallyport/v1/requests', asked)).body['id']);
    const me = await org.ana.get('/api/v1/users/me');
    const { services: s, clock } = org.server;
    const grant = await s.store.transaction((tx) =>
      createGrant(s, tx, 'system', {
        userId: String(me.body['id']),
        entitlement: { kind: 'group', id: groupId },
        ...{ startsAt: clock.now(), expiresAt: clock.now() + 7_200_000 },
        ...{ source: { kind: 'request', id: 'req1' }, reason: 'Rotate the certificate' },
      }),
    );
    const create = (...more: string[]) => ['request', 'create', 'Payroll operators', ...more];
    const why = ['--reason', 'Rotate the certificate'];
    await holds('request', [
      beside(
        words('bundle'),
        words('bundle list --json=name,description,openGrants,roles'),
        ['bundle', 'show', 'Night desk', '--utc'],
        words('bundle show nothing'),
        ['bundle', 'delete', 'Night desk', '--no-input'],
        words('request-condition'),
        words('request-condition list --json=name,status,requesters,duration'),
        ['request-condition', 'show', 'Payroll operators for a while', '--utc'],
        words('request-condition show nothing --json'),
        ['request-condition', 'delete', 'Payroll operators for a while', '--no-input'],
        words('request-sequence'),
        ['request-sequence', 'show', 'Two fellow admins'],
        words('request-sequence list --json=name,decideWithin,steps'),
        ['request-sequence', 'delete', 'One approver', '--no-input'],
        ['complete', '--', 'bundle', 'show', 'N'],
        ['complete', '--', 'request-condition', 'delete', 'Pay'],
      ),
      beside(
        words('request'),
        words('request catalog'),
        words('request list --state gone'),
        words('request list --mine --utc'),
        words(`request show ${request} --utc`),
        words(`request show ${request} --wait 1s --json=status,approvalsNeeded`),
        words(`request show ${request} --wait soon`),
        words('request show reqAAAAAAAAAAAAAAAAA'),
        words(`request approve ${request}`),
        words(`request deny ${request}`),
        create(),
        words('request create nothing --reason x'),
        words('grant list --all --ended'),
        words('grant list --json=status,entitlement,reason'),
        words(`grant show ${grant.id} --utc`),
        words('grant show graAAAAAAAAAAAAAAAAA --json'),
        words(`grant extend ${grant.id}`),
        words(`grant end ${grant.id} --no-input`),
      ),
      words(`request cancel ${request}`),
      words(`request show ${request} --wait --json=status`),
      words(`request cancel ${request}`),
      words(`grant end ${grant.id} --yes`),
      words(`grant end ${grant.id} --yes`),
      beside(create('--for', '9h', ...why), create('--for', '2h', ...why, '--preview')),
      create('--for', '2h', ...why, '--wait', '1s', '--utc'),
      ['request-condition', 'deactivate', 'Payroll operators for a while'],
      ['bundle', 'delete', 'Night desk', '--yes'],
    ]);
  });

  it('reviews', () =>
    holds('review', [
      beside(
        words('campaign'),
        words('campaign create'),
        words('campaign create --preset moon --reviewer ana@example.org'),
        words('campaign create --reviewer nobody@example.org'),
        words('campaign launch nothing'),
        words('campaign report nothing'),
        words('review'),
        words('review list nothing --json'),
        words('review decide nothing'),
        words('campaign create --reviewer ana@example.org --group Everyone'),
        words('campaign create --reviewer ana@example.org --start tomorrow'),
        words('campaign create --reviewer ana@example.org --every month'),
        words('campaign create --preset groups --reviewer ana@example.org --group Nowhere'),
        words('campaign delete nothing'),
        words('help review reassign'),
        words('review reassign Yearly --to ana@example.org'),
        words('review reassign Yearly icr1 --to a@example.org --from b@example.org --reason Away'),
      ),
      words('campaign create --name Yearly --reviewer ana@example.org --start 2099-01-01T00:00:00Z'),
      words('campaign launch Yearly --utc'),
      beside(
        words('campaign list --json=name,status'),
        words('review list Yearly --json=kind,subject'),
        words('review decide Yearly'),
        words('campaign launch Yearly'),
        words('campaign report Yearly --format pdf'),
        words('campaign report Yearly --verify'),
        words('campaign end Yearly --no-input'),
        words('campaign delete Yearly --yes'),
        words('review reassign Yearly --to ana@example.org --reason Away --no-input'),
        words('review reassign Yearly --to nobody@example.org --reason Away --yes'),
        words('review reassign Yearly nothing --to ana@example.org --reason Away'),
      ),
      words('campaign end Yearly --yes --utc'),
      words('campaign end Yearly --yes'),
      words('campaign delete Yearly --no-input'),
      words('campaign delete Yearly --yes'),
      words('campaign list'),
    ]));

  it('break-glass accounts and webhooks', () =>
    holds('break-glass', [
      beside(
        words('break-glass'),
        words('break-glass create glass@example.org'),
        words('break-glass create glass@example.org --primary 198.51.100.0/24 --shares 3'),
        words('break-glass show nobody@example.org'),
        words('break-glass review nobody@example.org'),
        words('break-glass test-alarm'),
        words('webhook'),
        words('webhook create siem'),
        words('webhook rotate nothing --overlap long'),
        words('webhook test nothing'),
        words('webhook delete nothing --yes --json'),
      ),
      words('webhook create siem http://siem.example.org/hooks'),
      words('webhook create siem https://siem.example.org/hooks'),
      words('webhook create siem https://siem.example.org/others'),
      words('webhook list --json=name,url,status,oldSecretEndsAt'),
      words('webhook rotate siem --overlap 0'),
      words('webhook delete siem --no-input'),
      words('webhook delete siem --yes'),
      words('break-glass create glass@example.org --primary 198.51.100.0/24'),
      beside(
        words('break-glass list --utc'),
        words('break-glass show glass@example.org --utc'),
        words('break-glass show glass@example.org --json=login,state,networks,todo'),
        words('break-glass review glass@example.org --note Nothing'),
        words('break-glass rotate glass@example.org --no-input'),
        words('break-glass rotate glass@example.org --whole --shares 3 --needed 2 --yes'),
      ),
      words('break-glass drill glass@example.org'),
    ]));

  it('no environment changes what is printed: there is no colour to leave out', async () => {
    const command = words('settings show');
    const outputs = await Promise.all(
      [{}, { NO_COLOR: '1' }, { FORCE_COLOR: '3', CLICOLOR_FORCE: '1' }, { TERM: 'dumb' }].map((env) =>
        org.run(command, env as Record<string, string>),
      ),
    );
    for (const { stdout, stderr } of outputs) {
      expect(stdout).toBe(outputs[0]?.stdout);
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it('signs out; a second time quietly', () =>
    holds('logout', [words('logout'), words('whoami'), words('logout'), words('logout --all --json')]));
});

describe('errors of the surroundings', () => {
  it('a server that is not there, a token that is none, a profile that others may read', async () => {
    await org.login();
    chmodSync(org.configFile, 0o644);
    const nowhere = { SALLYPORT_URL: nobody, XDG_CONFIG_HOME: join(org.folder, 'other') };
    await holds('surroundings', [
      beside(
        words('whoami'),
        words('whoami --json'),
        { words: words('status'), env: { ...nowhere } },
        { words: words('login --no-browser'), env: { ...nowhere } },
        { words: words('whoami --json'), env: { ...nowhere, SALLYPORT_TOKEN: 'sp_cli_x' } },
        {
          words: words('whoami'),
          env: { XDG_CONFIG_HOME: nowhere.XDG_CONFIG_HOME, SALLYPORT_TOKEN: 'not-a-good-token-at-all' },
        },
      ),
    ]);
  });
});
