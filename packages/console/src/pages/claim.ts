import { alertBox, frame, type PageInput } from '../ui/frame.ts';
import { html, type Markup } from '../ui/html.ts';

const step = (id: string, number: number, title: string, body: Markup, isHidden = true): Markup => html`
<section class="card" id="${id}" ${isHidden && html`hidden`}>
<p class="step"><span class="pips" aria-hidden="true">${[1, 2, 3].map((n) => html`<span class="pip ${n <= number && 'on'}"></span>`)}</span>Step ${number} of 3</p>
<h1 tabindex="-1" id="${id.replace('step-', '')}-title">${title}</h1>
${body}
</section>`;

const field = (name: string, label: string, autocomplete: string, type = 'text'): Markup => html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required maxlength="${type === 'email' ? 320 : 100}" aria-describedby="${name}-error">
<p class="field-error" id="${name}-error"></p>
</div>`;

const codeStep = html`<p class="lead">The server printed a one-time code where it was started. It works once, for 30 minutes.</p>
${alertBox('code-alert')}
<form method="post" id="code-form">
<div class="field">
<label for="code">One-time code</label>
<input class="code" id="code" name="code" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength="200">
</div>
<p class="status" role="status" id="code-status"></p>
<div class="actions"><button class="button primary" type="submit" id="send-code">Continue</button></div>
</form>`;

const personStep = html`<p class="lead">You become the first super administrator. There is no password: you sign in with a key.</p>
${alertBox('person-alert')}
<form method="post" id="person-form" novalidate>
${field('organisation', 'Organisation', 'organization')}
<div class="pair">
${field('firstName', 'First name', 'given-name')}
${field('lastName', 'Last name', 'family-name')}
</div>
${field('login', 'Login (your e-mail address)', 'username', 'email')}
<div class="actions"><button class="button primary" type="submit" id="send-person">Claim this server</button></div>
</form>`;

const firstKeyStep = html`<p class="lead" id="another-key" hidden>The keys that you have stay as they are. If one is lost or breaks, this one lets you in.</p>
<div class="note" id="network">
<p>The server sees you at <strong id="seen-at"></strong>.</p>
<p id="network-advice">If that is not your address, set <code>SALLYPORT_TRUSTED_PROXIES</code> before you go on.</p>
<details>
<summary>How the server got there</summary>
<dl class="facts">
<dt>Hops, from you to the server</dt><dd id="chain"></dd>
<dt>Proxies that are trusted</dt><dd id="proxies"></dd>
</dl>
</details>
</div>
<p>It must be a key that stays on a device, such as a security key. A passkey that is synced to a cloud account is refused.</p>
${alertBox('first-alert')}
<p class="status" role="status" id="first-status"></p>
<div class="actions"><button class="button primary" type="button" id="register-first">Register your first key</button></div>`;

const secondKeyStep = html`<p class="lead">Your first key works. If it is lost or breaks, a second one lets you in.</p>
<p>Keep the second key somewhere else than the first.</p>
${alertBox('second-alert')}
<p class="status" role="status" id="second-status"></p>
<div class="actions stacked">
<button class="button primary" type="button" id="register-second">Register a second key</button>
<button class="button plain" type="button" id="skip-second">Skip, I accept that losing this key means recovery on the host</button>
<button class="button primary" type="button" id="finish" hidden>Finish</button>
</div>`;

/** The first run: the code of the host, who the first administrator is, and two keys. */
export const renderClaimPage = ({ nonce, org }: PageInput): string =>
  frame({
    nonce,
    org,
    title: 'Set up',
    script: 'claim',
    width: 'narrow',
    main: [
      step('step-code', 1, 'Set up Sallyport', codeStep, false),
      step('step-person', 1, 'Claim this server', personStep),
      step('step-first-key', 2, 'Register your first key', firstKeyStep),
      step('step-second-key', 3, 'Register a second key', secondKeyStep),
    ],
  });
