import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { printJson } from '../print.ts';
import { addVerb, type Turn } from '../verb.ts';

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** `-` is standard input, `@file` a file; so no secret need stand in a list of processes. */
const bodyOf = (given: string | undefined): unknown => {
  if (given === undefined) return undefined;
  const text =
    given === '-' ? readFileSync(0, 'utf8') : given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw usageError(
      '--body: is no JSON',
      `--body '{"name":"value"}', --body @file.json, or --body - for standard input`,
    );
  }
};

/** A path of this server: nothing that a URL parser would read as another host. */
const pathOf = (path: string, origin: string, query: readonly string[]): string => {
  const url = /^\/(?![/\\])/.test(path) ? URL.parse(path, origin) : null;
  if (url === null || url.origin !== origin) throw usageError('the path must begin with one /', '/api/v1/users/me');
  for (const pair of query) {
    const at = pair.indexOf('=');
    if (at < 1) throw usageError(`--query: ${JSON.stringify(pair)} is not name=value`);
    url.searchParams.append(pair.slice(0, at), pair.slice(at + 1));
  }
  return url.pathname + url.search;
};

const run = async (turn: Turn): Promise<void> => {
  const method = String(turn.args[0]).toUpperCase();
  if (!METHODS.has(method)) throw usageError(`${method} is no method`, [...METHODS].join(', '));
  const { origin } = turn.connection();
  const body = bodyOf(turn.text('body'));
  const path = pathOf(String(turn.args[1]), origin, (turn.options['query'] as readonly string[] | undefined) ?? []);
  const client = turn.client();
  let answer = await client.send({ method, path, ...(body === undefined ? {} : { body }) });
  const first = answer;
  const items: unknown[] = Array.isArray(answer.body) ? [...answer.body] : [];
  // A list that never ends (the log's polling) ends here at its first empty page.
  while (turn.is('paginate') && answer.nextPath !== null && Array.isArray(answer.body) && answer.body.length > 0) {
    answer = await client.send({ method: 'GET', path: answer.nextPath });
    if (Array.isArray(answer.body)) items.push(...answer.body);
  }
  const result = turn.is('paginate') && Array.isArray(first.body) ? items : first.body;
  if (turn.isJson) return printJson({ status: first.status, body: result ?? null });
  if (result !== undefined) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
};

/** `sallyport api <method> <path>`: any request, with the credential of this command line. */
export const addApi = (program: Command): void => {
  const command = addVerb(
    program,
    {
      name: 'api',
      summary: 'send a request and print its answer, as JSON',
      args: [
        ['<method>', 'GET, POST, PUT, PATCH or DELETE'],
        ['<path>', 'like /api/v1/users/me'],
      ],
      talksTo: 'server',
      isProtected: true,
      hasCurl: true,
      options: [
        ['--body <json>', 'JSON, @file, or - for standard input'],
        ['--paginate', 'follow the pages of a list'],
      ],
      examples: [
        'sallyport api GET /api/v1/users --query limit=5',
        'sallyport api POST /api/v1/groups --body @group.json',
        'sallyport api GET /api/v1/zones --curl',
      ],
    },
    run,
  );
  command.option(
    '-q, --query <name=value>',
    'a parameter; may be repeated',
    (pair: string, before: string[]) => [...before, pair],
    [],
  );
};
