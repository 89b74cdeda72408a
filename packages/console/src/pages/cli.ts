import { alertBox, frame, type PageInput, sayingPage } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** What a person must see before they hand their session on. */
export interface CliRequest {
  readonly login: string;
  /** The letters that the terminal shows too. */
  readonly letters: string;
  readonly address: string;
  readonly network: string;
  /** Where the answer goes: a port of the person's own computer. */
  readonly returnsTo: string;
  readonly endsAt: string;
  readonly idleMinutes: number;
  readonly hasConsole: boolean;
}

const fact = (name: string, value: string, kind = '') =>
  html`<div><dt>${name}</dt><dd class="${kind}">${value}</dd></div>`;

/** The command line asks for a session. Neither button has the focus: nobody allows it by pressing Enter once too often. */
export const renderCliPage = ({ nonce, org, request }: PageInput & { readonly request: CliRequest }): string =>
  frame({
    nonce,
    org,
    title: 'Allow the command line?',
    script: 'cli',
    width: 'narrow',
    main: html`<section class="card" id="ask">
<h1 tabindex="-1">Allow the command line?</h1>
<p class="lead">A program on this computer asks to act as you. Compare the code with the one in your terminal.</p>
<p class="letters" id="letters"><span class="unseen">Code: </span>${request.letters}</p>
${alertBox('alert')}
<dl class="facts">
${fact('Signed in as', request.login)}
${fact('It gets', request.hasConsole ? 'A session of its own with your administrator rights' : 'A session of its own, without administrator rights')}
${fact('Works from', `${request.network}, where you are now (${request.address})`)}
${fact('Answer goes to', request.returnsTo, 'address')}
${fact('Ends', `At ${request.endsAt} at the latest, after ${request.idleMinutes} minutes without use, or when you sign out here`)}
</dl>
<p class="status" role="status" id="status"></p>
<div class="actions">
<button class="button primary" type="button" id="allow" disabled>Allow</button>
<button class="button" type="button" id="refuse" disabled>Refuse</button>
</div>
<p class="quiet">You did not just type <code>sallyport login</code>, or the codes differ? Refuse.</p>
</section>`,
  });

/** For an address that our command line does not make. Nothing of it is shown, and nothing can be pressed. */
export const renderBadCliPage = ({ nonce, org }: PageInput): string =>
  sayingPage(
    { nonce, org, title: 'This is not a request of the command line' },
    html`<p class="lead">The address is incomplete, or somebody else made it. Nothing was allowed.</p>
<p>To sign in a terminal, type <code>sallyport login</code> there and open the address that it prints.</p>`,
  );

const OUTCOMES: ReadonlyMap<string, readonly [title: string, text: string]> = new Map([
  ['signed-in', ['The command line is signed in', 'You can close this page and go on in your terminal.']],
  ['refused', ['You refused', 'The command line got nothing. You can close this page.']],
  ['failed', ['The command line is not signed in', 'Your terminal says why. You can close this page.']],
]);

/** Where the command line sends the browser in the end. The outcome only chooses among our own sentences. */
export const renderCliDonePage = ({ nonce, org, outcome }: PageInput & { readonly outcome: string }): string => {
  const [title, text] = OUTCOMES.get(outcome) ?? ['The command line has its answer', 'You can close this page.'];
  return sayingPage(
    { nonce, org, title },
    html`<p class="lead">${text}</p>
<p>Your sessions, this one among them, are on <a href="/me/sessions">your sessions page</a>; there you can end it at any time.</p>`,
  );
};
