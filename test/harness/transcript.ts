import type { CliResult } from './cli-process.ts';

const ID_NAMES: Readonly<Record<string, string>> = {
  '102': 'session',
  '00u': 'user',
  '00o': 'org',
  '0oa': 'app',
  nzo: 'zone',
  tos: 'origin',
  '00p': 'policy',
  rst: 'policy',
  rul: 'rule',
  '0pr': 'rule',
  '00T': 'token',
  '00g': 'group',
  cr0: 'role',
  iam: 'set',
  ire: 'resource',
  apf: 'proof',
  oae: 'error',
  '0bb': 'bundle',
  gra: 'grant',
  req: 'request',
  rco: 'condition',
  ici: 'campaign',
  icr: 'item',
  who: 'webhook',
  cen: 'entry',
};
const ID = new RegExp(`\\b(${Object.keys(ID_NAMES).join('|')})[0-9A-Za-z]{17}\\b(?= {0,2})`, 'g');

/**
 * Marks in place of what differs from run to run, numbered so that the same value has the same mark, and as wide as
 * the value where columns depend on it.
 */
const createMarks = (named: Readonly<Record<string, string>>) => {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const numbered = (kind: string, value: string): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const mark = `<${kind}-${count}>`;
    known.set(value, mark);
    return mark;
  };
  const widened = (mark: string, value: string, after: string): string =>
    after.startsWith('  ') ? mark.padEnd(value.length) : mark;
  return (text: string): string => {
    let marked = text.replace(/: \d+ events/g, ': <count> events').replace(/seq 1 to \d+/g, 'seq 1 to <last>');
    for (const [value, mark] of Object.entries(named)) marked = marked.replaceAll(value, mark);
    return (
      marked
        // Before the beginnings of ids: the end of one in 4096 looks like one.
        .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (value) =>
          numbered('event', value),
        )
        .replace(ID, (value, prefix: string, at: number, whole: string) =>
          widened(numbered(ID_NAMES[prefix] ?? 'id', value), value, whole.slice(at + value.length)),
        )
        // The beginning of an id, as long as the tests type it.
        .replace(/\b102[0-9A-Za-z]{9}\b/g, () => '102…')
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (value, at: number, whole: string) =>
          widened('<instant>', value, whole.slice(at + value.length)),
        )
        .replace(/\b\d+ (?:s|min|h|d) ago\b/g, '<ago>')
        .replace(/\bin \d+ (?:s|min|h|d)\b/g, '<from now>')
        .replace(/(confirm (?:the )?code|"code":) ("?)[A-Z0-9]{4}-[A-Z0-9]{4}/g, '$1 $2<code>')
        .replace(/state=[\w-]+/g, 'state=<state>')
        .replace(/code_challenge=[\w-]+/g, 'code_challenge=<challenge>')
        .replace(/\b[0-9a-f]{64}\b/g, '<sha-256>')
        // What is shown once: a signing secret, and what goes into an envelope.
        .replace(/^ {4}(?:whsec_\S+|[0-9A-Z]+(?:-[0-9A-Z]+){3,})$/gm, '    <secret>')
        .replace(/\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b/g, '<letters>')
        .replace(/127\.0\.0\.1%3A\d+/g, '127.0.0.1%3A<port>')
    );
  };
};

export interface Transcript {
  /** A command and what came of it. */
  add(words: readonly string[], result: CliResult, env?: Readonly<Record<string, string>>): void;
  text(): string;
}

const shown = (word: string): string => (/^[\w./:@=+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A session at a terminal, as text: `$` what was typed, stdout as it is, `!` before lines of stderr, and the exit code if it is not 0. */
export const createTranscript = (named: Readonly<Record<string, string>>): Transcript => {
  const blocks: string[] = [];
  const mark = createMarks(named);
  return {
    add(words, { stdout, stderr, exitCode }, env = {}) {
      for (const text of [stdout, stderr])
        if (/sp_cli_[\w-]{10}/.test(text)) throw new Error(`a token was shown: sallyport ${words.join(' ')}`);
      // Columns that are as wide as a path of this machine, or as how long ago something was, differ from run to run.
      const hasOwnWidth =
        !stdout.startsWith('{') &&
        (/\d (?:s|min|h|d) ago\b/.test(stdout) || Object.keys(named).some((value) => stdout.includes(`${value}/`)));
      const settings = Object.entries(env).map(([name, value]) => `${name}=${shown(value)} `);
      blocks.push(
        [
          `$ ${settings.join('')}sallyport ${words.map(shown).join(' ')}`,
          ...(stdout === '' ? [] : [hasOwnWidth ? stdout.trimEnd().replace(/ {3,}/g, '  ') : stdout.trimEnd()]),
          ...stderr
            .trimEnd()
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => `! ${line}`),
          ...(exitCode === 0 ? [] : [`[exit ${exitCode}]`]),
        ].join('\n'),
      );
    },
    text: () => `${mark(blocks.join('\n\n')).replace(/[ \t]+$/gm, '')}\n`,
  };
};
