import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import { isBreakGlass } from '../break-glass/store.ts';
import { newId, newSecret } from '../ports/random.ts';
import { refuse } from '../roles/guard-user.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { readTokenNetwork, type TokenNetwork, type TokenNetworkInput } from './token-network.ts';

export const SLIDING_SECONDS = 30 * 86_400;

export interface CreateApiToken {
  readonly name: string;
  readonly ownerId: string;
  /** It was asked for as a token of a service account: that must still be so when it is made. */
  readonly ownerIsServiceAccount?: boolean;
  readonly purpose: string;
  /** Why it is usable from anywhere; of no meaning for any other network. */
  readonly anywhereReason?: string | undefined;
  /** A fixed life in seconds; null: thirty days after the last use. */
  readonly ttlSeconds: number | null;
  readonly network: TokenNetworkInput;
  readonly protectedActions: 'all' | readonly string[];
}

export const tokenAsTarget = (token: Pick<Row<'apiTokens'>, 'id' | 'name'>): LogTarget => ({
  id: token.id,
  type: 'Token',
  alternateId: token.name,
  displayName: token.name,
  detailEntry: null,
});

/** The protected actions that a token performs by itself; any other asks a human. */
export const protectedActionsOf = (row: Pick<Row<'apiTokens'>, 'protectedActions'>): 'all' | readonly string[] =>
  JSON.parse(row.protectedActions) as 'all' | readonly string[];

/** The secret of before the last rotation, as long as it works. */
export const presentOldSecret = (row: Row<'apiTokens'>, now: number) =>
  row.oldTokenHash === null || row.oldSecretEndsAt === null || now >= row.oldSecretEndsAt
    ? null
    : {
        endsAt: toIso(row.oldSecretEndsAt),
        lastUsedAt: row.oldSecretUsedAt === null ? null : toIso(row.oldSecretUsedAt),
        lastUsedAddress: row.oldSecretUsedAddress,
      };

/** As recorded: a network of `ANYWHERE` has no lists. */
const presentNetwork = (row: Row<'apiTokens'>) => {
  const network = JSON.parse(row.network) as TokenNetwork;
  return network.connection === 'ZONE' ? network : { connection: network.connection };
};

/** A token as the wire shows it; never its secret. What the wire does not know of it stands under `sallyport`. */
export const presentToken = (row: Row<'apiTokens'>, origin: string, now: number) => ({
  id: row.id,
  name: row.name,
  userId: row.userId,
  clientName: row.clientName,
  tokenWindow: 'P30D',
  network: presentNetwork(row),
  protectedActions: protectedActionsOf(row),
  sallyport: {
    purpose: row.purpose,
    anywhereReason: row.anywhereReason,
    secretSetAt: toIso(row.secretSetAt),
    oldSecret: presentOldSecret(row, now),
    isSliding: row.slidingSeconds > 0,
  },
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  expiresAt: toIso(row.expiresAt),
  _links: {
    self: { href: `${origin}/api/v1/api-tokens/${row.id}`, hints: { allow: ['GET', 'PUT', 'DELETE'] } },
    user: { href: `${origin}/api/v1/users/${row.userId}`, hints: { allow: ['GET'] } },
  },
});

/** A token hands on nothing that it may not do by itself (design §4.16); whoever may do all may name any. */
export const assertMayGive = (principal: Principal, actions: CreateApiToken['protectedActions']): void => {
  if (principal.kind !== 'token' || principal.allowedActions === 'all') return;
  const { allowedActions } = principal;
  const own = new Set(allowedActions);
  if (actions === 'all' || actions.some((action) => !own.has(action)))
    throw new ApiError('E0000006', {
      causes: ['A token gives no protected action that was not given to itself. A person in a session may.'],
    });
};

/** Makes a token; its secret is in this answer and nowhere else. It has its owner's rights at each call. */
export const createApiToken = async (s: Services, principal: Principal, input: CreateApiToken) => {
  assertMayGive(principal, input.protectedActions);
  const secret = `00${newSecret(s.random)}`;
  const now = s.clock.now();
  const owner = await findUser(s.store.read, input.ownerId);
  if (owner.status !== 'ACTIVE') throw new ApiError('E0000038', { causes: ['The owner of a token must be active.'] });
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    if (input.ownerIsServiceAccount === true && (await findUser(tx, owner.id)).serviceAccountAt === null)
      throw new ApiError('E0000038', { causes: ['The account is a person’s again.'] });
    // Whoever signs in as one for a while would have it for longer.
    if (await isOfServiceAccount(tx, principal)) throw refuse(['service-account-itself']);
    // It would be power that nobody sees used, and that the next seal does not end.
    if (await isBreakGlass(tx, owner.id))
      throw new ApiError('E0000038', { causes: ['A break-glass account has no API tokens.'] });
    const network = await readTokenNetwork(tx, input.network);
    const made: Row<'apiTokens'> = {
      id: newId(s.random, 'apiToken'),
      name: input.name,
      userId: owner.id,
      clientName: 'Sallyport API',
      tokenHash: tokenDigest(secret),
      network: JSON.stringify(network),
      purpose: input.purpose,
      protectedActions: JSON.stringify(input.protectedActions),
      createdAt: now,
      lastUpdatedAt: now,
      expiresAt: now + (input.ttlSeconds ?? SLIDING_SECONDS) * 1000,
      slidingSeconds: input.ttlSeconds === null ? SLIDING_SECONDS : 0,
      lastUsedAt: null,
      lastUsedAddress: null,
      lastUsedNetwork: null,
      revokedAt: null,
      anywhereReason: network.connection === 'ANYWHERE' ? (input.anywhereReason ?? null) : null,
      secretSetAt: now,
      oldTokenHash: null,
      oldSecretEndsAt: null,
      oldSecretUsedAt: null,
      oldSecretUsedAddress: null,
      remindedDays: 0,
    };
    await tx.insertInto('apiTokens').values(made).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'system.api_token.create',
      target: [tokenAsTarget(made), userAsActor(owner)],
      debugData: {
        network_connection: network.connection,
        included_network_zones: network.include.join(','),
        excluded_network_zones: network.exclude.join(','),
        protectedActions: [input.protectedActions].flat().join(','),
        ...(made.anywhereReason === null ? {} : { anywhereReason: made.anywhereReason }),
      },
    });
    return made;
  });
  return { ...presentToken(row, s.config.publicUrl.origin, now), token: secret };
};
