import { CallError, call } from './call.ts';
import { describeError } from './describe-error.ts';
import { byId, say, whileBusy } from './dom.ts';

// The server has shown this page only because it knows the address as one of a loopback listener.
const asked = new URLSearchParams(location.search);
const redirectUri = asked.get('redirect_uri') ?? '';
const state = asked.get('state') ?? '';

const allow = byId('allow', HTMLButtonElement);
const refuse = byId('refuse', HTMLButtonElement);
const alertBox = byId('alert', HTMLElement);
const status = byId('status', HTMLElement);

/** Takes the answer to the command line's listener on this computer. */
const answer = (parameters: Readonly<Record<string, string>>): void => {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...parameters, state })) target.searchParams.set(name, value);
  // No way back to a page whose button was pressed.
  location.replace(target.href);
};

const signInAgain = (): void =>
  location.replace(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);

allow.addEventListener(
  'click',
  () =>
    void whileBusy([allow, refuse], async () => {
      say(alertBox);
      say(status, 'Telling the command line…');
      try {
        const { code } = await call<{ code: string }>('POST', '/sallyport/v1/cli/authorizations', {
          body: {
            redirectUri,
            state,
            codeChallenge: asked.get('code_challenge') ?? '',
            codeChallengeMethod: asked.get('code_challenge_method') ?? '',
          },
        });
        answer({ code });
      } catch (error) {
        say(status);
        if (error instanceof CallError && error.status === 401) return signInAgain();
        say(alertBox, describeError(error));
      }
    }),
);
refuse.addEventListener('click', () => answer({ error: 'access_denied' }));
// Until here a press would have been lost without a word.
for (const button of [allow, refuse]) button.disabled = false;
