import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { recordEvent } from '../system-log/record-event.ts';
import type { BlockingZone } from './blocked-requests.ts';

/** Writes down that a blocklist refused a request. */
export const recordBlocked = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  zone: BlockingZone,
  debugData: Readonly<Record<string, string>> = {},
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType: 'security.request.blocked',
    outcome: { result: 'DENY', reason: 'Blocked by a network zone' },
    target: [{ id: zone.id, type: 'NetworkZone', alternateId: zone.name, displayName: zone.name, detailEntry: null }],
    debugData,
  });

/** Tells of the refusals that were counted and not told one by one. */
export const tellBlocked = async (s: Services, isAll = false): Promise<void> => {
  const refusals = s.blocked.drain(s.clock.now(), isAll);
  if (refusals.length === 0) return;
  await s.store.transaction(async (tx) => {
    for (const { principal, about: zone, count, firstAt } of refusals)
      await recordBlocked(s, tx, principal, zone, { blockedRequests: String(count), blockedSince: toIso(firstAt) });
  });
};
