import type { ConsoleSettingsAnswer, SessionBindingAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { BindingMode } from '@sallyport/model/session';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const CONSOLE = { params: { appName: 'admin-console' } } as const;
const MODES: readonly BindingMode[] = ['ENFORCED', 'PROVE', 'MONITOR', 'DISABLED'];

interface Change {
  readonly setting: string;
  readonly from: string | number;
  readonly to: string | number;
}

const readSettings = async (client: Client) => ({
  sessionBinding: await client.call('sessionBinding.get', {}),
  adminConsole: await client.call('adminConsoleSettings.get', CONSOLE),
});

const modeOf = (turn: Turn, flag: string, option: string): BindingMode | null => {
  const given = turn.text(option);
  if (given === undefined) return null;
  const mode = MODES.find((candidate) => candidate === given.toUpperCase());
  if (mode === undefined) throw usageError(`${flag}: must be one of ${MODES.join(', ').toLowerCase()}`);
  return mode;
};

const minutesOf = (turn: Turn, flag: string, option: string): number | null => {
  const given = turn.text(option);
  if (given === undefined) return null;
  if (!/^\d{1,5}$/.test(given)) throw usageError(`${flag}: must be a number of minutes`);
  return Number(given);
};

const changesOf = <T extends object>(group: string, before: T, after: T): Change[] =>
  (Object.keys(after) as (keyof T & string)[])
    .filter((key) => typeof after[key] !== 'object' && before[key] !== after[key])
    .map((key) => ({ setting: `${group}.${key}`, from: before[key] as string, to: after[key] as string }));

/** Who would feel it, as far as the server can tell today. */
const affectedBy = async (client: Client, changes: readonly Change[]): Promise<string[]> => {
  const lines: string[] = [];
  if (
    changes.some(({ setting, to }) => setting.startsWith('sessionBinding') && (to === 'ENFORCED' || to === 'PROVE'))
  ) {
    const report = await client.call('sessionBinding.report', {});
    lines.push(report.summary, ...report.rows.map((row) => `  ${row.login}: ${row.sessions} session(s)`));
  }
  if (changes.some(({ setting }) => setting.startsWith('sessionBinding')))
    lines.push('Every live session is held to it from its next request on.');
  if (changes.some(({ setting }) => setting.startsWith('adminConsole')))
    lines.push('Sessions that live now keep their times; those that begin later get the new ones.');
  return lines;
};

const set = async (turn: Turn): Promise<void> => {
  const asked = {
    asn: modeOf(turn, '--asn-binding', 'asnBinding'),
    ip: modeOf(turn, '--ip-binding', 'ipBinding'),
    idle: minutesOf(turn, '--console-idle', 'consoleIdle'),
    lifetime: minutesOf(turn, '--console-lifetime', 'consoleLifetime'),
  };
  if (Object.values(asked).every((value) => value === null))
    throw usageError('nothing to set', 'sallyport settings set --ip-binding enforced --dry-run');
  const client = turn.client();
  const before = await readSettings(client);
  const sessionBinding: SessionBindingAnswer = {
    ...before.sessionBinding,
    asnBinding: asked.asn ?? before.sessionBinding.asnBinding,
    ipBinding: asked.ip ?? before.sessionBinding.ipBinding,
  };
  const adminConsole: ConsoleSettingsAnswer = {
    sessionIdleTimeoutMinutes: asked.idle ?? before.adminConsole.sessionIdleTimeoutMinutes,
    sessionMaxLifetimeMinutes: asked.lifetime ?? before.adminConsole.sessionMaxLifetimeMinutes,
  };
  const bindingChanges = changesOf('sessionBinding', before.sessionBinding, sessionBinding);
  const consoleChanges = changesOf('adminConsole', before.adminConsole, adminConsole);
  const changes = [...bindingChanges, ...consoleChanges];
  const affected = await affectedBy(client, changes);
  const isDryRun = turn.is('dryRun');
  const diff =
    changes.length === 0
      ? ['Nothing changes.']
      : changes.flatMap(({ setting, from, to }) => [`- ${setting}: ${from}`, `+ ${setting}: ${to}`]);
  if (!turn.isJson) (isDryRun ? printLines : (lines: readonly string[]) => note(...lines))([...diff, ...affected]);
  if (!isDryRun && changes.length > 0) {
    if (!turn.is('yes')) await turn.confirm('Change these settings?', '--yes');
    if (bindingChanges.length > 0) await client.call('sessionBinding.put', { body: { ...sessionBinding } });
    if (consoleChanges.length > 0) await client.call('adminConsoleSettings.put', { ...CONSOLE, body: adminConsole });
  }
  if (turn.isJson) return printJson({ changes, affected, isApplied: !isDryRun && changes.length > 0 });
  if (!isDryRun) printLines([changes.length === 0 ? 'Unchanged.' : 'Changed.']);
};

/** `sallyport settings …`: session binding, and the times of Admin Console sessions. */
export const addSettingsVerbs = (program: Command): void => {
  const settings = program.command('settings').description('session protection: binding and times');
  addVerb(
    settings,
    {
      name: 'show',
      summary: 'session binding and console times',
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport settings show'],
    },
    async (turn) => {
      const all = await readSettings(turn.client());
      if (turn.isJson) return printJson({ ...all });
      const { sessionBinding, adminConsole } = all;
      printLines([
        ...facts([
          ['Network (ASN) binding', sessionBinding.asnBinding],
          ['Address (IP) binding', sessionBinding.ipBinding],
          ['Exempt zone', sessionBinding.exemptZoneId ?? 'none'],
          ['Console ends if idle', `${adminConsole.sessionIdleTimeoutMinutes} min`],
          ['Console ends', `after ${adminConsole.sessionMaxLifetimeMinutes} min`],
        ]),
        ...Object.entries(sessionBinding.apps).map(
          ([app, modes]) => `App ${app}: ASN ${modes.asnBinding ?? 'as above'}, IP ${modes.ipBinding ?? 'as above'}`,
        ),
      ]);
    },
  );
  addVerb(
    settings,
    {
      name: 'set',
      summary: 'change them; prints what differs and whom it concerns',
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--asn-binding <mode>', 'enforced, prove, monitor or disabled'],
        ['--ip-binding <mode>', 'enforced, prove, monitor or disabled'],
        ['--console-idle <minutes>', 'how long a console session may be idle'],
        ['--console-lifetime <minutes>', 'how long it lives at most'],
        ['--dry-run', 'change nothing, print what would change'],
        ['--yes', 'do not ask'],
      ],
      examples: [
        'sallyport settings set --ip-binding enforced --dry-run',
        'sallyport settings set --console-idle 10 --yes',
      ],
    },
    set,
  );
};
