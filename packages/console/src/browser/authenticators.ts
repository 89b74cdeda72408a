import type { ActionProver } from './action-proof.ts';
import { call, proveActionsWith } from './call.ts';
import { describeError } from './describe-error.ts';
import { byId, say, whileBusy } from './dom.ts';
import { nextPath } from './next-path.ts';
import { type CreationOptionsJson, createKey, signWithKey } from './webauthn.ts';

const FACTORS = '/api/v1/users/me/factors';

interface Asked {
  readonly kind: 'webauthn' | 'totp';
  /** From then on no app opens without it; null: from now on. */
  readonly dueAt: string | null;
}
interface Pending<T> {
  readonly id: string;
  readonly _embedded: { readonly activation: T };
}

const part = (id: string): HTMLElement => byId(id, HTMLElement);
const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement);
const passCode = byId('pass-code', HTMLInputElement);
const status = part('status');

/** Whoever has a key proves with it that it is them who add another authenticator. */
const proveWithKey: ActionProver = async (asked, send) => {
  if (asked.kind !== 'step_up_required') throw new Error('somebody else has to approve it. Ask an administrator.');
  say(status, 'First touch a key that you have…');
  const { credentialId, proof } = await signWithKey(asked, asked.credentialIds);
  const given = await call<{ proof: string }>('POST', asked.proofUrl, { body: { ...proof, credentialId } });
  const attempt = await send(given.proof);
  if (attempt.kind === 'asked') throw new Error('it was asked again. Try again.');
  return attempt.answer;
};
proveActionsWith(proveWithKey);

const isDue = (dueAt: string | null): boolean => dueAt === null || Date.parse(dueAt) <= Date.now();
const dueText = (dueAt: string | null): string =>
  dueAt === null || isDue(dueAt)
    ? 'No app opens for you until you have one.'
    : `From ${new Date(dueAt).toLocaleString()} on no app opens for you without one.`;

const load = async (): Promise<void> => {
  const { asked } = await call<{ asked: readonly Asked[] }>('GET', '/sallyport/v1/me/keys');
  for (const kind of ['webauthn', 'totp'] as const) {
    const one = asked.find((each) => each.kind === kind);
    part(kind).hidden = one === undefined;
    if (one !== undefined) say(part(`${kind}-due`), dueText(one.dueAt));
  }
  // What is due is not put off: there is a way on once it is there, and signing out.
  part('on').hidden = asked.some(({ dueAt }) => isDue(dueAt));
  say(byId('go-on', HTMLAnchorElement), asked.length === 0 ? 'Go on' : 'Later');
  say(
    part('lead'),
    asked.length === 0 ? 'You have everything that your organisation asks for.' : 'Your organisation asks for this:',
  );
};

/** What a button does: says what came of it, and shows what is asked still. */
const act = (pressed: HTMLButtonElement, work: () => Promise<string>): Promise<void> =>
  whileBusy([pressed], async () => {
    say(part('alert'));
    try {
      const done = await work();
      if (done === '') return;
      await load();
      say(status, done);
      part('title').focus();
    } catch (error) {
      say(status);
      say(part('alert'), describeError(error));
    }
  });

const begin = <T>(factorType: string): Promise<Pending<T>> => call('POST', FACTORS, { body: { factorType } });
const activate = (id: string, body: object): Promise<unknown> =>
  call('POST', `${FACTORS}/${encodeURIComponent(id)}/lifecycle/activate`, { body });

button('register').addEventListener(
  'click',
  () =>
    void act(button('register'), async () => {
      const { id, _embedded } = await begin<CreationOptionsJson>('webauthn');
      say(status, 'Touch your key, or follow your browser…');
      await activate(id, await createKey(_embedded.activation));
      return 'Your key is registered.';
    }),
);

let pendingId = '';
button('begin').addEventListener(
  'click',
  () =>
    void act(button('begin'), async () => {
      const { id, _embedded } = await begin<{ sharedSecret: string; otpauth: string }>('token:software:totp');
      pendingId = id;
      say(part('secret'), _embedded.activation.sharedSecret);
      byId('otpauth', HTMLAnchorElement).href = _embedded.activation.otpauth;
      say(status);
      part('totp-start').hidden = true;
      part('totp-form').hidden = false;
      passCode.focus();
      return '';
    }),
);
byId('totp-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void act(button('finish'), async () => {
    await activate(pendingId, { passCode: passCode.value.replaceAll(/\s/g, '') });
    return 'Your app is set up.';
  });
});

byId('go-on', HTMLAnchorElement).href = nextPath(location.search, location.origin);
button('sign-out').addEventListener(
  'click',
  () =>
    void act(button('sign-out'), async () => {
      await call('DELETE', '/api/v1/sessions/me');
      location.assign('/sign-in');
      return '';
    }),
);

void load().catch((error: unknown) => say(part('alert'), describeError(error)));
