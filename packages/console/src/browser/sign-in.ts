import { CallError, call } from './call.ts';
import { deniedWords } from './denied-words.ts';
import { describeError, type Sentences } from './describe-error.ts';
import { byId, element, say, showStep, whileBusy } from './dom.ts';
import { nextPath } from './next-path.ts';
import { registerSessionKey } from './register-session-key.ts';
import { type KeyChallenge, KeyError, signWithKey } from './webauthn.ts';

interface Factor {
  readonly id: string;
  readonly factorType: string;
  readonly profile: { readonly credentialId?: string };
  readonly _links: { readonly verify: { readonly href: string } };
}

interface Answer {
  readonly status: string;
  readonly stateToken?: string;
  readonly sessionToken?: string;
  readonly _embedded?: {
    readonly factors?: readonly Factor[];
    readonly factor?: { readonly _embedded?: { readonly challenge?: KeyChallenge } };
    readonly policy?: { readonly complexity?: Readonly<Record<string, number>> };
  };
}

const LOCKED =
  'This password is locked after too many wrong tries. A security key still works; an administrator can unlock the password.';
const TOO_LONG = 'This sign-in took too long. Try again.';
const NAME_SENTENCES: Sentences = { E0000004: 'Name or password is wrong', E0000011: TOO_LONG };
const CODE_SENTENCES: Sentences = { E0000068: 'The code is wrong, or was used before.', E0000011: TOO_LONG };

const nameStep = byId('step-name', HTMLElement);
const deniedStep = byId('step-denied', HTMLElement);
const codeStep = byId('step-code', HTMLElement);
const expiredStep = byId('step-expired', HTMLElement);
const nameAlert = byId('name-alert', HTMLElement);
const codeAlert = byId('code-alert', HTMLElement);
const expiredAlert = byId('expired-alert', HTMLElement);
const nameStatus = byId('name-status', HTMLElement);
const username = byId('username', HTMLInputElement);
const password = byId('password', HTMLInputElement);
const newPassword = byId('new-password', HTMLInputElement);
const passCode = byId('pass-code', HTMLInputElement);
const goOn = byId('continue', HTMLButtonElement);
const usePassword = byId('use-password', HTMLButtonElement);
const useShares = byId('use-shares', HTMLButtonElement);
const moreShares = byId('more-shares', HTMLButtonElement);
const shares = [1, 2, 3, 4, 5].map((number) => byId(`share-${number}`, HTMLInputElement));
const sendCode = byId('send-code', HTMLButtonElement);

const goTo = (step: HTMLElement): void => showStep([nameStep, codeStep, expiredStep, deniedStep], step);

/** What the code step answers to, once it is shown. */
let asked: { readonly stateToken: string; readonly factor: Factor } | null = null;

/** The sign-in that waits for a new password. */
let expiredToken = '';

/** The path alone: under another name of the server the link's origin would be a foreign one. */
const verifyPath = (factor: Factor): string => new URL(factor._links.verify.href, location.origin).pathname;

const proveWithKey = async (stateToken: string, keys: readonly Factor[]): Promise<Answer> => {
  const first = keys[0];
  if (first === undefined) throw new Error('no key');
  const given = await call<Answer>('POST', verifyPath(first), { body: { stateToken } });
  const challenge = given._embedded?.factor?._embedded?.challenge;
  if (challenge === undefined) throw new Error('the server gave no challenge');
  say(nameStatus, 'Touch your key, or follow your browser…');
  const used = await signWithKey(
    challenge,
    keys.flatMap(({ profile }) => profile.credentialId ?? []),
  );
  const factor = keys.find(({ profile }) => profile.credentialId === used.credentialId) ?? first;
  return call<Answer>('POST', verifyPath(factor), { body: { stateToken, ...used.proof } });
};

const askForCode = (stateToken: string, factor: Factor, sentence: string): void => {
  asked = { stateToken, factor };
  say(codeAlert, sentence);
  goTo(codeStep);
  passCode.focus();
};

/** A policy said no to a person who proved who they are: why, what would help, by what to find it, and a way on. */
const showDenied = (error: CallError): void => {
  const { reasons = [], reference = '' } = error.sallyport ?? {};
  const { why, help } = deniedWords(reasons);
  say(byId('denied-reason', HTMLElement), why);
  say(byId('denied-login', HTMLElement), username.value.trim());
  say(byId('denied-help', HTMLElement), help);
  say(byId('denied-reference', HTMLElement), reference);
  byId('denied-reference-note', HTMLElement).hidden = reference === '';
  goTo(deniedStep);
};

/** Any step after the first proof may be the one that says it. */
const isDenied = (error: unknown): error is CallError =>
  error instanceof CallError && error.code === 'E0000085' && error.sallyport?.kind === 'denied';

/** Whoever lacks what their organisation asks for comes to it first; the doors that it closes ask for themselves. */
const firstPath = async (): Promise<string> => {
  const keys = await call<{ asked: readonly unknown[] }>('GET', '/sallyport/v1/me/keys').catch(() => ({ asked: [] }));
  if (keys.asked.length === 0) return nextPath(location.search, location.origin);
  // As it came: that page looks itself whether it is a path of this server.
  const next = new URLSearchParams(location.search).get('next') ?? '';
  return `/me/authenticators?${new URLSearchParams({ next }).toString()}`;
};
const openSession = async (sessionToken: string): Promise<void> => {
  await call('POST', '/api/v1/sessions', { body: { sessionToken } });
  await registerSessionKey().catch(() => {});
  location.assign(await firstPath());
};

const CLASSES: Readonly<Record<string, string>> = {
  minLowerCase: 'a lower case letter',
  minUpperCase: 'an upper case letter',
  minNumber: 'a digit',
  minSymbol: 'a symbol',
};
/** What the policy of the person asks of a password. */
const wordsOfComplexity = (complexity: Readonly<Record<string, number>>): string => {
  const classes = Object.keys(CLASSES).flatMap((name) => ((complexity[name] ?? 0) > 0 ? [CLASSES[name] ?? ''] : []));
  const besides = classes.length === 0 ? '' : ` With ${classes.join(', ')}.`;
  return `At least ${complexity['minLength'] ?? 12} characters.${besides} A few words that are not about you do well.`;
};

const proceed = async ({ status, sessionToken, stateToken, _embedded }: Answer): Promise<void> => {
  if (status === 'SUCCESS' && sessionToken !== undefined) return openSession(sessionToken);
  if (status === 'PASSWORD_EXPIRED' && stateToken !== undefined) {
    expiredToken = stateToken;
    say(byId('new-password-help', HTMLElement), wordsOfComplexity(_embedded?.policy?.complexity ?? {}));
    goTo(expiredStep);
    return;
  }
  if (status === 'LOCKED_OUT') {
    say(nameAlert, LOCKED);
    return;
  }
  const factors = _embedded?.factors ?? [];
  const keys = factors.filter((factor) => factor.factorType === 'webauthn');
  const totp = factors.find((factor) => factor.factorType === 'token:software:totp');
  if (stateToken === undefined || (keys.length === 0 && totp === undefined))
    throw new Error('the account has no key. Ask an administrator.');
  if (keys.length === 0 && totp !== undefined) return askForCode(stateToken, totp, '');
  try {
    return await proceed(await proveWithKey(stateToken, keys));
  } catch (error) {
    if (error instanceof KeyError && totp !== undefined) return askForCode(stateToken, totp, error.message);
    throw error;
  }
};

/** A synced key, and a key that the server cannot verify, get a heading of their own: another key may still do. */
const sayNameError = (error: unknown): void => {
  if (isDenied(error)) {
    showDenied(error);
    return;
  }
  const isKeyRefused = error instanceof CallError && (error.code === 'E0000228' || error.code === 'E0000068');
  const sentence =
    error instanceof CallError && error.code === 'E0000068' && error.causes.length === 0
      ? 'Use one that is registered with your account.'
      : describeError(error, NAME_SENTENCES);
  const help =
    error instanceof CallError && error.code === 'E0000228'
      ? ' Use another of your keys, or ask an administrator for an enrolment link.'
      : // Where a secret from paper was mistyped.
        error instanceof CallError && error.code === 'E0000004' && error.causes.length > 0
        ? `. ${error.causes.join(' ')}`
        : '';
  say(nameAlert, ...(isKeyRefused ? [element('strong', {}, 'This key was not accepted.'), ' '] : []), sentence, help);
};

/** What is typed besides the name; the shares of a sealed secret are the lines of its password. */
const typedSecret = (): { readonly password?: string } => {
  // What stands between the groups says nothing, and five shares with it would be longer than a password may be.
  const lines = shares.map((field) => (field.disabled ? '' : field.value.replaceAll(/[\s\-–—]+/g, ''))).filter(Boolean);
  const typed = password.disabled ? lines.join('\n') : password.value;
  return typed === '' ? {} : { password: typed };
};

const submitName = async (): Promise<void> => {
  say(nameAlert);
  say(nameStatus, 'Asking the server…');
  try {
    await proceed(
      await call<Answer>('POST', '/api/v1/authn', { body: { username: username.value.trim(), ...typedSecret() } }),
    );
  } catch (error) {
    sayNameError(error);
  } finally {
    say(nameStatus);
  }
};

const submitCode = async (): Promise<void> => {
  if (asked === null) return;
  say(codeAlert);
  try {
    await proceed(
      await call<Answer>('POST', verifyPath(asked.factor), {
        body: { stateToken: asked.stateToken, passCode: passCode.value.replaceAll(/\s/g, '') },
      }),
    );
  } catch (error) {
    if (isDenied(error)) return showDenied(error);
    say(codeAlert, describeError(error, CODE_SENTENCES));
    passCode.select();
  }
};

const changePassword = async (): Promise<void> => {
  say(expiredAlert);
  try {
    const answer = await call<Answer>('POST', '/api/v1/authn/credentials/change_password', {
      body: { stateToken: expiredToken, oldPassword: password.value, newPassword: newPassword.value },
    });
    password.value = newPassword.value;
    newPassword.value = '';
    // What comes next may need the place where a key is asked for.
    goTo(nameStep);
    await proceed(answer).catch(sayNameError);
  } catch (error) {
    say(expiredAlert, describeError(error, { E0000011: TOO_LONG }));
    newPassword.focus();
  }
};

byId('name-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void whileBusy([goOn], submitName);
});
byId('expired-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void whileBusy([byId('change-password', HTMLButtonElement)], changePassword);
});
byId('code-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void whileBusy([sendCode], submitCode);
});
const SHARES_AT_LEAST = 2;
const showShares = (count: number): void => {
  for (const [i, field] of shares.entries()) {
    const isShown = i < count;
    byId(`share-field-${i + 1}`, HTMLElement).hidden = !isShown;
    field.disabled = !isShown;
    // It takes two at least; how many more is on the paper, and a field too many may stay empty.
    field.required = isShown && i < SHARES_AT_LEAST;
  }
  moreShares.hidden = count >= shares.length;
};
/** What is asked for besides the name: nothing, for a key comes next; a password; or shares of a sealed secret. */
const ask = (what: 'key' | 'password' | 'shares'): void => {
  byId('password-field', HTMLElement).hidden = what !== 'password';
  password.disabled = what !== 'password';
  password.required = what === 'password';
  byId('share-fields', HTMLElement).hidden = what !== 'shares';
  showShares(what === 'shares' ? SHARES_AT_LEAST : 0);
  goOn.textContent = what === 'key' ? 'Continue' : 'Sign in';
  usePassword.textContent = what === 'key' ? 'Use a password instead' : 'Use a security key instead';
  useShares.hidden = what === 'key';
  useShares.textContent = what === 'shares' ? 'Use a password instead' : 'Use shares of a secret';
  const next = { key: username, password, shares: shares[0] ?? username }[what];
  (username.value === '' ? username : next).focus();
};
usePassword.addEventListener('click', () => ask(goOn.textContent === 'Continue' ? 'password' : 'key'));
useShares.addEventListener('click', () => ask(password.disabled ? 'password' : 'shares'));
moreShares.addEventListener('click', () => {
  const next = shares.find(({ disabled }) => disabled);
  if (next === undefined) return;
  showShares(shares.indexOf(next) + 1);
  next.focus();
});
/** Whoever comes next at this browser finds no secret in it. */
const forgetSecrets = (): void => {
  for (const field of [password, newPassword, passCode, ...shares]) field.value = '';
};
const startAgain = (login: string): void => {
  asked = null;
  say(codeAlert);
  username.value = login;
  goTo(nameStep);
};
byId('start-again', HTMLButtonElement).addEventListener('click', () => {
  forgetSecrets();
  startAgain(username.value);
});
byId('try-again', HTMLButtonElement).addEventListener('click', () => startAgain(username.value));
byId('not-you', HTMLButtonElement).addEventListener('click', () => {
  forgetSecrets();
  startAgain('');
});
byId('copy-reference', HTMLButtonElement).addEventListener('click', () => {
  const reference = byId('denied-reference', HTMLElement);
  const status = byId('copy-status', HTMLElement);
  navigator.clipboard.writeText(reference.textContent).then(
    () => say(status, 'Copied.'),
    () => {
      // A copy that did not happen is not confirmed: the text is selected, and a key press copies it.
      getSelection()?.selectAllChildren(reference);
      say(status, 'The browser did not copy it. It is selected now.');
    },
  );
});
