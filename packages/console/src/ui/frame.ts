import { type HtmlValue, html, type Markup, toText } from './html.ts';
import { mark } from './mark.ts';

/** What every page is given: the nonce that lets its script run, and the name of the organisation. */
export interface PageInput {
  readonly nonce: string;
  readonly orgName: string;
}

export interface Frame extends PageInput {
  readonly title: string;
  /** The name of the page's script in `/assets`; null for a page that needs none. */
  readonly script: string | null;
  readonly width: 'narrow' | 'wide';
  readonly actions?: Markup;
  readonly main: HtmlValue;
}

const PRODUCT = 'Sallyport';

/** A whole page: the same head, header and footer around every `main`. */
export const frame = ({ nonce, orgName, title, script, width, actions, main }: Frame): string =>
  toText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · ${orgName}</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
<link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/sallyport.css">
${script !== null && html`<script type="module" nonce="${nonce}" src="/assets/${script}.js"></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<div class="bar-in">
<p class="brand">${mark}<span class="brand-name">${PRODUCT}</span>${orgName !== PRODUCT && html`<span class="brand-org">${orgName}</span>`}</p>
${actions}
</div>
</header>
<main id="main" class="main ${width}" tabindex="-1">
${script !== null && html`<noscript><p class="alert">This page needs JavaScript: with it your browser talks to your security key. Please switch it on and load the page again.</p></noscript>`}
${main}
</main>
<footer class="foot"><p>Guarded by ${PRODUCT}: two doors, and never both open.</p></footer>
</body>
</html>
`);

/** Where a form says what went wrong. It is there from the beginning, so that a screen reader hears it fill. */
export const alertBox = (id: string): Markup => html`<div class="alert" role="alert" id="${id}"></div>`;
