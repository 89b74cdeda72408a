import { type PageInput, sayingPage } from '../ui/frame.ts';
import { html } from '../ui/html.ts';

export interface DeniedInput extends PageInput {
  readonly title?: string;
  /** Who is signed in, if anybody is. */
  readonly login: string | null;
  /** The sentence of the reason; text that may be shown to anybody. */
  readonly reason: string;
  /** What an administrator finds it by. */
  readonly reference: string;
  readonly homeUrl: string;
  /** Where the same can be tried again, when that may help. */
  readonly retryUrl?: string;
  /** Where another person signs in; the sign-in page unless told. */
  readonly signInUrl?: string;
}

/** Says that somebody may not go in, why, and how to go on: never a dead end. */
export const renderDeniedPage = (input: DeniedInput): string => {
  const { nonce, org, login, reason, reference, homeUrl, retryUrl, signInUrl = '/sign-in' } = input;
  const title = input.title ?? 'You can’t sign in from here';
  return sayingPage(
    { nonce, org, title },
    html`<p class="lead">${reason}</p>
<p>${
      login === null
        ? html`<a href="${signInUrl}">Sign in</a> with another account, if you have one.`
        : html`Signed in as <strong>${login}</strong>. <a href="${signInUrl}">Not you?</a>`
    }</p>
<p>If it should be otherwise, give an administrator this reference: <code>${reference}</code></p>
<p class="actions">${retryUrl !== undefined && html`<a class="button primary" href="${retryUrl}">Try again</a>`}
<a class="button${retryUrl === undefined ? ' primary' : ''}" href="${homeUrl}">Go home</a></p>`,
  );
};
