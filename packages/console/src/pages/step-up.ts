import { alertBox, frame, type PageInput, sayingPage } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** What a person must see before their key signs for a command line. */
export interface StepUpRequest {
  readonly words: string;
  readonly why: string;
  readonly login: string;
  /** The program that asks, and from where. */
  readonly askedBy: string;
  readonly askedFrom: string;
  readonly target: string | null;
  readonly endsAt: string;
  /** The requests that are signed for, and what they write. */
  readonly written: string;
  /** For the script: the challenge, and how long it is good. */
  readonly challenge: unknown;
}

const fact = (name: string, value: string, kind = '') =>
  html`<div><dt>${name}</dt><dd class="${kind}">${value}</dd></div>`;

/**
 * A command line asks for fresh proof. The code stands only in the terminal: whoever was merely sent the link has none,
 * and whoever was sent both is told to refuse.
 */
export const renderStepUpPage = ({ nonce, org, request }: PageInput & { readonly request: StepUpRequest }): string =>
  frame({
    nonce,
    org,
    title: 'Confirm for the command line',
    script: 'step-up-page',
    width: 'narrow',
    main: html`<section class="card" id="ask" data-asked="${JSON.stringify(request.challenge)}">
<p class="step">For your command line</p>
<h1 tabindex="-1">${request.words}?</h1>
<p class="lead">${request.why}</p>
<dl class="facts">
${fact('Asked by', request.askedBy)}
${fact('From', request.askedFrom)}
${fact('Signed in as', request.login)}
${request.target !== null && fact('It is about', request.target, 'wraps')}
${fact('Can be confirmed until', request.endsAt)}
</dl>
<div>
<p class="quiet" id="written-label">What your key signs</p>
<pre class="written" tabindex="0" role="region" aria-labelledby="written-label">${request.written}</pre>
</div>
${alertBox('alert')}
<form id="form" novalidate>
<div class="field">
<label for="code">Code in your terminal</label>
<input class="code" id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" required autofocus aria-describedby="code-hint">
<p class="quiet" id="code-hint">Eight letters and digits, like WXYZ-2345.</p>
</div>
<p class="status" role="status" id="status"></p>
<div class="actions">
<button class="button primary" type="submit" id="confirm" disabled>Confirm with your key</button>
<button class="button" type="button" id="refuse" disabled>Refuse</button>
</div>
</form>
<p class="quiet">You did not just run a command, or somebody sent you this link or told you the code? Refuse.</p>
</section>
<section class="card" id="done" hidden>
<h1 tabindex="-1">Confirmed</h1>
<p class="lead">Go back to your terminal: it goes on by itself. You can close this page.</p>
</section>
<section class="card" id="refused" hidden>
<h1 tabindex="-1">You refused</h1>
<p class="lead">Nothing was changed. The command line stops. You can close this page.</p>
<p>It was not you who asked? <a href="/me/sessions">End that command line’s session</a>.</p>
</section>
<section class="card" id="closed" hidden>
<h1 tabindex="-1">It can’t be confirmed any more</h1>
<p class="lead" id="closed-reason"></p>
<p>To try again, run the command again in your terminal.</p>
</section>`,
  });

/** In place of the question: nothing can be confirmed here, and why. */
export type StepUpEnd =
  | 'answered'
  | 'waiting'
  | 'cancelled'
  | 'expired'
  | 'denied'
  | 'other-network'
  | 'signed-out'
  | 'unknown';

const ENDS: Readonly<Record<StepUpEnd, readonly [title: string, text: string]>> = {
  answered: ['This is confirmed already', 'Your terminal goes on by itself, and says what came of it.'],
  waiting: ['You confirmed; somebody else must approve', 'Your terminal says how to go on when they have.'],
  cancelled: [
    'It was refused, or cancelled',
    'Nothing was changed. To try again, run the command again in your terminal.',
  ],
  expired: ['It is too late to confirm', 'Nothing was changed. To try again, run the command again in your terminal.'],
  denied: ['It was denied', 'Nothing was changed. Your terminal says why.'],
  'other-network': [
    'This browser is in another network',
    'A command line’s action is confirmed from the network that the command line is in. Nothing was confirmed. Open the link on a computer there.',
  ],
  'signed-out': [
    'The command line that asked is signed out',
    'Nothing was changed. Run sallyport login in your terminal, and then the command again.',
  ],
  unknown: [
    'There is nothing to confirm here',
    'The link is incomplete, is no more, or was meant for somebody else. Nothing was confirmed.',
  ],
};

export const renderStepUpEndPage = ({
  nonce,
  org,
  end,
  login,
}: PageInput & { readonly end: StepUpEnd; readonly login: string }): string => {
  const [title, text] = ENDS[end];
  return sayingPage(
    { nonce, org, title },
    html`<p class="lead">${text}</p>
<p>You are signed in as ${login}. Your sessions, those of command lines among them, are on <a href="/me/sessions">your sessions page</a>.</p>`,
  );
};
