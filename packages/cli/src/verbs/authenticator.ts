import type {
  KeySettings,
  KeySettingsPreviewAnswer,
  OrgAuthenticatorAnswer,
  QuarantineAnswer,
  QuarantineHolderAnswer,
} from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { CliError, usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<OrgAuthenticatorAnswer>({
  id: true,
  key: true,
  type: true,
  name: true,
  status: true,
  created: true,
  lastUpdated: true,
});
const ONE = ['<authenticator>', 'its key, like google_otp, or its id'] as const;

const find = async (client: Client, typed: string): Promise<OrgAuthenticatorAnswer> => {
  const all = await client.call('authenticators.list', {});
  const found = all.find(({ key, id }) => key === typed || id === typed);
  if (found === undefined) throw notFound('authenticator', typed, 'sallyport authenticator list');
  return found;
};
const keysPath = async (client: Client) => ({
  params: { authenticatorId: (await find(client, 'webauthn')).id, methodType: 'webauthn' },
});

const LABELS: Readonly<Record<keyof KeySettings, string>> = {
  userVerification: 'Verifies the person when registered',
  userVerificationForVerify: 'Verifies the person at sign-in',
  attachment: 'Built in or carried along',
  residentKeyRequirement: 'Keeps the account on it',
  allowSyncablePasskeys: 'Synced passkeys',
  certBasedAttestationValidation: 'Proves its model',
  hardwareProtected: 'Keeps its secret in hardware',
  fipsCompliant: 'FIPS-certified',
  aaguidGroups: 'Models',
};

const textOf = (field: string, value: unknown): string => {
  if (field === 'aaguidGroups') {
    const groups = value as KeySettings['aaguidGroups'];
    return groups.length === 0
      ? 'any'
      : groups.map(({ name, aaguids }) => `${name} (${aaguids.join(', ')})`).join('; ');
  }
  if (field === 'allowSyncablePasskeys') return value === true ? 'taken, but for administrators' : 'not taken';
  return typeof value === 'boolean' ? (value ? 'asked' : 'not asked') : String(value).toLowerCase().replace('_', '-');
};

const upper = <T extends string>(turn: Turn, option: string, flag: string, values: readonly T[]): T | undefined => {
  const given = turn.text(option);
  if (given === undefined) return undefined;
  const value = values.find((one) => one.toLowerCase().replace('_', '-') === given.toLowerCase());
  if (value === undefined)
    throw usageError(`${flag}: must be one of ${values.join(', ').toLowerCase().replaceAll('_', '-')}`);
  return value;
};
const yesNo = (turn: Turn, option: string, flag: string): boolean | undefined => {
  const given = upper(turn, option, flag, ['yes', 'no']);
  return given === undefined ? undefined : given === 'yes';
};

/** `--models name=aaguid,aaguid …`; `any` takes the lists away. */
const groupsOf = (turn: Turn): KeySettings['aaguidGroups'] | undefined => {
  const given = turn.options['models'] as readonly string[] | undefined;
  if (given === undefined) return undefined;
  if (given.length === 1 && given[0] === 'any') return [];
  return given.map((text) => {
    const [, name, list] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || list === undefined)
      throw usageError('--models: must be any, or a name and its models', '--models "YubiKey 5=cb69481e-…,ee882879-…"');
    return { name, aaguids: list.split(',').map((one) => one.trim()) };
  });
};

const askedOf = (turn: Turn): Partial<KeySettings> => {
  const levels = ['DISCOURAGED', 'PREFERRED', 'REQUIRED'] as const;
  const asked = {
    userVerification: upper(turn, 'verification', '--verification', levels),
    userVerificationForVerify: upper(turn, 'verificationAtSignIn', '--verification-at-sign-in', [
      'PREFERRED',
      'REQUIRED',
    ]),
    attachment: upper(turn, 'attachment', '--attachment', ['ANY', 'BUILT_IN', 'ROAMING']),
    residentKeyRequirement: upper(turn, 'residentKey', '--resident-key', levels),
    allowSyncablePasskeys: yesNo(turn, 'synced', '--synced'),
    certBasedAttestationValidation: yesNo(turn, 'attestation', '--attestation'),
    hardwareProtected: yesNo(turn, 'hardware', '--hardware'),
    fipsCompliant: yesNo(turn, 'fips', '--fips'),
    aaguidGroups: groupsOf(turn),
  };
  const named = Object.entries(asked).filter(([, value]) => value !== undefined);
  if (named.length === 0) throw usageError('nothing to set', 'sallyport authenticator update --synced no --dry-run');
  return Object.fromEntries(named) as Partial<KeySettings>;
};

const holderLines = ({ user, isAdmin, isSuperAdmin, otherKeys, keys }: QuarantineHolderAnswer): string[] => [
  `${user.login}${isSuperAdmin ? ' (super admin)' : isAdmin ? ' (administrator)' : ''}: ${otherKeys === 0 ? 'no other key' : `${otherKeys} other`}`,
  ...keys.map(({ name, why }) => `  ${name}: ${why.join(' ')}`),
];
const quarantineLines = ({ summary, holders, people }: QuarantineAnswer): string[] => [
  summary,
  ...holders.flatMap(holderLines),
  ...(people > holders.length ? [`… and ${people - holders.length} more people`] : []),
];

const update = async (turn: Turn): Promise<void> => {
  const settings = askedOf(turn);
  const client = turn.client();
  const path = await keysPath(client);
  const before = await client.send(requestOf('authenticators.getMethod', path));
  const body = { settings } as never;
  const preview = (await client.call('authenticators.replaceMethod', {
    ...path,
    query: { dryRun: 'true' },
    body,
  })) as unknown as KeySettingsPreviewAnswer;
  const { changes, quarantine, refusedBecause } = preview;
  const isDryRun = turn.is('dryRun');
  const diff =
    changes.length === 0
      ? ['Nothing changes.']
      : changes.flatMap(({ field, from, to }) => [
          `- ${LABELS[field]}: ${textOf(field, from)}`,
          `+ ${LABELS[field]}: ${textOf(field, to)}`,
        ]);
  const lines = [...diff, ...quarantineLines(quarantine)];
  if (!turn.isJson) (isDryRun ? printLines : (all: readonly string[]) => note(...all))(lines);
  if (refusedBecause !== null) {
    if (isDryRun && turn.isJson) return printJson({ ...preview, isApplied: false });
    throw new CliError('denied', `it would be refused: ${refusedBecause}`, { code: 'last_super_admin' });
  }
  const isApplied = !isDryRun && changes.length > 0;
  if (isApplied) {
    if (!turn.is('yes')) await turn.confirm('Change what is asked of keys?', '--yes');
    // Only what was shown is changed: somebody else's change in between is a refusal.
    await client.send({
      ...requestOf('authenticators.replaceMethod', { ...path, body }),
      ...(before.etag === null ? {} : { ifMatch: before.etag }),
    });
  }
  if (turn.isJson) return printJson({ ...preview, isApplied });
  if (!isDryRun) printLines([isApplied ? 'Changed.' : 'Unchanged.']);
};

const switchOne = async (turn: Turn, isOn: boolean): Promise<void> => {
  const client = turn.client();
  const { id } = await find(client, String(turn.args[0]));
  const path = { params: { authenticatorId: id } };
  const changed = await client.call(isOn ? 'authenticators.activate' : 'authenticators.deactivate', path);
  if (turn.isJson) return printJson({ authenticator: turn.jsonItem(changed) });
  printLines([`${changed.name} is ${changed.status.toLowerCase()}.`]);
};

/** `sallyport authenticator …`: what is asked of keys, whose keys do not qualify, and what is known of models. */
export const addAuthenticatorVerbs = (program: Command): void => {
  const noun = program.command('authenticator').description('which keys and other authenticators are taken');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'all authenticators',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport authenticator list'],
    },
    async (turn) => {
      const all = await turn.client().call('authenticators.list', {});
      if (turn.isJson) return printJson({ authenticators: all.map(turn.jsonItem) });
      printLines(
        table(
          ['KEY', 'NAME', 'STATUS'],
          all.map(({ key, name, status }) => [key, name, status]),
        ),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'what is asked of keys',
      talksTo: 'server',
      examples: ['sallyport authenticator show'],
    },
    async (turn) => {
      const client = turn.client();
      const { settings } = await client.call('authenticators.getMethod', await keysPath(client));
      if (turn.isJson) return printJson({ settings });
      printLines(
        facts(
          (Object.keys(LABELS) as (keyof KeySettings)[]).map((field) => [
            LABELS[field],
            textOf(field, settings[field]),
          ]),
        ),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'update',
      summary: 'change it; prints what differs and whose keys would not be taken any more',
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--verification <level>', 'when registered: required, preferred or discouraged'],
        ['--verification-at-sign-in <level>', 'required or preferred'],
        ['--attachment <kind>', 'any, built-in or roaming'],
        ['--resident-key <level>', 'required, preferred or discouraged'],
        ['--synced <yes|no>', 'take synced passkeys of people who are no administrators'],
        ['--attestation <yes|no>', 'take only keys that prove their model'],
        ['--hardware <yes|no>', 'take only models that keep their secret in hardware'],
        ['--fips <yes|no>', 'take only FIPS-certified models'],
        ['--models <name=aaguids...>', 'take only these models; any takes the lists away'],
        ['--dry-run', 'change nothing, print what would change'],
        ['--yes', 'do not ask'],
      ],
      examples: [
        'sallyport authenticator update --synced no --dry-run',
        'sallyport authenticator update --attestation yes --hardware yes --yes',
      ],
    },
    update,
  );
  addVerb(
    noun,
    {
      name: 'quarantine',
      summary: 'keys that are registered and not taken any more, by person, and why',
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport authenticator quarantine', 'sallyport authenticator quarantine --json'],
    },
    async (turn) => {
      const report = await turn.client().call('authenticators.quarantine', {});
      if (turn.isJson) return printJson({ ...report });
      printLines(quarantineLines(report));
    },
  );
  addVerb(
    noun,
    {
      name: 'models',
      summary: 'models of the registered keys, and the metadata file that is known of them',
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport authenticator models'],
    },
    async (turn) => {
      const answer = await turn.client().call('authenticators.models', {});
      if (turn.isJson) return printJson({ ...answer });
      const { metadata, models } = answer;
      if (metadata === null) note('There is no metadata file: models are known only if somebody added them.');
      else {
        if (metadata.problem !== null) note(`The metadata file cannot be read: ${metadata.problem}`);
        note(
          `Metadata file ${metadata.number ?? '?'}: ${metadata.models} models, the next one due ${metadata.nextUpdate ?? '?'}; its signature was ${metadata.isSignatureChecked ? 'checked' : 'not checked, for no root.pem lies beside it'}.`,
        );
      }
      printLines(
        table(
          ['AAGUID', 'NAME', 'KNOWN FROM', 'ATTESTED', 'CLAIMED'],
          models.map((model) => [
            model.aaguid,
            model.name ?? '',
            model.source ?? '',
            String(model.attestedKeys),
            String(model.claimedKeys),
          ]),
        ),
      );
    },
  );
  for (const [name, isOn, summary] of [
    ['activate', true, 'switch one on'],
    ['deactivate', false, 'switch one off: one-time codes; keys and passwords stay on'],
  ] as const)
    addVerb(
      noun,
      {
        name,
        summary,
        args: [ONE],
        talksTo: 'server',
        isProtected: true,
        jsonFields: FIELDS,
        examples: [`sallyport authenticator ${name} google_otp`],
      },
      (turn) => switchOne(turn, isOn),
    );
};
