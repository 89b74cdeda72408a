import { ApiError } from '@sallyport/model/errors';
import { networkKey } from '@sallyport/model/network';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import { locksOn } from '../locks/store.ts';
import { standingRights } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { protectedActionsOf, tokenAsTarget } from './create-api-token.ts';
import { isInsideNetwork, type TokenNetwork } from './token-network.ts';

/** How often a busy token writes that it was used. */
const USE_WRITTEN_EVERY_SECONDS = 60;

const noteUse = async (s: Services, row: Row<'apiTokens'>, request: RequestContext): Promise<void> => {
  const now = s.clock.now();
  const address = request.client.kind === 'known' ? request.client.address.text : null;
  const isFresh = row.lastUsedAt !== null && now - row.lastUsedAt < USE_WRITTEN_EVERY_SECONDS * 1000;
  if (isFresh && row.lastUsedAddress === address) return;
  await s.store.transaction((tx) =>
    tx
      .updateTable('apiTokens')
      .set({
        lastUsedAt: now,
        lastUsedAddress: address,
        lastUsedNetwork: request.network === null ? null : networkKey(request.network),
        ...(row.slidingSeconds === 0 ? {} : { expiresAt: now + row.slidingSeconds * 1000 }),
      })
      .where('id', '=', row.id)
      .where('revokedAt', 'is', null)
      .execute(),
  );
};

/**
 * The principal of an `SSWS` secret. Whatever is wrong with it is a bare E0000011; a use outside of its network is also
 * an event.
 */
export const resolveApiToken = async (s: Services, secret: string, request: RequestContext): Promise<Principal> => {
  const refuse = (detail: string): ApiError => new ApiError('E0000011', { detail });
  const row = await s.store.read
    .selectFrom('apiTokens')
    .selectAll()
    .where('tokenHash', '=', tokenDigest(secret))
    .executeTakeFirst();
  const now = s.clock.now();
  if (row === undefined || row.revokedAt !== null) throw refuse('token unknown or revoked');
  if (now >= row.expiresAt) throw refuse('token-expired');
  const owner = await s.store.read.selectFrom('users').selectAll().where('id', '=', row.userId).executeTakeFirst();
  if (owner?.status !== 'ACTIVE') throw refuse('user-inactive');
  const locks = await Promise.all([
    locksOn(s.store.read, 'token', row.id, now),
    locksOn(s.store.read, 'user', row.userId, now),
  ]);
  if (locks.flat().length > 0) throw refuse('locked');
  const address = request.client.kind === 'known' ? request.client.address : null;
  if (!isInsideNetwork(JSON.parse(row.network) as TokenNetwork, address, s.zones)) {
    await s.store.transaction((tx) =>
      recordEvent(
        s,
        tx,
        { kind: 'anonymous', request },
        {
          eventType: 'system.api_token.request_outside_allowed_range',
          actor: userAsActor(owner),
          outcome: { result: 'DENY', reason: 'token-network-outside' },
          target: [tokenAsTarget(row)],
          apiTokenId: row.id,
        },
      ),
    );
    throw refuse('token-network-outside');
  }
  await noteUse(s, row, request);
  const rights = await standingRights(s.store.read, row.userId);
  const allowedActions = protectedActionsOf(row);
  return { kind: 'token', userId: row.userId, tokenId: row.id, ...rights, allowedActions, request };
};
