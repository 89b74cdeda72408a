import { alertBox, frame, type PageInput } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** As many as a sealed secret can need; two at first. Shown as text: they are typed from paper, and one alone tells nothing. */
const shareFields = [1, 2, 3, 4, 5].map(
  (number) => html`<div class="field" id="share-field-${number}" hidden>
<label for="share-${number}">Share ${number}</label>
<input class="code" id="share-${number}" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="128" disabled>
</div>
`,
);

/**
 * Sign-in: the name first, then the key. The forms say `post`, so that a browser in which the script failed does not
 * write a name or a password into the address bar.
 */
export const renderSignInPage = ({ nonce, org }: PageInput): string =>
  frame({
    nonce,
    org,
    title: 'Sign in',
    script: 'sign-in',
    width: 'narrow',
    main: html`<section class="card" id="step-name">
<h1 tabindex="-1">Sign in</h1>
<p class="lead">to ${org.name}</p>
${alertBox('name-alert')}
<form method="post" id="name-form">
<div class="field">
<label for="username">Your login</label>
<input id="username" name="username" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="320">
</div>
<div class="field" id="password-field" hidden>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" disabled>
</div>
<div id="share-fields" hidden>
<p class="quiet">The sheets say how many are needed. Any order does.</p>
${shareFields}<p><button class="button small" type="button" id="more-shares">Another share</button></p>
</div>
<p class="status" role="status" id="name-status"></p>
<div class="actions stacked">
<button class="button primary" type="submit" id="continue">Continue</button>
<button class="button plain" type="button" id="use-password">Use a password instead</button>
<button class="button plain" type="button" id="use-shares" hidden>Use shares of a secret</button>
</div>
</form>
</section>

<section class="card" id="step-code" hidden>
<h1 tabindex="-1">Enter your code</h1>
<p class="lead">The six digits that your authenticator app shows now.</p>
${alertBox('code-alert')}
<form method="post" id="code-form">
<div class="field">
<label for="pass-code">One-time code</label>
<input class="code" id="pass-code" name="passCode" type="text" inputmode="numeric" autocomplete="one-time-code" required maxlength="12">
</div>
<div class="actions stacked">
<button class="button primary" type="submit" id="send-code">Sign in</button>
<button class="button plain" type="button" id="start-again">Start again</button>
</div>
</form>
</section>

<section class="card" id="step-expired" hidden>
<h1 tabindex="-1">Choose a new password</h1>
<p class="lead">Yours is expired. With a new one you go on.</p>
${alertBox('expired-alert')}
<form method="post" id="expired-form">
<div class="field">
<label for="new-password">New password</label>
<input id="new-password" name="newPassword" type="password" autocomplete="new-password" required maxlength="256" aria-describedby="new-password-help">
<p class="quiet" id="new-password-help">At least 12 characters. A few words that are not about you do well.</p>
</div>
<div class="actions"><button class="button primary" type="submit" id="change-password">Set the password and sign in</button></div>
</form>
</section>

<section class="card" id="step-denied" hidden>
<h1 tabindex="-1">You can’t sign in from here</h1>
<p class="lead" id="denied-reason"></p>
<p>You proved that you are <strong id="denied-login"></strong>. <button class="link" type="button" id="not-you">Not you?</button></p>
<p id="denied-help"></p>
<div class="note" id="denied-reference-note">
<p>An administrator finds this refusal in the System Log by its reference:</p>
<p class="reference"><code id="denied-reference"></code> <button class="button small" type="button" id="copy-reference">Copy</button></p>
<p class="quiet" role="status" id="copy-status"></p>
</div>
<div class="actions stacked">
<button class="button primary" type="button" id="try-again">Try again</button>
<a class="button plain" href="/">To the start page</a>
</div>
</section>`,
  });
