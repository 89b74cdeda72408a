import type { Route } from '@sallyport/api/define-route';
import type { ApiError } from '@sallyport/model/errors';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';
import type { ProofAsked } from '../sessions/proof-required.ts';

/** One request on its way through the pipeline. Steps fill it from top to bottom; a later one may rely on the earlier. */
export interface Exchange {
  readonly services: Services;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly requestId: string;
  context: RequestContext;
  principal: Principal;
  query: Readonly<Record<string, unknown>>;
  body: unknown;
  /** The presented session token, as long as it was good; needed to rotate it. */
  sessionToken: string | null;
  /** What the session at this address owes before it counts (mode `PROVE`); its principal is nobody until then. */
  proofAsked?: ProofAsked;
  /** A protected action without its proof: makes the refusal that asks for it, once the change was rehearsed. */
  askProof?: () => Promise<ApiError>;
  /** Runs another request of the same caller up to its commit, and undoes it: throws what it would be refused for. */
  readonly rehearse: (inner: InnerRequest) => Promise<void>;
}

/** A request that another one speaks of. */
export interface InnerRequest {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly body: unknown;
  readonly ifMatch: string;
}

/** A step refuses by throwing `ApiError`; returning lets the request go on. */
export interface Step {
  readonly name: string;
  readonly run: (exchange: Exchange) => void | Promise<void>;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Full `Set-Cookie` values. */
  readonly cookies?: readonly string[];
}

/** Maps an exchange to a use case and its result to an answer; no judgement lives here. */
export type Handler = (exchange: Exchange) => Promise<Answer>;
