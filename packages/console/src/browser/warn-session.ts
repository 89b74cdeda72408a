import { byId, element, say, whileBusy } from './dom.ts';
import { announcementOf, clockOf } from './session-state.ts';
import type { SessionWatch } from './watch-session.ts';

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** What a page does beside the dialog. */
export interface WarnOptions {
  readonly signOut: () => Promise<void>;
  /** The session is over; the page may leave, or stay and say so. */
  readonly onEnded: (reason: string | null) => void;
}

/**
 * The warning before a session ends, for a page without a framework (ux: two minutes, time left, stay or sign out). Esc
 * is an answer, too: somebody is there. Focus comes back to where it was, as a dialog's does.
 */
export const warnOfSessionEnd = (watch: SessionWatch, { signOut, onEnded }: WarnOptions): void => {
  const time = element('strong', { class: 'countdown' });
  const title = element('h2', { id: 'session-warning-title' });
  const text = element('p', { id: 'session-warning-text' });
  const alert = element('div', { class: 'alert', role: 'alert' });
  const spoken = element('p', { class: 'unseen', role: 'status' });
  const stay = element('button', { class: 'button primary', type: 'button' });
  const leave = element('button', { class: 'button', type: 'button' }, 'Sign out');
  const dialog = element(
    'dialog',
    { class: 'card', id: 'session-warning', 'aria-labelledby': title.id, 'aria-describedby': text.id },
    title,
    text,
    alert,
    element('div', { class: 'actions' }, stay, leave),
  );
  byId('main', HTMLElement).append(dialog, spoken);
  let cause: 'idle' | 'lifetime' | null = null;
  let before: number | null = null;
  /** The longest time cannot be moved: whoever has read that is not told again. */
  let isRead = false;

  const answerStay = (): Promise<void> =>
    whileBusy([stay, leave], async () => {
      say(alert);
      if (cause === 'lifetime') {
        isRead = true;
        return dialog.close();
      }
      await watch.stay().then(
        () => dialog.close(),
        () => say(alert, 'The server does not answer. Try again.'),
      );
    });

  stay.addEventListener('click', () => void answerStay());
  leave.addEventListener('click', () => void whileBusy([stay, leave], signOut));
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    void answerStay();
  });

  watch.subscribe(() => {
    const state = watch.state();
    if (state.kind === 'ended') {
      dialog.close();
      return onEnded(state.reason);
    }
    if (state.kind === 'running') {
      cause = before = null;
      say(spoken);
      return dialog.close();
    }
    if (state.cause !== cause) {
      cause = state.cause;
      isRead = false;
      const isIdle = cause === 'idle';
      say(title, isIdle ? 'Are you still there?' : 'Your session ends soon');
      say(stay, isIdle ? 'Stay signed in' : 'I have read it');
      if (isIdle) say(text, 'Nothing was done for a while. You are signed out in ', time, '.');
      else
        say(
          text,
          'It ends in ',
          time,
          `, at ${TIME.format(state.endsAt)}: it has reached its longest time, which cannot be extended. Finish what you are doing, then sign in again.`,
        );
    }
    say(time, clockOf(state.secondsLeft));
    const sentence = announcementOf(before, state.secondsLeft);
    if (sentence !== null) say(spoken, sentence);
    before = state.secondsLeft;
    if (!dialog.open && !isRead) dialog.showModal();
  });
};
