import { toIso } from '@sallyport/model/instant';
import type { LogActor, LogTarget } from '@sallyport/model/log-event';
import { networkKey } from '@sallyport/model/network';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { createRefusalCounts, type RefusalCounts } from '../system-log/refusal-counts.ts';

/** A good token, presented outside of its network. */
export interface OutsideUse {
  readonly eventType:
    | 'system.api_token.request_outside_allowed_range'
    | 'system.oauth2.token.request_outside_allowed_range';
  readonly actor: LogActor;
  readonly target: LogTarget;
  /** Of an API token. */
  readonly apiTokenId?: string;
}

/** By token and the network that it was used from: another network is news, another address of it is not. */
const keyOf = ({ request: { network, client } }: Principal, { target }: OutsideUse): string => {
  const place = network === null ? (client.chain.at(-1)?.ip ?? 'unknown') : networkKey(network);
  return `${target.id} ${place}`;
};

/** Uses of tokens outside of their networks. */
export const createOutsideUses = (): RefusalCounts<OutsideUse> => createRefusalCounts(keyOf);

const record = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { eventType, actor, target, apiTokenId }: OutsideUse,
  debugData: Readonly<Record<string, string>> = {},
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType,
    actor,
    outcome: { result: 'DENY', reason: 'token-network-outside' },
    target: [target],
    ...(apiTokenId === undefined ? {} : { apiTokenId }),
    debugData,
  });

/** Tells of a use outside of the token's network: the first of a minute at once, the others by their number. */
export const noteOutsideUse = async (s: Services, request: RequestContext, use: OutsideUse): Promise<void> => {
  const principal: Principal = { kind: 'anonymous', request };
  if (s.outsideUses.note(principal, use, s.clock.now()))
    await s.store.transaction((tx) => record(s, tx, principal, use));
};

/** Tells of those that were counted and not told one by one. */
export const tellOutsideUses = async (s: Services, isAll = false): Promise<void> => {
  const uses = s.outsideUses.drain(s.clock.now(), isAll);
  if (uses.length === 0) return;
  await s.store.transaction(async (tx) => {
    for (const { principal, about, count, firstAt } of uses)
      await record(s, tx, principal, about, { refusedRequests: String(count), refusedSince: toIso(firstAt) });
  });
};
