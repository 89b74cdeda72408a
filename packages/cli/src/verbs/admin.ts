import type { AdminAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';

const FIELDS = fieldsOf<AdminAnswer>({
  id: true,
  login: true,
  name: true,
  status: true,
  isServiceAccount: true,
  roles: true,
  lastSignInAt: true,
  lastUsedAt: true,
  unusedDays: true,
  strongest: true,
  keys: true,
  sessions: true,
});

const roleText = ({ label, over, via }: AdminAnswer['roles'][number]): string =>
  `${label}${over === 'everything' ? '' : ` over ${over}`}${via === null ? '' : ` via ${via.name}`}`;

/** `sallyport admin …`: who holds power all the time. */
export const addAdminVerbs = (program: Command): void => {
  const admin = program.command('admin').description('who holds power all the time');
  addVerb(
    admin,
    {
      name: 'list',
      summary: 'everybody with an admin role: by what, since when, last used, strongest authenticator, sessions',
      options: [
        ['--role <type>', 'only holders of this role, like SUPER_ADMIN'],
        ['--show <which>', 'able, one-key, no-key, never, unused, service-account or break-glass'],
      ],
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport admin list', 'sallyport admin list --show unused --json=login,roles'],
    },
    async (turn) => {
      const client = turn.client();
      const [role, show] = [turn.text('role'), turn.text('show')];
      const query = {
        ...(role === undefined ? {} : { role }),
        ...(show === undefined ? {} : { show: show as 'able' }),
      };
      const admins: AdminAnswer[] = [];
      for await (const page of client.pages('admins.list', { query })) admins.push(...page);
      admins.sort((a, b) => (a.login < b.login ? -1 : Number(a.login > b.login)));
      const standing = await client.call('standingPrivilege.get', {});
      if (turn.isJson) return printJson({ standing, admins: admins.map(turn.jsonItem) });
      note(
        `Standing power: ${standing.people} people (${standing.serviceAccounts} of them service accounts), ${standing.superAdmins} with all of it, ${standing.throughGroupsOnly} through groups alone; ${standing.serviceApps} service apps.`,
      );
      printLines(
        table(
          ['LOGIN', 'STATUS', 'STRONGEST', 'SESSIONS', 'SINCE', 'LAST USED', 'ROLES'],
          admins.map(({ login, status, isServiceAccount, strongest, sessions, roles, lastUsedAt }) => [
            login,
            status.toLowerCase(),
            isServiceAccount ? 'service account' : strongest,
            String(sessions),
            turn.time(roles.map(({ since }) => since).toSorted()[0] ?? null),
            lastUsedAt === null ? 'not in 90 days' : turn.time(lastUsedAt),
            roles.map(roleText).join(', '),
          ]),
        ),
      );
    },
  );
};
