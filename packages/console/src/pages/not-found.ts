import { type PageInput, sayingPage } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

/** An address that is no page: says so, and how to go on. */
export const renderNotFoundPage = ({ nonce, org, homeUrl }: PageInput & { readonly homeUrl: string }): string =>
  sayingPage(
    { nonce, org, title: 'There is no such page' },
    html`<p class="lead">The address may be from an older version, or cut short on its way to you.</p>
<p class="actions"><a class="button primary" href="${homeUrl}">Go home</a></p>`,
  );
