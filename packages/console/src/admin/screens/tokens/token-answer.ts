import type { OldSecretAnswer, TokenUseAnswer } from '@sallyport/client/answers';

export const TOKENS = '/sallyport/v1/api-tokens';
export const MANAGED = '/api/v1/api-tokens';

/** An item of `GET /sallyport/v1/api-tokens`. */
export type Token = TokenUseAnswer;
export type Connection = Token['network']['connection'];
export type OldSecret = OldSecretAnswer;

/** The answer that a secret stands in, once. */
export interface MadeToken {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly sallyport: { readonly oldSecret: OldSecret | null };
}

/** What a token that needs no person for it does, in a few words for a list. */
export const byItselfWords = (actions: Token['protectedActions']): string =>
  actions === 'all'
    ? 'every protected action by itself'
    : `${actions.length} protected ${actions.length === 1 ? 'action' : 'actions'} by itself`;
