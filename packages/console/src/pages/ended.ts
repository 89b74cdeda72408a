import { END_REASONS } from '../browser/end-reasons.ts';
import { type PageInput, sayingPage } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'client-roaming',
    'Sign in again from where you are now. You will then see both networks, and can say whether it was you.',
  ],
  ['not-me', 'Sign in again with your key, and look through your sessions and keys.'],
  ['user-deactivated', 'If this surprises you, ask an administrator.'],
  [
    'token-reused',
    'This can happen when a copy of your cookie was used. Sign in again, and look through your sessions.',
  ],
]);

/**
 * Says how the session ended. The reason comes from the address bar, where anybody can write: it only chooses among
 * our own sentences and is never shown.
 */
export const renderEndedPage = ({ nonce, org, reason }: PageInput & { readonly reason: string }): string => {
  const known = END_REASONS.get(reason);
  const title = reason === 'signed-out' ? 'You are signed out' : 'Your session has ended';
  return sayingPage(
    { nonce, org, title },
    html`${known !== undefined && html`<p class="lead">${known.sentence}</p>`}
<p>${ADVICE.get(reason) ?? 'Nothing can be done with it any more. To go on, sign in again.'}</p>
<p class="actions"><a class="button primary" href="/sign-in">Sign in again</a></p>`,
  );
};
