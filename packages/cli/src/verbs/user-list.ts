import type { UserAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';

/** What `--json` may choose of a person. */
export const USER_FIELDS = fieldsOf<UserAnswer>({ id: true, status: true, profile: true, sallyport: true });
const SHOWN = 100;

const nameOf = ({ profile }: UserAnswer): string =>
  [profile['firstName'], profile['lastName']].filter((part) => typeof part === 'string').join(' ');

/** `sallyport user list`. */
export const addUserList = (user: Command): void => {
  addVerb(
    user,
    {
      name: 'list',
      summary: 'people, by what their profiles say',
      options: [
        ['--search <expression>', 'as the API searches: profile.department eq "Ops" and status eq "ACTIVE"'],
        ['--q <start>', 'the start of a name, a login or an address'],
        ['--sort <attribute>', 'in the order of it, for example profile.lastName'],
        ['--limit <count>', `at most so many (default: ${SHOWN})`],
      ],
      talksTo: 'server',
      hasCurl: true,
      jsonFields: USER_FIELDS,
      examples: [
        'sallyport user list --q lee',
        'sallyport user list --search \'profile.department eq "Ops"\' --sort profile.lastName --json=id,profile',
      ],
    },
    async (turn) => {
      const text = turn.text('limit') ?? String(SHOWN);
      const limit = Number(text);
      if (!/^\d{1,6}$/.test(text) || limit < 1) throw usageError('--limit: must be a number, at least 1');
      const given = { search: turn.text('search'), q: turn.text('q'), sortBy: turn.text('sort') };
      const query = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const people: UserAnswer[] = [];
      for await (const page of turn
        .client()
        .pages('users.list', { query: { ...query, limit: String(Math.min(limit + 1, 200)) } })) {
        people.push(...page);
        if (people.length > limit) break;
      }
      const shown = people.slice(0, limit);
      if (turn.isJson) return printJson({ users: shown.map(turn.jsonItem), isMore: people.length > limit });
      printLines(
        table(
          ['ID', 'LOGIN', 'NAME', 'STATUS'],
          shown.map((person) => [person.id, person.profile.login, nameOf(person), person.status]),
        ),
      );
      if (people.length > limit) note(`There are more; --limit ${limit * 10} shows them.`);
    },
  );
};
