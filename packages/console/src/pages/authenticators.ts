import { alertBox, frame, type PageInput } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** Where somebody sets up what the policy of their organisation asks of them, with or without a role. */
export const renderAuthenticatorsPage = ({ nonce, org }: PageInput): string =>
  frame({
    nonce,
    org,
    title: 'Set up an authenticator',
    script: 'authenticators',
    width: 'narrow',
    actions: html`<button class="button small" type="button" id="sign-out">Sign out</button>`,
    main: html`<section class="card">
<h1 tabindex="-1" id="title">Set up an authenticator</h1>
<p class="lead" id="lead">Asking what your organisation asks of you…</p>
${alertBox('alert')}
<p class="status" role="status" id="status"></p>
<div id="webauthn" hidden>
<h2>A security key</h2>
<p id="webauthn-due"></p>
<p class="quiet">A key that you carry, or the one that is built into this computer.</p>
<div class="actions"><button class="button primary" type="button" id="register">Register a key</button></div>
</div>
<div id="totp" hidden>
<h2>An app for one-time codes</h2>
<p id="totp-due"></p>
<div class="actions" id="totp-start"><button class="button primary" type="button" id="begin">Show the secret</button></div>
<form method="post" id="totp-form" hidden>
<p>Add an account to your app by hand, with this secret, or open <a id="otpauth">this link</a> on the device that has the app.</p>
<p class="reference"><code id="secret"></code></p>
<div class="field">
<label for="pass-code">The code that the app shows now</label>
<input id="pass-code" name="passCode" inputmode="numeric" autocomplete="one-time-code" required maxlength="12">
</div>
<div class="actions"><button class="button primary" type="submit" id="finish">Finish</button></div>
</form>
</div>
<p class="actions" id="on" hidden><a class="button primary" id="go-on" href="/">Go on</a></p>
<p><a href="/me/sessions">Your sessions and keys</a></p>
</section>`,
  });
