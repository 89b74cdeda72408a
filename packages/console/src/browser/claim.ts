import { CallError, call } from './call.ts';
import { describeError } from './describe-error.ts';
import { byId, element, say, showStep, whileBusy } from './dom.ts';
import { looksWrong, type NetworkView } from './network-view.ts';
import { takeCode } from './take-code.ts';
import { type CreationOptionsJson, createKey } from './webauthn.ts';

const SETUP = '/sallyport/v1/setup';
const PERSON_FIELDS = ['organisation', 'firstName', 'lastName', 'login'] as const;
const RAN_OUT = { E0000011: 'This set-up took longer than 30 minutes. Start again with a new code.' };

const section = (id: string): HTMLElement => byId(id, HTMLElement);
const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement);
const input = (id: string): HTMLInputElement => byId(id, HTMLInputElement);

const codeStep = section('step-code');
const personStep = section('step-person');
const firstStep = section('step-first-key');
const secondStep = section('step-second-key');
const goTo = (step: HTMLElement): void => showStep([codeStep, personStep, firstStep, secondStep], step);

interface Claimed {
  readonly stateToken: string;
  /** How many keys the person has already: with one of them this is another key, and no set-up of an account. */
  readonly keys: number;
  readonly network: NetworkView;
}

let code = '';
let stateToken = '';
/** The first run goes on in the console; an enrolment is over. */
let isClaim = false;
let hasKeys = false;

const showNetwork = (network: NetworkView): void => {
  section('seen-at').textContent = `${network.address ?? 'an address it cannot make out'}, ${network.name}`;
  section('chain').textContent = network.chain.length === 0 ? 'none' : network.chain.join(' → ');
  section('proxies').textContent =
    network.configuredProxies.length === 0 ? 'none' : network.configuredProxies.join(', ');
  if (!looksWrong(network, location.hostname)) return;
  section('network').classList.add('warning');
  section('network-advice').prepend(element('strong', {}, 'This looks wrong. '));
};

const begin = (claimed: Claimed): void => {
  stateToken = claimed.stateToken;
  hasKeys = claimed.keys > 0;
  if (hasKeys) {
    section('first-key-title').textContent = 'Register another key';
    button('register-first').textContent = 'Register another key';
    section('another-key').hidden = false;
    for (const step of document.querySelectorAll<HTMLElement>('.step')) step.hidden = true;
  }
  if (!isClaim) {
    // Whoever was sent a link has no host to set anything on.
    section('network-advice').textContent =
      'If that is not your address, tell whoever sent you the link before you go on.';
    button('skip-second').textContent = 'Skip, I accept that without this key others have to let me in again';
  }
  showNetwork(claimed.network);
  goTo(firstStep);
};

const needsPerson = (error: unknown): boolean => error instanceof CallError && error.code === 'E0000001';

/** The code alone is enough for an enrolment; a claim answers that it needs a person, and leaves the code unused. */
const sendCode = async (): Promise<void> => {
  say(section('code-alert'));
  say(section('code-status'), 'Checking the code…');
  try {
    begin(await call<Claimed>('POST', `${SETUP}/claim`, { body: { code } }));
  } catch (error) {
    if (needsPerson(error)) return goTo(personStep);
    say(section('code-alert'), describeError(error));
  } finally {
    say(section('code-status'));
  }
};

const sayFieldError = (name: string, sentence: string): void => {
  input(name).toggleAttribute('aria-invalid', false);
  if (sentence !== '') input(name).setAttribute('aria-invalid', 'true');
  section(`${name}-error`).textContent = sentence;
};

const isPersonField = (name: string): boolean => (PERSON_FIELDS as readonly string[]).includes(name);

/** Marks the fields that the server, or the browser before it, found wanting. Says whether there were any. */
const markFields = (causes: readonly string[]): boolean => {
  const named = causes
    .map((cause) => ({ name: cause.split(': ', 1)[0] ?? '', sentence: cause.slice(cause.indexOf(': ') + 2) }))
    .filter(({ name }) => isPersonField(name));
  for (const { name, sentence } of named) sayFieldError(name, sentence);
  if (named[0] !== undefined) input(named[0].name).focus();
  return named.length > 0;
};

const missing = (): string[] =>
  PERSON_FIELDS.flatMap((name) => {
    if (input(name).value.trim() === '') return [`${name}: Please fill this in.`];
    return input(name).validity.typeMismatch ? [`${name}: This is not an e-mail address.`] : [];
  });

const sendPerson = async (): Promise<void> => {
  say(section('person-alert'));
  for (const name of PERSON_FIELDS) sayFieldError(name, '');
  if (markFields(missing())) return;
  const person = Object.fromEntries(PERSON_FIELDS.map((name) => [name, input(name).value.trim()]));
  try {
    const claimed = await call<Claimed>('POST', `${SETUP}/claim`, { body: { code, ...person } });
    isClaim = true;
    begin(claimed);
  } catch (error) {
    if (error instanceof CallError && error.code === 'E0000001' && markFields(error.causes)) return;
    say(section('person-alert'), describeError(error));
  }
};

/** Registers one key and tells how many there are now. */
const registerKey = async (status: HTMLElement): Promise<number> => {
  say(status, 'Touch your key, or follow your browser…');
  try {
    const { factorId, activation } = await call<{ factorId: string; activation: CreationOptionsJson }>(
      'POST',
      `${SETUP}/keys`,
      { body: { stateToken } },
    );
    const created = await createKey(activation);
    const { keys } = await call<{ keys: number }>('POST', `${SETUP}/keys/${encodeURIComponent(factorId)}/activate`, {
      body: { stateToken, ...created },
    });
    return keys;
  } finally {
    say(status);
  }
};

const sayKeyError = (box: HTMLElement, error: unknown): void => {
  const isRefused = error instanceof CallError && error.code === 'E0000228';
  say(
    box,
    ...(isRefused ? [element('strong', {}, 'This key was not accepted.'), ' '] : []),
    describeError(error, RAN_OUT),
  );
};

const finish = async (secondKeySkipped: boolean): Promise<void> => {
  await call('POST', `${SETUP}/finish`, { body: { stateToken, secondKeySkipped } });
  location.assign(isClaim ? '/sign-in?next=%2Fsetup%2Fcontinue' : '/sign-in');
};

/** If only finishing failed, it is finishing that is tried again. */
let isFirstRegistered = false;

const registerFirst = async (): Promise<void> => {
  say(section('first-alert'));
  try {
    if (!isFirstRegistered) await registerKey(section('first-status'));
    isFirstRegistered = true;
    // Whoever had keys has two now; nobody is asked for a third.
    if (hasKeys) return await finish(false);
    goTo(secondStep);
  } catch (error) {
    sayKeyError(section('first-alert'), error);
    if (error instanceof CallError && error.code === 'E0000228')
      button('register-first').textContent = 'Try another key';
  }
};

/** Once two keys are there, only finishing is left: if that fails it is tried again, not the registration. */
const onlyFinishIsLeft = (): void => {
  button('register-second').hidden = true;
  button('skip-second').hidden = true;
  button('finish').hidden = false;
};

const secondButtons = [button('register-second'), button('skip-second'), button('finish')];
const inSecondStep = (work: () => Promise<void>) => () =>
  whileBusy(secondButtons, async () => {
    say(section('second-alert'));
    await work().catch((error: unknown) => sayKeyError(section('second-alert'), error));
  });

byId('code-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  code = input('code').value.trim();
  void whileBusy([button('send-code')], sendCode);
});
byId('person-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void whileBusy([button('send-person')], sendPerson);
});
button('register-first').addEventListener('click', () => void whileBusy([button('register-first')], registerFirst));
button('register-second').addEventListener(
  'click',
  inSecondStep(async () => {
    await registerKey(section('second-status'));
    onlyFinishIsLeft();
    await finish(false);
  }),
);
button('skip-second').addEventListener(
  'click',
  inSecondStep(() => finish(true)),
);
button('finish').addEventListener(
  'click',
  inSecondStep(() => finish(false)),
);

code = takeCode();
if (code !== '') {
  input('code').value = code;
  void whileBusy([button('send-code')], sendCode);
}
