import { alertBox, frame, type PageInput } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** The page of a link with which somebody whose password was reset chooses a new one. */
export const renderResetPasswordPage = ({ nonce, org }: PageInput): string =>
  frame({
    nonce,
    org,
    title: 'Choose a new password',
    script: 'reset-password',
    width: 'narrow',
    main: html`<section class="card" id="step-choose">
<h1 tabindex="-1">Choose a new password</h1>
<p class="lead">Your old one was reset. This link works once.</p>
${alertBox('choose-alert')}
<form method="post" id="choose-form">
<div class="field">
<label for="new-password">New password</label>
<input id="new-password" name="newPassword" type="password" autocomplete="new-password" required maxlength="256" aria-describedby="new-password-help">
<p class="quiet" id="new-password-help">At least 12 characters, or as many as your organisation asks for. A few words that are not about you do well.</p>
</div>
<div class="actions"><button class="button primary" type="submit" id="choose">Set the password</button></div>
</form>
</section>

<section class="card" id="step-done" hidden>
<h1 tabindex="-1">Your password is set</h1>
<p>Sign in as <strong id="done-login"></strong>.</p>
<div class="actions"><a class="button primary" href="/sign-in">Sign in</a></div>
</section>`,
  });
