import type { AdminBundle } from '../admin-bundle.ts';
import type { PageInput } from '../ui/frame.ts';
import { html, toText } from '../ui/html.ts';

/** The page of the Admin Console: everything in it is drawn by the bundle, which asks the API. */
export const renderConsolePage = ({ nonce, org }: PageInput, bundle: AdminBundle): string =>
  toText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${org.name} · Sallyport</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
<script nonce="${nonce}" src="/assets/colour-scheme.js"></script>
${bundle.styles.map((href) => html`<link rel="stylesheet" href="${href}">`)}
<script type="module" nonce="${nonce}" src="${bundle.script}"></script>
</head>
<body>
<div id="console"></div>
<noscript><p>The Admin Console needs JavaScript. Your own sessions are at <a href="/me/sessions">/me/sessions</a>.</p></noscript>
</body>
</html>
`);

/** In place of the console where nobody built it. */
export const CONSOLE_NOT_BUILT = 'The Admin Console is not built. Run `npm run build`, then load this page again.';
