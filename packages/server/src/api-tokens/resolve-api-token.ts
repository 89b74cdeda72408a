import type { Route } from '@sallyport/api/define-route';
import { ApiError } from '@sallyport/model/errors';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import { locksOn } from '../locks/store.ts';
import { standingRights } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import { userAsActor } from '../system-log/record-event.ts';
import { protectedActionsOf, tokenAsTarget } from './create-api-token.ts';
import { noteTokenUse } from './note-token-use.ts';
import { noteOutsideUse } from './outside-uses.ts';
import { isInsideNetwork, type TokenNetwork } from './token-network.ts';

/**
 * The principal of an `SSWS` secret. Whatever is wrong with it is a bare E0000011; a use outside of its network is also
 * an event.
 */
export const resolveApiToken = async (
  s: Services,
  secret: string,
  request: RequestContext,
  route: Pick<Route, 'access'>,
): Promise<Principal> => {
  const refuse = (detail: string): ApiError => new ApiError('E0000011', { detail });
  const digest = tokenDigest(secret);
  const row = await s.store.read
    .selectFrom('apiTokens')
    .selectAll()
    .where((e) => e.or([e('tokenHash', '=', digest), e('oldTokenHash', '=', digest)]))
    .executeTakeFirst();
  const now = s.clock.now();
  if (row === undefined || row.revokedAt !== null) throw refuse('token unknown or revoked');
  const isOldSecret = row.tokenHash !== digest;
  if (isOldSecret && (row.oldSecretEndsAt === null || now >= row.oldSecretEndsAt)) throw refuse('old-secret-ended');
  if (now >= row.expiresAt) throw refuse('token-expired');
  const owner = await s.store.read.selectFrom('users').selectAll().where('id', '=', row.userId).executeTakeFirst();
  if (owner?.status !== 'ACTIVE') throw refuse('user-inactive');
  const locks = await Promise.all([
    locksOn(s.store.read, 'token', row.id, now),
    locksOn(s.store.read, 'user', row.userId, now),
  ]);
  if (locks.flat().length > 0) throw refuse('locked');
  if (!isInsideNetwork(JSON.parse(row.network) as TokenNetwork, request.client, s.zones)) {
    await noteOutsideUse(s, request, {
      eventType: 'system.api_token.request_outside_allowed_range',
      actor: userAsActor(owner),
      target: tokenAsTarget(row),
      apiTokenId: row.id,
    });
    throw refuse('token-network-outside');
  }
  const rights = await standingRights(s.store.read, row.userId);
  const asked = route.access.kind === 'admin' ? route.access.permission : null;
  const permission = asked !== null && rights.permissions.has(asked) ? asked : null;
  await noteTokenUse(s, row, { request, permission, isOldSecret, owner: userAsActor(owner) });
  const allowedActions = protectedActionsOf(row);
  return { kind: 'token', userId: row.userId, tokenId: row.id, ...rights, allowedActions, request };
};
