import { CallError, type CallOptions, call } from './call.ts';
import { describeError } from './describe-error.ts';
import { byId, element, say, whileBusy } from './dom.ts';
import { endedPath } from './end-reasons.ts';
import {
  endOf,
  type LastEnded,
  type OwnAction,
  type OwnKey,
  type OwnSession,
  type OwnSessions,
} from './own-sessions.ts';
import { roamedSentence, showAction, showEndedSession, showKey, showSession } from './show-own-sessions.ts';
import { warnOfSessionEnd } from './warn-session.ts';
import { watchSession } from './watch-session.ts';

const ME = '/sallyport/v1/me';
const REFRESH_SECONDS = 60;

const part = (id: string): HTMLElement => byId(id, HTMLElement);
const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement);
const dialog = byId('confirm', HTMLDialogElement);

/** While this page ends its own session, the stream's news of it must not get ahead of the answer and its cookie. */
let isEndingItself = false;
let roamed: LastEnded | null = null;
let isStale = false;

/** A session that is gone has nothing more to show or do here. */
const ask = async <T>(method: 'GET' | 'POST' | 'DELETE', path: string, options: CallOptions = {}): Promise<T> => {
  try {
    return await call<T>(method, path, options);
  } catch (error) {
    if (error instanceof CallError && (error.status === 401 || error.status === 404)) location.replace(endedPath(null));
    throw error;
  }
};

/** Replaces a list; the focus stays on the button it was on, if that is still there. */
const fill = (list: HTMLElement, rows: readonly HTMLElement[], emptyText: string): void => {
  const focused =
    document.activeElement instanceof HTMLElement && list.contains(document.activeElement)
      ? document.activeElement.dataset['key']
      : undefined;
  list.replaceChildren(...(rows.length > 0 ? rows : [element('li', { class: 'card empty' }, emptyText)]));
  if (focused !== undefined) list.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
};

const show = ({ sessions, lastEnded }: OwnSessions, keys: readonly OwnKey[], actions: readonly OwnAction[]): void => {
  const now = Date.now();
  const withEnd = sessions.map((session) => ({ session, end: endOf(session, now) }));
  const active = withEnd
    .filter(({ end }) => end === null)
    .map(({ session }) => session)
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  const ended = withEnd.flatMap(({ session, end }) => (end === null ? [] : [showEndedSession(session, end)]));
  fill(
    part('active'),
    active.map((session) => showSession(session, (pressed) => void endOne(session, pressed))),
    'No session is active.',
  );
  fill(part('ended'), ended, 'None of your sessions has ended yet.');
  part('ended-count').textContent = String(ended.length);
  const others = active.filter((session) => !session.isCurrent).length;
  button('end-others').hidden = others === 0;
  part('only-one').hidden = others > 0;
  part('to-console').hidden = !active.some((session) => session.isCurrent && session.hasConsole);
  fill(part('actions'), actions.map(showAction), 'No protected action was done with your account lately.');
  fill(part('keys'), keys.map(showKey), 'You have no key. You sign in with a password.');
  roamed = lastEnded !== null && lastEnded.answeredAt === null ? lastEnded : null;
  part('roamed').hidden = roamed === null;
  if (roamed !== null) say(part('roamed-text'), ...roamedSentence(roamed));
};

const load = async (): Promise<void> => {
  const options = { isBackground: true };
  const [own, { keys, asked = [] }, { actions }] = await Promise.all([
    ask<OwnSessions>('GET', `${ME}/sessions`, options),
    ask<{ keys: OwnKey[]; asked?: readonly unknown[] }>('GET', `${ME}/keys`, options),
    ask<{ actions: OwnAction[] }>('GET', `${ME}/actions`, options),
  ]);
  show(own, keys, actions);
  part('to-authenticators').hidden = asked.length === 0;
  if (isStale) say(part('status'));
  isStale = false;
};

const refresh = async (): Promise<void> => {
  if (document.visibilityState !== 'visible') return;
  await load().catch(() => {
    isStale = true;
    say(part('status'), 'The server does not answer. What you see may be old.');
  });
};

/** What a person asked for: says what came of it, and shows the lists as they are now. */
const act = async (pressed: HTMLButtonElement, work: () => Promise<string>, focusAfter: HTMLElement): Promise<void> =>
  whileBusy([pressed], async () => {
    say(part('alert'));
    try {
      const done = await work();
      if (isEndingItself) return;
      await load();
      say(part('status'), done);
      // The button that was pressed may be gone.
      if (!pressed.isConnected || pressed.closest('[hidden]') !== null) focusAfter.focus();
    } catch (error) {
      isEndingItself = false;
      say(part('alert'), describeError(error));
    }
  });

/** Ends the session that shows this page, and goes to the page that says so. */
const endThis = async (reason: string, work: () => Promise<unknown>): Promise<string> => {
  isEndingItself = true;
  await work();
  location.replace(endedPath(reason));
  return '';
};

const endOne = (session: OwnSession, pressed: HTMLButtonElement): Promise<void> => {
  const end = (): Promise<unknown> => ask('DELETE', `${ME}/sessions/${encodeURIComponent(session.id)}`);
  return act(
    pressed,
    async () => {
      if (session.isCurrent) return endThis('revoked-by-owner', end);
      await end();
      return `Ended: ${session.device}, ${session.address}.`;
    },
    part('active-title'),
  );
};

const answerRoamed = (answer: 'me' | 'not-me'): Promise<unknown> =>
  ask('POST', `${ME}/sessions/${encodeURIComponent(roamed?.sessionId ?? '')}/acknowledge`, { body: { answer } });

const signOut = (): Promise<void> =>
  act(button('sign-out'), () => endThis('signed-out', () => ask('DELETE', '/api/v1/sessions/me')), part('title'));

button('sign-out').addEventListener('click', () => void signOut());
button('end-others').addEventListener(
  'click',
  () =>
    void act(
      button('end-others'),
      async () => {
        const { ended } = await ask<{ ended: number }>('POST', `${ME}/sessions/revoke-others`);
        return ended === 1 ? '1 session was ended.' : `${ended} sessions were ended.`;
      },
      part('active-title'),
    ),
);
button('was-me').addEventListener(
  'click',
  () =>
    void act(
      button('was-me'),
      async () => {
        await answerRoamed('me');
        return 'Thank you. Your answer was recorded.';
      },
      part('title'),
    ),
);
button('was-not-me').addEventListener('click', () => dialog.showModal());
button('confirm-cancel').addEventListener('click', () => dialog.close());
button('confirm-end').addEventListener(
  'click',
  () =>
    void act(button('confirm-end'), () => endThis('not-me', () => answerRoamed('not-me')), part('title')).finally(() =>
      dialog.close(),
    ),
);
document.addEventListener('visibilitychange', () => void refresh());
setInterval(() => void refresh(), REFRESH_SECONDS * 1000);

void load().catch((error: unknown) => say(part('alert'), 'Your sessions could not be loaded. ', describeError(error)));
warnOfSessionEnd(watchSession(), {
  signOut,
  onEnded(reason) {
    if (!isEndingItself) location.replace(endedPath(reason));
  },
});
