import { CallError, call } from './call.ts';
import { describeError } from './describe-error.ts';
import { byId, say, showStep, whileBusy } from './dom.ts';
import { type KeyChallenge, signWithKey } from './webauthn.ts';

interface Asked extends KeyChallenge {
  readonly proofUrl: string;
  readonly allowCredentials: readonly { readonly id: string }[];
  readonly secondsLeft: number;
}

const CODE_LENGTH = 8;

const ask = byId('ask', HTMLElement);
const steps = {
  done: byId('done', HTMLElement),
  refused: byId('refused', HTMLElement),
  closed: byId('closed', HTMLElement),
};
const code = byId('code', HTMLInputElement);
const confirm = byId('confirm', HTMLButtonElement);
const refuse = byId('refuse', HTMLButtonElement);
const alertBox = byId('alert', HTMLElement);
const status = byId('status', HTMLElement);
const asked = JSON.parse(ask.dataset['asked'] ?? '{}') as Asked;
/** What was typed outlives a sign-in in between, in this tab alone. */
const KEPT = `step-up ${asked.proofUrl}`;

const show = (step: keyof typeof steps): void => showStep([ask, ...Object.values(steps)], steps[step]);
const close = (why: string): void => {
  say(byId('closed-reason', HTMLElement), why);
  show('closed');
};

const signInAgain = (): void => {
  sessionStorage.setItem(KEPT, code.value);
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
};

const sayCodeError = (sentence: string): void => {
  say(alertBox, sentence);
  code.setAttribute('aria-invalid', 'true');
  code.focus();
  code.select();
};

const triesText = (left: number): string => ` ${left === 1 ? 'One try is' : `${left} tries are`} left.`;

const sayError = (error: unknown) => {
  if (!(error instanceof CallError)) return say(alertBox, describeError(error));
  if (error.status === 401) return signInAgain();
  const { kind, reason, triesLeft = null } = error.sallyport ?? {};
  if (reason === 'proof-code-wrong' && triesLeft !== 0)
    return sayCodeError(describeError(error) + (triesLeft === null ? '' : triesText(triesLeft)));
  // Another key may do; all else is the end of it.
  const isOver = error.status === 404 || (kind === 'proof_refused' && !/^(key|user)-/.test(reason ?? ''));
  if (isOver) return close(describeError(error));
  say(alertBox, describeError(error));
};

/** As the terminal shows it, however it was typed. */
const typed = (): string => code.value.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

const confirmIt = async (): Promise<void> => {
  say(alertBox);
  code.removeAttribute('aria-invalid');
  // Before the key is touched: nobody touches it for a code that cannot be right.
  if (typed().length !== CODE_LENGTH)
    return sayCodeError('Type the eight letters and digits that your terminal shows.');
  say(status, 'Touch your key, or follow your browser…');
  try {
    const { credentialId, proof } = await signWithKey(
      asked,
      asked.allowCredentials.map(({ id }) => id),
    );
    say(status, 'Telling the server…');
    await call('POST', asked.proofUrl, { body: { ...proof, credentialId, code: typed() } });
    sessionStorage.removeItem(KEPT);
    show('done');
  } catch (error) {
    sayError(error);
  } finally {
    say(status);
  }
};

const refuseIt = async (): Promise<void> => {
  say(alertBox);
  try {
    await call('DELETE', asked.proofUrl);
    show('refused');
  } catch (error) {
    sayError(error);
  }
};

byId('form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void whileBusy([confirm, refuse], confirmIt);
});
refuse.addEventListener('click', () => void whileBusy([confirm, refuse], refuseIt));
code.value = sessionStorage.getItem(KEPT) ?? code.value;
setTimeout(() => {
  if (!ask.hidden) close('Nobody confirmed it in time. Nothing was changed.');
}, asked.secondsLeft * 1000);
// Until here a press would have been lost without a word.
for (const button of [confirm, refuse]) button.disabled = false;
