export const TOKENS = '/sallyport/v1/api-tokens';
export const MANAGED = '/api/v1/api-tokens';

/** An item of `GET /sallyport/v1/api-tokens`. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly owner: { readonly id: string; readonly login: string; readonly name: string };
  readonly network: {
    readonly connection: Connection;
    readonly include: readonly string[];
    readonly exclude: readonly string[];
    readonly words: string;
    readonly isAnywhere: boolean;
    readonly anywhereReason: string | null;
  };
  readonly protectedActions: 'all' | readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: { readonly address: string; readonly network: string | null } | null;
  readonly expiresAt: string;
  readonly isSliding: boolean;
  readonly secretSetAt: string;
  readonly isOld: boolean;
  readonly oldSecret: OldSecret | null;
  readonly isOwn: boolean;
  readonly use: {
    readonly networks: readonly string[];
    readonly permissions: readonly string[];
    readonly programs: readonly string[];
  };
  readonly serviceApp: { readonly could: boolean; readonly why: string };
}
export type Connection = 'ANYWHERE' | 'ZONE' | 'LOOPBACK';
export interface OldSecret {
  readonly endsAt: string;
  readonly lastUsedAt: string | null;
  readonly lastUsedAddress: string | null;
}

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
