import { type HtmlValue, html, type Markup, toText } from './html.ts';
import { mark } from './mark.ts';

/** What pages say of the organisation: its name, and whom to ask for help, when it says so. */
export interface PageOrg {
  readonly name: string;
  readonly help: { readonly phone: string | null; readonly page: string | null } | null;
}

/** What every page is given: the nonce that lets its script run, and the organisation. */
export interface PageInput {
  readonly nonce: string;
  readonly org: PageOrg;
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

/** The number is text and a link: whoever is locked out may read it on one screen and dial on another. */
const helpLine = (help: PageOrg['help']): Markup | false =>
  help !== null &&
  html`<p class="help">Need help? ${[
    help.phone !== null && html`Call <a href="tel:${help.phone.replace(/[^+\d]/g, '')}">${help.phone}</a>`,
    help.phone !== null && help.page !== null && ' or open ',
    help.phone === null && help.page !== null && 'Open ',
    help.page !== null && html`<a href="${help.page}" rel="noreferrer">the help page</a>`,
  ]}.</p>`;

/** A whole page: the same head, header and footer around every `main`. */
export const frame = ({ nonce, org, title, script, width, actions, main }: Frame): string =>
  toText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · ${org.name}</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
<link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/sallyport.css">
${script !== null && html`<script type="module" nonce="${nonce}" src="/assets/${script}.js"></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<div class="bar-in">
<p class="brand">${mark}<span class="brand-name">${PRODUCT}</span>${org.name !== PRODUCT && html`<span class="brand-org">${org.name}</span>`}</p>
${actions}
</div>
</header>
<main id="main" class="main ${width}" tabindex="-1">
${script !== null && html`<noscript><p class="alert">This page needs JavaScript: with it your browser talks to your security key. Please switch it on and load the page again.</p></noscript>`}
${main}
</main>
<footer class="foot">
${helpLine(org.help)}
<p>Guarded by ${PRODUCT}: two doors, and never both open.</p>
</footer>
</body>
</html>
`);

/** Where a form says what went wrong. It is there from the beginning, so that a screen reader hears it fill. */
export const alertBox = (id: string): Markup => html`<div class="alert" role="alert" id="${id}"></div>`;

/** A page that only says something: its title, once more as the heading, and what stands below. */
export const sayingPage = ({ nonce, org, title }: PageInput & { readonly title: string }, said: HtmlValue): string =>
  frame({
    nonce,
    org,
    title,
    script: null,
    width: 'narrow',
    main: html`<section class="card">
<h1>${title}</h1>
${said}
</section>`,
  });
