import type { OwnSessionAnswer, SessionRowAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byPrefix } from '../by-prefix.ts';
import { CliError, usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

/** `user` and `state` are told of all people's sessions; of one's own they are null. */
const FIELDS = fieldsOf<SessionRowAnswer>({
  id: true,
  isCurrent: true,
  kind: true,
  openedBySessionId: true,
  device: true,
  address: true,
  network: true,
  place: true,
  createdAt: true,
  lastActivityAt: true,
  idleEndsAt: true,
  endsAt: true,
  authenticator: true,
  endedAt: true,
  endReason: true,
  hasConsole: true,
  state: true,
  user: true,
});
const OWN_RISK = 'ends-own-session';

const isActive = (session: OwnSessionAnswer, now: number): boolean =>
  session.isCurrent ||
  (session.endedAt === null && now < Math.min(Date.parse(session.idleEndsAt), Date.parse(session.endsAt)));

const stateOf = (turn: Turn): 'active' | 'ended' => {
  const state = turn.text('state') ?? 'active';
  if (state !== 'active' && state !== 'ended') throw usageError('--state: must be active or ended');
  return state;
};

/** Of all people, as far as `--limit` goes: page by page, each read when it is needed. */
const allSessions = async (turn: Turn, state: 'active' | 'ended'): Promise<SessionRowAnswer[]> => {
  const given = turn.text('limit') ?? '50';
  const limit = Number(given);
  if (!/^\d{1,4}$/.test(given) || limit < 1) throw usageError('--limit: must be between 1 and 9999');
  const found: SessionRowAnswer[] = [];
  const pages = turn.client().pages('allSessions.list', {
    query: { state, q: turn.text('words'), limit: String(Math.min(limit + 1, 200)) },
  });
  for await (const page of pages) {
    found.push(...page);
    if (found.length > limit) break;
  }
  if (found.length > limit) note(`The newest ${limit} are shown; there are more: --limit.`);
  return found.slice(0, limit);
};

const ownSessions = async (turn: Turn, state: 'active' | 'ended'): Promise<readonly OwnSessionAnswer[]> => {
  for (const option of ['words', 'limit'])
    if (turn.text(option) !== undefined) throw usageError(`--${option} is for the sessions of all people`, 'add --all');
  const { sessions } = await turn.client().call('mySessions.list', {});
  return sessions.filter((session) => isActive(session, turn.now) === (state === 'active'));
};

const list = async (turn: Turn): Promise<void> => {
  const state = stateOf(turn);
  const isAll = turn.is('all');
  const sessions: readonly (OwnSessionAnswer & Partial<SessionRowAnswer>)[] = isAll
    ? await allSessions(turn, state)
    : await ownSessions(turn, state);
  if (turn.isJson) return printJson({ sessions: sessions.map(turn.jsonItem) });
  const heads = ['ID', 'THIS', 'DEVICE', 'ADDRESS', 'NETWORK', 'LAST ACTIVE'];
  printLines(
    table(
      [...heads, ...(state === 'active' ? ['ENDS'] : ['ENDED', 'WHY']), ...(isAll ? ['LOGIN'] : [])],
      sessions.map((session) => [
        session.id,
        session.isCurrent ? 'this' : '',
        session.device,
        session.address,
        session.network.name,
        turn.time(session.lastActivityAt),
        ...(state === 'active'
          ? [turn.time(session.endsAt)]
          : [turn.time(session.endedAt), session.endReason ?? 'expired']),
        ...(isAll ? [session.user?.login ?? ''] : []),
      ]),
    ),
  );
};

interface Found {
  readonly isOwn: boolean;
  readonly session: OwnSessionAnswer & Partial<SessionRowAnswer>;
  /** What would end with it. */
  readonly opened: readonly { readonly id: string; readonly isCurrent: boolean; readonly text: string }[];
}

/** One of one's own by its id or the beginning of it; else what an administrator may see, by the whole id. */
const find = async (client: Client, typed: string): Promise<Found> => {
  const { sessions } = await client.call('mySessions.list', {});
  const own = byPrefix(sessions, typed);
  if (own !== null)
    return {
      isOwn: true,
      session: own,
      opened: sessions
        .filter(({ openedBySessionId, endedAt }) => openedBySessionId === own.id && endedAt === null)
        .map(({ id, isCurrent, device }) => ({ id, isCurrent, text: `${id} (${device})` })),
    };
  const session = await client.call('allSessions.get', { params: { sessionId: typed } });
  return {
    isOwn: false,
    session,
    opened: session.opened
      .filter(({ endedAt }) => endedAt === null)
      .map(({ id }) => ({ id, isCurrent: false, text: `${id} (command line)` })),
  };
};

const show = async (turn: Turn): Promise<void> => {
  const { isOwn, session } = await find(turn.client(), String(turn.args[0]));
  if (turn.isJson) return printJson({ isOwn, session: turn.jsonItem(session) });
  printLines(
    facts([
      ['Id', `${session.id}${session.isCurrent ? ' (this command line)' : ''}`],
      ['Of', session.user?.login ?? null],
      ['Device', session.device],
      ['Bound to', `${session.network.name} (${session.address})`],
      ['Country', session.place ?? 'unknown'],
      ['Proved by', session.authenticator],
      ['Admin Console', session.hasConsole ? 'yes' : 'no'],
      ['Allowed by', session.openedBySessionId],
      ['Began', turn.time(session.createdAt)],
      ['Last active', turn.time(session.lastActivityAt)],
      ['Ends if idle', session.endedAt === null ? turn.time(session.idleEndsAt) : null],
      ['Ends', session.endedAt === null ? turn.time(session.endsAt) : null],
      ['Ended', session.endedAt === null ? null : `${turn.time(session.endedAt)}, ${session.endReason ?? 'unknown'}`],
    ]),
  );
};

const revoke = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { isOwn, session, opened } = await find(client, String(turn.args[0]));
  const name = `${session.id} (${[session.user?.login, session.device, session.address].filter((part) => part !== undefined).join(', ')})`;
  const hasEnded = session.endedAt !== null;
  const ids = hasEnded ? [] : [session.id, ...opened.map(({ id }) => id)];
  // Its end is the end of this command line, too.
  const isOwnEnd = !hasEnded && [session, ...opened].some(({ isCurrent }) => isCurrent);
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldEnd: ids, endsOwnSession: isOwnEnd });
    return printLines([
      hasEnded ? `${name} has ended.` : `Would end ${name}.`,
      ...opened.map(({ text }) => `Would end with it: ${text}.`),
      ...(isOwnEnd ? [`It ends this command line's session: needs --accept-risk ${OWN_RISK}.`] : []),
    ]);
  }
  if (isOwnEnd && turn.text('acceptRisk') !== OWN_RISK)
    throw new CliError('needsInput', 'that would end the session of this command line', {
      code: 'needs_input',
      hint: `sallyport logout; or add --accept-risk ${OWN_RISK}`,
      more: { flag: `--accept-risk ${OWN_RISK}` },
    });
  // To end again what has ended succeeds quietly.
  if (!hasEnded) {
    if (!turn.is('yes') && !isOwnEnd) await turn.confirm(`End the session ${name}?`, '--yes');
    await client.call(isOwn ? 'mySessions.end' : 'sessions.end', { params: { sessionId: session.id } });
  }
  if (turn.isJson) return printJson({ ended: ids });
  printLines([
    hasEnded ? `${name} had ended.` : `Ended ${name}.`,
    ...opened.map(({ text }) => `With it ended ${text}.`),
  ]);
};

/** `sallyport session …`. */
export const addSessionVerbs = (program: Command): void => {
  const session = program.command('session').description('sessions: where somebody is signed in');
  addVerb(
    session,
    {
      name: 'list',
      jsonFields: FIELDS,
      summary: 'your own sessions, or those of all people',
      talksTo: 'server',
      hasCurl: true,
      options: [
        ['--state <state>', 'active or ended (default: active)'],
        ['--all', 'of all people, as far as you may see them'],
        ['--words <words>', 'with --all: a login, a name, an address or an id'],
        ['--limit <count>', 'with --all: how many at most (default: 50)'],
      ],
      examples: ['sallyport session list', 'sallyport session list --all --words 203.0.113.7'],
    },
    list,
  );
  addVerb(
    session,
    {
      name: 'show',
      summary: 'one session: what it is bound to, and until when',
      args: [['<id>', 'of your own also its beginning']],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport session show 102Gx'],
    },
    show,
  );
  addVerb(
    session,
    {
      name: 'revoke',
      summary: 'end a session at once',
      args: [['<id>', 'of your own also its beginning']],
      talksTo: 'server',
      options: [
        ['--dry-run', 'end nothing, print what would end'],
        ['--yes', 'do not ask'],
        ['--accept-risk <risk>', `${OWN_RISK}: also when it ends this command line’s session`],
      ],
      examples: ['sallyport session revoke 102Gx --dry-run', 'sallyport session revoke 102GxAbCdEfGhIjKlMnO --yes'],
    },
    revoke,
  );
};
