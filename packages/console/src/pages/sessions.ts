import { alertBox, frame, type PageInput } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** One's own sessions and keys: is one of these not me? */
export const renderSessionsPage = ({ nonce, org }: PageInput): string =>
  frame({
    nonce,
    org,
    title: 'Your sessions',
    script: 'sessions',
    width: 'wide',
    actions: html`<button class="button small" type="button" id="sign-out">Sign out</button>`,
    main: html`<h1 tabindex="-1" id="title">Your sessions</h1>
<p class="lead">Every place where you are signed in. If one of these is not you, end it.</p>
<p id="to-console" hidden><a href="/">Back to the Admin Console</a></p>
<p id="to-authenticators" hidden><a href="/me/authenticators">Set up what your organisation asks for</a></p>
${alertBox('alert')}
<p class="status" role="status" id="status"></p>

<section class="banner" id="roamed" aria-labelledby="roamed-title" hidden>
<h2 id="roamed-title" tabindex="-1">Was that you?</h2>
<p id="roamed-text"></p>
<div class="actions">
<button class="button" type="button" id="was-me">That was me</button>
<button class="button danger" type="button" id="was-not-me">That wasn’t me</button>
</div>
</section>

<section aria-labelledby="active-title">
<div class="section-head">
<h2 id="active-title" tabindex="-1">Active</h2>
<button class="button small" type="button" id="end-others" hidden>End all other sessions</button>
</div>
<ul class="cards" id="active"><li class="card empty">Loading your sessions…</li></ul>
<p class="quiet" id="only-one" hidden>You are signed in nowhere else.</p>
<details class="fold" id="ended-fold">
<summary>Ended sessions <span class="count" id="ended-count"></span></summary>
<ul class="cards" id="ended"></ul>
</details>
</section>

<section aria-labelledby="actions-title">
<div class="section-head"><h2 id="actions-title">Done with your account lately</h2></div>
<p class="lead">Protected actions, each with a key of yours. If one was not you, say so.</p>
<ul class="cards" id="actions"><li class="card empty">Loading what was done…</li></ul>
</section>

<section aria-labelledby="keys-title">
<div class="section-head"><h2 id="keys-title">Your keys</h2></div>
<ul class="cards" id="keys"><li class="card empty">Loading your keys…</li></ul>
</section>

<dialog class="card" id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text">
<h2 id="confirm-title">That wasn’t you?</h2>
<p id="confirm-text">All your sessions end now, this one too. Then sign in again with your key, and look through your sessions.</p>
<div class="actions">
<button class="button danger" type="button" id="confirm-end">End all my sessions</button>
<button class="button" type="button" id="confirm-cancel">Cancel</button>
</div>
</dialog>`,
  });
