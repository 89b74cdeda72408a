import type { ProtectedActionAnswer, ProtectedActionsAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { ProtectedActionSetting } from '@sallyport/model/protected-actions';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { secondsOf } from '../time-text.ts';
import { addVerb, type Turn } from '../verb.ts';

const KEYS = {
  'phishing-resistant': 'PHISHING_RESISTANT',
  'device-bound': 'DEVICE_BOUND',
  attested: 'ATTESTED',
} as const;
const KEY_NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[];
const keyName = (authenticator: ProtectedActionSetting['authenticator']): string =>
  KEY_NAMES.find((name) => KEYS[name] === authenticator) ?? authenticator;

const everyText = (minutes: number): string => (minutes === 0 ? 'each time' : `every ${minutes} min`);
const settingText = ({ isOn, maxAgeMinutes, authenticator, needsApproval }: ProtectedActionSetting): string =>
  isOn ? `${everyText(maxAgeMinutes)}, ${keyName(authenticator)} key${needsApproval ? ', second person' : ''}` : 'off';

const read = async (client: Client): Promise<{ table: ProtectedActionsAnswer; etag: string | null }> => {
  const { body, etag } = await client.send(requestOf('protectedActions.get', {}));
  return { table: body as ProtectedActionsAnswer, etag };
};

const find = ({ actions }: ProtectedActionsAnswer, turn: Turn): ProtectedActionAnswer => {
  const name = String(turn.args[0]);
  const found = actions.find(({ action }) => action === name);
  if (found === undefined) throw notFound('protected action', name, 'sallyport protected-action list');
  return found;
};

const onOff = (turn: Turn, flag: string, option: string): boolean | null => {
  const given = turn.text(option);
  if (given === undefined) return null;
  if (given !== 'on' && given !== 'off') throw usageError(`${flag}: must be on or off`);
  return given === 'on';
};

const minutesOf = (turn: Turn): number | null => {
  const given = turn.text('every');
  if (given === undefined) return null;
  const seconds = secondsOf(given);
  if (seconds === null || seconds % 60 !== 0) throw usageError('--every: must be whole minutes', '--every 10m');
  return seconds / 60;
};

const askedOf = (turn: Turn): Partial<ProtectedActionSetting> => {
  const every = minutesOf(turn);
  const key = turn.text('key');
  const name = KEY_NAMES.find((candidate) => candidate === key);
  if (key !== undefined && name === undefined) throw usageError(`--key: must be one of ${KEY_NAMES.join(', ')}`);
  const secondPerson = onOff(turn, '--second-person', 'secondPerson');
  if (turn.is('on') && turn.is('off')) throw usageError('--on and --off exclude each other');
  const asked: Partial<ProtectedActionSetting> = {
    ...(turn.is('on') ? { isOn: true } : {}),
    ...(turn.is('off') ? { isOn: false } : {}),
    ...(every === null ? {} : { maxAgeMinutes: every }),
    ...(name === undefined ? {} : { authenticator: KEYS[name] }),
    ...(secondPerson === null ? {} : { needsApproval: secondPerson }),
  };
  if (Object.keys(asked).length === 0)
    throw usageError('nothing to set', 'sallyport protected-action set zone.delete --every 10m --dry-run');
  return asked;
};

const set = async (turn: Turn): Promise<void> => {
  const asked = askedOf(turn);
  const client = turn.client();
  const { table: before, etag } = await read(client);
  const { action, setting } = find(before, turn);
  const to: ProtectedActionSetting = { ...setting, ...asked };
  const isChange = settingText(setting) !== settingText(to);
  const isDryRun = turn.is('dryRun');
  const diff = isChange
    ? [`- ${action}: ${settingText(setting)}`, `+ ${action}: ${settingText(to)}`]
    : ['Nothing changes.'];
  if (!turn.isJson) (isDryRun ? printLines : (lines: readonly string[]) => note(...lines))(diff);
  if (isChange && !isDryRun) {
    if (!turn.is('yes')) await turn.confirm('Change what this action asks for?', '--yes');
    // Only what was shown is changed: somebody else's change in between is a refusal.
    await client.send({
      ...requestOf('protectedActions.put', { body: { actions: { [action]: to } } }),
      ...(etag === null ? {} : { ifMatch: etag }),
    });
  }
  const isApplied = isChange && !isDryRun;
  if (turn.isJson) return printJson({ action, from: setting, to, isApplied });
  if (!isDryRun) printLines([isApplied ? 'Changed.' : 'Unchanged.']);
};

/** `sallyport protected-action …`: which actions ask for fresh proof, and of what kind. */
export const addProtectedActionVerbs = (program: Command): void => {
  const noun = program.command('protected-action').description('which actions ask for fresh proof with a key');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'all of them, what each asks for, and how often it was used in 30 days',
      args: [['[words...]', 'only those that have them in their name or their words']],
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport protected-action list', 'sallyport protected-action list zone'],
    },
    async (turn) => {
      const { table: all } = await read(turn.client());
      const words = (turn.args[0] as readonly string[]).map((word) => word.toLowerCase());
      const actions = all.actions.filter((row) => {
        const text = `${row.action} ${row.words} ${row.group}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
      if (turn.isJson) return printJson({ isOn: all.isOn, actions });
      if (!all.isOn) note('Protected actions are switched off: only those of the floor ask.');
      printLines(
        table(
          ['ACTION', 'ASKS', 'FLOOR', 'USED', 'LAST', 'WORDS'],
          actions.map((row) => [
            row.action,
            settingText(row.inForce),
            row.isFloor ? 'yes' : 'no',
            String(row.usedIn30Days),
            turn.time(row.lastUsedAt),
            row.words,
          ]),
        ),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'what one asks for, and why',
      args: [['<action>', 'its name, like zone.delete']],
      talksTo: 'server',
      examples: ['sallyport protected-action show zone.delete'],
    },
    async (turn) => {
      const { table: all } = await read(turn.client());
      const row = find(all, turn);
      if (turn.isJson) return printJson({ protectedAction: row });
      printLines(
        facts([
          ['Action', row.action],
          ['In words', row.words],
          ['Why', row.why],
          ['Asks', settingText(row.inForce)],
          ['Chosen', row.isChosen ? settingText(row.setting) : 'no, as it comes'],
          ['Can be switched off', row.isFloor ? 'no' : 'yes'],
          ['Longest time', `${row.maxAgeMinutesMax} min`],
          ['Used in 30 days', String(row.usedIn30Days)],
          ['Last used', turn.time(row.lastUsedAt)],
          [
            'Table changed',
            all.changed === null
              ? null
              : `${turn.time(all.changed.at)} by ${all.changed.byLogin ?? all.changed.by ?? 'the host'}`,
          ],
        ]),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'set',
      summary: 'change what one asks for; prints what differs',
      args: [['<action>', 'its name, like zone.delete']],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--every <time>', 'how old the last proof may be, like 10m; 0 asks each time'],
        ['--key <class>', KEY_NAMES.join(', ')],
        ['--second-person <on|off>', 'must somebody else approve, too'],
        ['--on', 'ask for proof'],
        ['--off', 'ask for none; not for those of the floor'],
        ['--dry-run', 'change nothing, print what would change'],
        ['--yes', 'do not ask'],
      ],
      examples: [
        'sallyport protected-action set zone.delete --every 10m --dry-run',
        'sallyport protected-action set api-token.create --second-person on',
      ],
    },
    set,
  );
};
