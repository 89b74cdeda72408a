import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { AppAnswer, AppKeyAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { ActionName } from '@sallyport/model/protected-actions';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { CliError, usageError } from '../cli-error.ts';
import { allApps, findApp } from '../find-app.ts';
import { fieldsOf } from '../json-fields.ts';
import { NETWORK_OPTIONS, networkOf } from '../network-option.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<AppAnswer>({
  id: true,
  name: true,
  label: true,
  status: true,
  signOnMode: true,
  created: true,
  lastUpdated: true,
  _links: true,
  settings: true,
  lastUsed: true,
  lastUsedFrom: true,
});
const APP = ['<app>', 'id, its beginning, or name'] as const;
const KEY = ['<key>', 'id, its beginning, or kid'] as const;
const KINDS: Readonly<Record<string, string>> = {
  oidc_client: 'service app',
  sallyport_gateway: 'behind the gateway',
  bookmark: 'bookmark',
};
const kindOf = ({ name }: AppAnswer): string => KINDS[name] ?? 'built in';

const appOf = (client: Client, turn: Turn): Promise<AppAnswer> => findApp(client, String(turn.args[0]));

const keyOf = async (client: Client, turn: Turn, app: AppAnswer): Promise<AppKeyAnswer> => {
  const typed = String(turn.args[1]);
  const keys = await client.call('appKeys.list', { params: { appId: app.id } });
  const found = keys.find(({ kid }) => kid === typed) ?? byPrefix(keys, typed);
  if (found === null) throw notFound('key', typed, `sallyport app key list ${app.id}`);
  return found;
};

type Jwk = Record<string, unknown>;

/** A key set, or one key, from a file. */
const readKeys = (path: string): Jwk[] => {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Jwk & { readonly keys?: readonly Jwk[] };
    return read.keys === undefined ? [read] : [...read.keys];
  } catch {
    throw usageError(`${path}: must be a file with a JSON Web Key, or a set of them`);
  }
};

/** RSA, because the proofs of the clients in use are RS256; the private half goes into a file that nobody else reads. */
const generateKey = (path: string): Jwk => {
  if (existsSync(path)) throw usageError(`${path}: is there already, and is not overwritten`);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const kid = randomUUID();
  const secret = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  try {
    writeFileSync(path, `${JSON.stringify(secret, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch {
    throw new CliError('failed', `${path} could not be written`, { code: 'file_not_written' });
  }
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
};

const KEY_OPTIONS = [
  ['--key <file>', 'public keys: a JSON Web Key or a set of them'],
  ['--generate-key <file>', 'make a key here, and write its private half to this new file'],
] as const;

/** The public keys that were asked for; exactly one way to say which. */
/** Is a key typed? Asked before there is a client: a key that is made is a file, which nobody wants who is not signed in. */
const isKeyTyped = (turn: Turn): boolean => {
  const [file, generated] = [turn.text('key'), turn.text('generateKey')];
  if (file !== undefined && generated !== undefined) throw usageError('--key and --generate-key: give one of them');
  return (file ?? generated) !== undefined;
};
const keysFrom = (turn: Turn): Jwk[] | null => {
  const [file, generated] = [turn.text('key'), turn.text('generateKey')];
  if (file !== undefined) return readKeys(file);
  return generated === undefined ? null : [generateKey(generated)];
};

const networkText = ({ settings }: AppAnswer): string => {
  const network = settings.oauthClient?.network;
  if (network === undefined) return '';
  if (network.connection === 'ANYWHERE') return 'anywhere';
  return network.connection === 'LOOPBACK' ? 'this host only' : network.include.join(', ');
};

const createService = async (turn: Turn): Promise<void> => {
  const uri = turn.text('jwksUri');
  const network = await networkOf(turn);
  if (network === null) throw usageError('--zone: say from where it works', '--zone loopback');
  if (isKeyTyped(turn) === (uri !== undefined))
    throw usageError(
      'give --key, --generate-key or --jwks-uri, and one of them alone',
      '--generate-key deploy.jwk.json',
    );
  const client = turn.client();
  const keys = keysFrom(turn);
  const app = await client.call('apps.create', {
    body: {
      name: 'oidc_client',
      label: String(turn.args[0]),
      settings: {
        app: {
          protectedActions: (turn.options['protectedActions'] ?? []) as ActionName[],
          networkReason: network.anywhereReason ?? null,
        },
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          dpop_bound_access_tokens: turn.is('dpop'),
          network: network.network,
          ...(uri === undefined ? { jwks: { keys: keys ?? [] } } : { jwks_uri: uri }),
        },
      },
    },
  });
  if (turn.isJson) return printJson({ app });
  printLines([app.id]);
  note(
    `Made ${app.label}. It may do nothing yet: give it scopes and a role.`,
    `sallyport app grant add ${app.id} okta.users.read`,
  );
};

const addKeyVerbs = (app: Command): void => {
  const key = app.command('key').description('the public keys of a service app');
  addVerb(
    key,
    {
      name: 'list',
      summary: 'its keys, and when each was last used',
      args: [APP],
      talksTo: 'server',
      examples: ['sallyport app key list deploy'],
    },
    async (turn) => {
      const client = turn.client();
      const { id } = await appOf(client, turn);
      const keys = await client.call('appKeys.list', { params: { appId: id } });
      if (turn.isJson) return printJson({ keys });
      printLines(
        table(
          ['ID', 'KID', 'ALGORITHM', 'STATUS', 'ADDED', 'LAST USED'],
          keys.map(({ id: keyId, kid, alg, status, created, lastUsed }) => [
            keyId,
            kid,
            alg,
            status === 'ACTIVE' ? 'active' : 'retired',
            turn.time(created),
            lastUsed === null ? 'never' : turn.time(lastUsed),
          ]),
        ),
      );
    },
  );
  addVerb(
    key,
    {
      name: 'add',
      summary: 'add a public key',
      args: [APP],
      options: KEY_OPTIONS,
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport app key add deploy --generate-key deploy-2.jwk.json'],
    },
    async (turn) => {
      if (!isKeyTyped(turn)) throw usageError('give --key or --generate-key', '--generate-key deploy-2.jwk.json');
      const client = turn.client();
      const { id } = await appOf(client, turn);
      const added: AppKeyAnswer[] = [];
      for (const body of keysFrom(turn) ?? [])
        added.push(await client.call('appKeys.add', { params: { appId: id }, body }));
      if (turn.isJson) return printJson({ keys: added });
      printLines(added.map(({ kid }) => `Added ${kid}.`));
    },
  );
  addVerb(
    key,
    {
      name: 'retire',
      summary: 'let a key count no more; the tokens of the app end, too',
      args: [APP, KEY],
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport app key retire deploy pksAbc'],
    },
    async (turn) => {
      const client = turn.client();
      const found = await appOf(client, turn);
      const { id, kid } = await keyOf(client, turn, found);
      if (!turn.is('yes')) await turn.confirm(`Retire ${kid}, and end the tokens of ${found.label}?`, '--yes');
      const retired = await client.call('appKeys.deactivate', { params: { appId: found.id, keyId: id } });
      if (turn.isJson) return printJson({ key: retired });
      printLines([`Retired ${kid}.`]);
    },
  );
};

const addGrantVerbs = (app: Command): void => {
  const grant = app.command('grant').description('the scopes of a service app: a lid on what its roles give');
  addVerb(
    grant,
    {
      name: 'list',
      summary: 'its scopes',
      args: [APP],
      talksTo: 'server',
      examples: ['sallyport app grant list deploy'],
    },
    async (turn) => {
      const client = turn.client();
      const { id } = await appOf(client, turn);
      const grants = await client.call('appGrants.list', { params: { appId: id } });
      if (turn.isJson) return printJson({ grants });
      printLines(
        table(
          ['SCOPE', 'SINCE'],
          grants.map(({ scopeId, created }) => [scopeId, turn.time(created)]),
        ),
      );
    },
  );
  addVerb(
    grant,
    {
      name: 'add',
      summary: 'grant scopes',
      args: [APP, ['<scope...>', 'like okta.users.read']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport app grant add deploy okta.users.read okta.groups.read'],
    },
    async (turn) => {
      const client = turn.client();
      const { id } = await appOf(client, turn);
      const granted = [];
      for (const scopeId of turn.args[1] as readonly string[])
        granted.push(await client.call('appGrants.create', { params: { appId: id }, body: { scopeId } }));
      if (turn.isJson) return printJson({ grants: granted });
      printLines(granted.map(({ scopeId }) => `Granted ${scopeId}.`));
    },
  );
  addVerb(
    grant,
    {
      name: 'remove',
      summary: 'take a scope away, from the next request on',
      args: [APP, ['<scope>', 'like okta.users.read']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport app grant remove deploy okta.users.read'],
    },
    async (turn) => {
      const client = turn.client();
      const { id } = await appOf(client, turn);
      const scope = String(turn.args[1]);
      const grants = await client.call('appGrants.list', { params: { appId: id } });
      const found = grants.find(({ scopeId }) => scopeId === scope);
      if (found === undefined) throw notFound('scope', scope, `sallyport app grant list ${id}`);
      await client.call('appGrants.revoke', { params: { appId: id, grantId: found.id } });
      if (turn.isJson) return printJson({ removed: found });
      printLines([`Took away ${scope}.`]);
    },
  );
};

/** `sallyport app …`. */
export const addAppVerbs = (program: Command): void => {
  const app = program.command('app').description('apps: consoles behind the gateway, bookmarks, and machines');
  addVerb(
    app,
    {
      name: 'list',
      summary: 'all apps',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport app list', 'sallyport app list --json=label,lastUsed'],
    },
    async (turn) => {
      const apps = await allApps(turn.client());
      if (turn.isJson) return printJson({ apps: apps.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'NAME', 'KIND', 'STATUS', 'LAST USED'],
          apps.map((one) => [
            one.id,
            one.label,
            kindOf(one),
            one.status === 'ACTIVE' ? 'on' : 'switched off',
            one.lastUsed === undefined ? '' : one.lastUsed === null ? 'never' : turn.time(one.lastUsed),
          ]),
        ),
      );
    },
  );
  addVerb(
    app,
    {
      name: 'show',
      summary: 'an app; of a service app also its keys, scopes, roles and last use',
      args: [APP],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport app show deploy'],
    },
    async (turn) => {
      const client = turn.client();
      const found = await appOf(client, turn);
      if (turn.isJson) return printJson({ app: turn.jsonItem(found) });
      const service = found.settings.oauthClient;
      const params = { appId: found.id };
      const [grants, roles] =
        service === undefined
          ? [[], []]
          : await Promise.all([
              client.call('appGrants.list', { params }),
              client.call('clientRoles.list', { params: { clientId: found.id } }),
            ]);
      printLines(
        facts([
          ['Id', found.id],
          ['Name', found.label],
          ['Kind', kindOf(found)],
          ['Status', found.status === 'ACTIVE' ? 'on' : 'switched off'],
          ...(service === undefined
            ? []
            : ([
                ['Usable from', networkText(found)],
                ['Tokens', service.dpop_bound_access_tokens ? 'bound to its key (DPoP)' : 'Bearer'],
                ['Keys', service.jwks_uri ?? (service.jwks?.keys.map(({ kid }) => kid).join(', ') || 'none')],
                ['Scopes', grants.map(({ scopeId }) => scopeId).join(', ') || 'none'],
                ['Roles', roles.map(({ label }) => label).join(', ') || 'none'],
                ['Does by itself', found.settings.app?.protectedActions?.join(', ') || 'no protected action'],
                ['Last used', typeof found.lastUsed === 'string' ? turn.time(found.lastUsed) : 'never'],
              ] as const)),
        ]),
      );
    },
  );
  addVerb(
    app,
    {
      name: 'create-service',
      summary: 'make a service app: a machine that proves itself with a key',
      args: [['<name>', 'what you know it by']],
      options: [
        ...KEY_OPTIONS,
        ['--jwks-uri <url>', 'where it publishes its keys'],
        ...NETWORK_OPTIONS,
        ['--dpop', 'its tokens work together with its key only'],
        ['--protected-actions <name...>', 'protected actions that it performs by itself (default: none)'],
      ],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport app create-service deploy --generate-key deploy.jwk.json --zone office --dpop'],
    },
    createService,
  );
  addVerb(
    app,
    {
      name: 'deactivate',
      summary: 'switch an app off: its sessions and tokens end at once',
      args: [APP],
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport app deactivate deploy'],
    },
    async (turn) => {
      const client = turn.client();
      const { id, label } = await appOf(client, turn);
      if (!turn.is('yes')) await turn.confirm(`Switch ${label} off, and end its sessions and tokens?`, '--yes');
      await client.call('apps.deactivate', { params: { appId: id } });
      if (turn.isJson) return printJson({ deactivated: { id, label } });
      printLines([`Switched off: ${label}`]);
    },
  );
  addKeyVerbs(app);
  addGrantVerbs(app);
};
