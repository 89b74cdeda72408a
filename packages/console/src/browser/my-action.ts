import { CallError, call } from './call.ts';
import { describeError } from './describe-error.ts';
import { byId, element, say, whileBusy } from './dom.ts';
import { endedPath } from './end-reasons.ts';

/** The answer of `GET /sallyport/v1/me/actions/{id}`. */
interface MyAction {
  readonly words: string;
  readonly at: string;
  readonly address: string | null;
  readonly network: string | null;
  readonly device: string;
}

const path = `/sallyport/v1/me/actions/${encodeURIComponent(location.pathname.split('/').at(-1) ?? '')}`;
const alertBox = byId('alert', HTMLElement);
const notMe = byId('not-me', HTMLButtonElement);
const end = byId('confirm-end', HTMLButtonElement);
const dialog = byId('confirm', HTMLDialogElement);

const fact = (name: string, value: string): HTMLElement =>
  element('div', {}, element('dt', {}, name), element('dd', {}, value));

const load = async (): Promise<void> => {
  const facts = byId('facts', HTMLElement);
  try {
    const { words, at, address, network, device } = await call<MyAction>('GET', path);
    facts.replaceChildren(
      fact('What', words),
      fact('When', `${new Date(at).toLocaleString()} (${at})`),
      fact('From', `${address ?? 'an unknown address'}${network === null ? '' : `, ${network}`}`),
      fact('With', device === '' ? 'an unknown browser' : device),
    );
    notMe.disabled = false;
  } catch (error) {
    facts.replaceChildren();
    if (error instanceof CallError && error.status === 404)
      say(alertBox, 'There is nothing like this in your account. Are you signed in as the person who got the mail?');
    else say(alertBox, describeError(error));
  }
};

notMe.addEventListener('click', () => dialog.showModal());
byId('confirm-cancel', HTMLButtonElement).addEventListener('click', () => dialog.close());
end.addEventListener(
  'click',
  () =>
    void whileBusy([end], async () => {
      try {
        await call('POST', `${path}/not-me`);
        location.replace(endedPath('not-me'));
      } catch (error) {
        dialog.close();
        say(alertBox, describeError(error));
      }
    }),
);
void load();
