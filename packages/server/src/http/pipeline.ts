/**
 * The way of every request, in one list. A reader sees here what is checked, and in which order; each step is one file.
 * A route cannot leave a step out: steps read the route's row and decide whether they concern it.
 */
import type { Step } from './exchange.ts';
import { answerTrustedOrigin } from './steps/answer-trusted-origin.ts';
import { endUnconfirmedChanges } from './steps/end-unconfirmed-changes.ts';
import { identifyPrincipal } from './steps/identify-principal.ts';
import { limitAnonymousRate } from './steps/limit-anonymous-rate.ts';
import { limitPrincipalRate } from './steps/limit-principal-rate.ts';
import { readInput } from './steps/read-input.ts';
import { refuseBlockedNetwork } from './steps/refuse-blocked-network.ts';
import { refuseCrossSite } from './steps/refuse-cross-site.ts';
import { refuseForeignHost } from './steps/refuse-foreign-host.ts';
import { requireAccess } from './steps/require-access.ts';
import { requireFreshProof } from './steps/require-fresh-proof.ts';
import { resolveClient } from './steps/resolve-client.ts';
import { settleHeldClock } from './steps/settle-held-clock.ts';

export const PIPELINE: readonly Step[] = [
  refuseForeignHost, //    the Host is ours, once
  answerTrustedOrigin, //  who may read the answer in a browser; nobody gets a right by it
  resolveClient, //        who is at the other end: address, chain, network, place
  refuseBlockedNetwork, // blocklists come before everything that costs
  limitAnonymousRate, //   per address, before any secret is looked at
  settleHeldClock, //      what had ended before the clock was set back stays ended
  endUnconfirmedChanges, // policies whose time is over, and who came in by them
  identifyPrincipal, //    one credential, held to its network
  refuseCrossSite, //      an unsafe request by cookie comes from our own pages
  limitPrincipalRate, //   per principal and class
  requireAccess, //        the route's permission
  readInput, //            query and body by the route's schemas
  requireFreshProof, //    proof of this very request, where its action is protected
];
