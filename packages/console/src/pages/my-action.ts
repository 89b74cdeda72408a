import { alertBox, frame, type PageInput } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** Where a notice by mail leads: what was done with one's account, and a way to say that it was not oneself. */
export const renderMyActionPage = ({ nonce, org }: PageInput): string =>
  frame({
    nonce,
    org,
    title: 'Was that you?',
    script: 'my-action',
    width: 'narrow',
    main: html`<section class="card">
<h1 tabindex="-1" id="title">Was that you?</h1>
<p class="lead">This was done with your account and a key of yours.</p>
${alertBox('alert')}
<dl class="facts" id="facts"><div><dt>Loading</dt><dd>what was done…</dd></div></dl>
<div class="actions">
<a class="button" href="/me/sessions">That was me</a>
<button class="button danger" type="button" id="not-me" disabled>That wasn’t me…</button>
</div>
<p class="quiet">“That wasn’t me” ends every session of yours and tells the other super admins. It does not undo what was done.</p>
</section>
<dialog class="card" id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text">
<h2 id="confirm-title">That wasn’t you?</h2>
<p id="confirm-text">All your sessions end now, this one too, and the other super admins are told. Then sign in again with a key that only you have.</p>
<div class="actions">
<button class="button danger" type="button" id="confirm-end">End all my sessions</button>
<button class="button" type="button" id="confirm-cancel">Cancel</button>
</div>
</dialog>`,
  });
