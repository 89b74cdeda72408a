import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMayManageUser, userFacts } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { presentToken, protectedActionsOf, tokenAsTarget } from './create-api-token.ts';
import { readTokenNetwork, type TokenNetwork, type TokenNetworkInput } from './token-network.ts';

/** A token that works; one that was revoked, or whose time is over, is none. */
export const findApiToken = async (s: Services, db: Transaction, id: string): Promise<Row<'apiTokens'>> => {
  const row = await db
    .selectFrom('apiTokens')
    .selectAll()
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  if (row === undefined || s.clock.now() >= row.expiresAt) throw notFound(id, 'ApiToken');
  return row;
};

/** `GET /api/v1/api-tokens`: those that are not revoked, of owners whose tokens the principal may see. */
export const listApiTokens = async (
  s: Services,
  principal: Principal,
  input: { readonly q?: string; readonly limit?: string; readonly after?: string },
) => {
  const limit = pageLimit(input.limit, 20, 200);
  let query = s.store.read
    .selectFrom('apiTokens')
    .selectAll()
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', s.clock.now())
    .where((e) =>
      e(
        'userId',
        'in',
        e
          .selectFrom('users')
          .select('users.id')
          .where(whereAllowed(principal, 'okta.apiTokens.read', 'user')),
      ),
    )
    .orderBy('id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  if (input.q !== undefined) query = query.where('name', '=', input.q);
  const { shown, after } = pageOf(await query.execute(), limit);
  return {
    tokens: shown.map((row) => presentToken(row, s.config.publicUrl.origin, s.clock.now())),
    after,
  };
};

export const getApiToken = async (s: Services, principal: Principal, id: string) => {
  const row = await findApiToken(s, s.store.read, id);
  const owner = await userFacts(s.store.read, row.userId);
  if (authorize(principal, 'okta.apiTokens.read', owner).kind === 'deny') throw notFound(id, 'ApiToken');
  return presentToken(row, s.config.publicUrl.origin, s.clock.now());
};

/** What was given when the token was made, or less: more power is a new token, with a new secret. */
const narrowed = (row: Row<'apiTokens'>, actions: readonly string[]): string => {
  const own = protectedActionsOf(row);
  if (own !== 'all' && actions.some((action) => !own.includes(action)))
    throw invalid(
      'protectedActions',
      'Actions are given when a token is made, and only taken away later. Make a new token',
    );
  return JSON.stringify(actions);
};

/**
 * `PUT /api/v1/api-tokens/{id}`: name, purpose and network, and fewer protected actions. Of another admin's token by a super admin
 * only.
 */
export const updateApiToken = async (
  s: Services,
  principal: Principal,
  id: string,
  input: {
    readonly name?: string | undefined;
    readonly purpose?: string | undefined;
    readonly anywhereReason?: string | undefined;
    readonly userId?: string | undefined;
    readonly network?: TokenNetworkInput | undefined;
    readonly protectedActions?: readonly string[] | undefined;
  },
) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findApiToken(s, tx, id);
    await assertMayManageUser(tx, principal, 'okta.apiTokens.manage', before.userId);
    // On the wire the owner could be another: with the same secret somebody would have somebody else's rights.
    if (input.userId !== undefined && input.userId !== before.userId)
      throw invalid('userId', 'A token keeps its owner. Let the new one make another');
    const network =
      input.network === undefined ? before.network : JSON.stringify(await readTokenNetwork(tx, input.network));
    const protectedActions =
      input.protectedActions === undefined ? before.protectedActions : narrowed(before, input.protectedActions);
    const change = {
      name: input.name ?? before.name,
      purpose: input.purpose ?? before.purpose,
      network,
      protectedActions,
      anywhereReason:
        (JSON.parse(network) as TokenNetwork).connection === 'ANYWHERE'
          ? (input.anywhereReason ?? before.anywhereReason)
          : null,
      lastUpdatedAt: s.clock.now(),
    };
    await tx.updateTable('apiTokens').set(change).where('id', '=', id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'system.api_token.update',
      target: [tokenAsTarget({ ...before, ...change })],
      debugData: { change: 'settings', network },
    });
    return { ...before, ...change };
  });
  return presentToken(row, s.config.publicUrl.origin, s.clock.now());
};

const revoke = async (s: Services, principal: Principal, id: string, isOwn: boolean): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findApiToken(s, tx, id);
    if (!isOwn) await assertMayManageUser(tx, principal, 'okta.users.apitokens.clear', row.userId);
    await tx.updateTable('apiTokens').set({ revokedAt: s.clock.now() }).where('id', '=', id).execute();
    await tx.deleteFrom('tokenUses').where('tokenId', '=', id).execute();
    await recordEvent(s, tx, principal, { eventType: 'system.api_token.revoke', target: [tokenAsTarget(row)] });
  });
  s.bus.publish({ kind: 'token', id, reason: 'revoked' });
};

/** `DELETE /api/v1/api-tokens/{id}`. */
export const revokeApiToken = (s: Services, principal: Principal, id: string): Promise<void> =>
  revoke(s, principal, id, false);

/** `DELETE /api/v1/api-tokens/current`. */
export const revokeCurrentToken = async (s: Services, principal: Principal): Promise<void> => {
  if (principal.kind !== 'token') throw new ApiError('E0000007', { args: ['current (ApiToken)'] });
  await revoke(s, principal, principal.tokenId, true);
};
