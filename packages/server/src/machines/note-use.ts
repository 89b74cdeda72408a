import type { LogActor, LogTarget } from '@sallyport/model/log-event';
import { networkKey } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import { appTarget } from '../apps/app-target.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { appAsActor, recordEvent } from '../system-log/record-event.ts';

/** How often a busy machine writes that it was used. */
const USE_WRITTEN_EVERY_SECONDS = 60;
/** Use from a second network within it is told; once in that time of each network, for a job may run in two places all day. */
const HOUR = 3600;

type Used = Pick<Row<'apps'>, 'id' | 'lastUsedAt' | 'lastUsedAddress' | 'lastUsedNetwork'>;

/**
 * One credential of a machine, an API token's or a service app's, that is used from a second network within the hour may
 * have been copied: that is an event of its own. In the transaction that writes the use. Returns whether it was told.
 */
export const tellSecondNetwork = async (
  s: Services,
  tx: Transaction,
  before: Used,
  { actor, target }: { readonly actor: LogActor; readonly target: LogTarget },
  request: RequestContext,
): Promise<boolean> => {
  const now = s.clock.now();
  const network = request.network === null ? null : networkKey(request.network);
  if (before.lastUsedAt === null || before.lastUsedNetwork === null || network === before.lastUsedNetwork) return false;
  if (now - before.lastUsedAt >= HOUR * 1000) return false;
  const key = `second network ${before.id} ${network ?? 'unknown'}`;
  if (s.rates.hit(key, { limit: 1, windowSeconds: HOUR }, now).isOver) return false;
  await recordEvent(
    s,
    tx,
    { kind: 'anonymous', request },
    {
      eventType: 'sallyport.credential.second_network',
      actor,
      target: [target],
      debugData: {
        fromNetwork: before.lastUsedNetwork,
        fromAddress: before.lastUsedAddress ?? 'unknown',
        toNetwork: network ?? 'unknown',
        toAddress: request.client.kind === 'known' ? request.client.address.text : 'unknown',
      },
    },
  );
  return true;
};

/** Writes down when and from where a service app was last used. */
export const noteAppUse = async (s: Services, app: Row<'apps'>, request: RequestContext): Promise<void> => {
  const now = s.clock.now();
  const address = request.client.kind === 'known' ? request.client.address.text : null;
  const isFresh = app.lastUsedAt !== null && now - app.lastUsedAt < USE_WRITTEN_EVERY_SECONDS * 1000;
  if (isFresh && app.lastUsedAddress === address) return;
  await s.store.transaction(async (tx) => {
    await tellSecondNetwork(s, tx, app, { actor: appAsActor(app), target: appTarget(app) }, request);
    await tx
      .updateTable('apps')
      .set({
        lastUsedAt: now,
        lastUsedAddress: address,
        lastUsedNetwork: request.network === null ? null : networkKey(request.network),
      })
      .where('id', '=', app.id)
      .execute();
  });
};
