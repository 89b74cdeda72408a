import { frame, type PageInput } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/**
 * In place of a page that was asked for from a new address (mode `PROVE`): its script lets the page's key sign, and
 * loads the page that was asked for. `asked` is what the API's refusal carries, too.
 */
export const renderProvePage = ({ nonce, org, asked }: PageInput & { readonly asked: unknown }): string =>
  frame({
    nonce,
    org,
    title: 'One moment',
    script: 'prove',
    width: 'narrow',
    main: html`<section class="card" id="asked" data-asked="${JSON.stringify(asked)}">
<h1>One moment</h1>
<p class="lead">Your address has changed. Your browser is proving that it is still the one you signed in with.</p>
<p class="status" role="status" id="status"></p>
<div class="actions stacked">
<button class="button primary" type="button" id="again" hidden>Try again</button>
<a class="button plain" href="/sign-in">Sign in again</a>
</div>
</section>`,
  });
