import type { ClientAddress, Network, Place } from './network.ts';
import type { Permission } from './permissions.ts';
import type { ActionName } from './protected-actions.ts';
import type { Reason } from './reasons.ts';
import type { Rights } from './rights.ts';

/** The request as events and judgements may see it; nothing of HTTP beyond this reaches a use case. */
export interface RequestContext {
  /** `X-Okta-Request-Id`, equal to `transaction.id` of every event of the request. */
  readonly requestId: string;
  readonly client: ClientAddress;
  readonly network: Network | null;
  readonly place: Place;
  readonly userAgent: string;
  readonly method: string;
  /** Path with public ids only: a session secret never stands in it. */
  readonly path: string;
  /** Polling: does not move the idle clock. */
  readonly isBackground: boolean;
}

/**
 * On what ground a protected action is being done. It is spent, and written down, inside the transaction of the change:
 * a proof whose change fails is still good for the same request.
 */
export interface ActionAuthorization {
  readonly action: ActionName;
  /** The action in words, its target named. */
  readonly words: string;
  readonly target: { readonly id: string; readonly name: string | null; readonly type: string } | null;
  readonly basis: Reason;
  /** The proof that was brought, and the digest of this request; null where a window or the token's making covers it. */
  readonly proof: { readonly id: string; readonly requestDigest: string } | null;
  /** Why no second person was asked, in the session of a break-glass account. */
  readonly waivedReason?: string;
}

/** Who asks. Use cases take `(principal, input)`, never a request. */
export type Principal = (
  | { readonly kind: 'anonymous' }
  | ({
      readonly kind: 'session';
      readonly userId: string;
      readonly sessionId: string;
      readonly hasConsole: boolean;
      /** Who asked to sign in as the service account that this session is of (decision 0049): what is done is done by their hand. */
      readonly maintainerId?: string;
      readonly authorization?: ActionAuthorization;
    } & Rights)
  | ({
      readonly kind: 'token';
      readonly userId: string;
      readonly tokenId: string;
      /** The protected actions it was made for; any other needs a human. */
      readonly allowedActions: 'all' | readonly string[];
      readonly authorization?: ActionAuthorization;
    } & Rights)
  | ({
      readonly kind: 'service-app';
      readonly appId: string;
      /** The access token that it came with, by its public id. */
      readonly tokenId: string;
      /** The protected actions that it performs by itself; any other needs a human. */
      readonly allowedActions: 'all' | readonly string[];
      readonly authorization?: ActionAuthorization;
      /** What its roles give, cut down to the scopes of the token. */
    } & Rights)
  | { readonly kind: 'host'; readonly permissions: ReadonlySet<Permission> }
  | { readonly kind: 'job'; readonly job: string; readonly permissions: ReadonlySet<Permission> }
) & { readonly request: RequestContext };

/** Whoever asks over the wire with rights of their own: a person, their token, or a service app. */
export type Caller = Extract<Principal, { readonly kind: 'session' | 'token' | 'service-app' }>;
export const isCaller = (principal: Principal): principal is Caller =>
  principal.kind === 'session' || principal.kind === 'token' || principal.kind === 'service-app';

/** Something that acts without anybody present: it enrols no keys, makes no links and approves nothing. */
export const isMachine = (principal: Principal): principal is Extract<Caller, { kind: 'token' | 'service-app' }> =>
  principal.kind === 'token' || principal.kind === 'service-app';

/** The person, also behind their token, or the service app: what locks, ties and rates are counted by. */
export const subjectOf = (caller: Caller): string => (caller.kind === 'service-app' ? caller.appId : caller.userId);

/** Who is written down as the author of a change: the person or the service app; else the kind (`host`, `job`). */
export const authorOf = (principal: Principal): string => (isCaller(principal) ? subjectOf(principal) : principal.kind);

/** Who made something, as far as ties count it (design §4.6): in the session of a service account whoever signed in as it. */
export const makerOf = (principal: Principal): string =>
  principal.kind === 'session' && principal.maintainerId !== undefined ? principal.maintainerId : authorOf(principal);
