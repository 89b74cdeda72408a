import { ApiError, invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { newSecret } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import { managesTokensOf } from '../service-accounts/manages-tokens-of.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { assertMayGive, presentToken, protectedActionsOf, SLIDING_SECONDS, tokenAsTarget } from './create-api-token.ts';
import { findApiToken } from './manage-api-tokens.ts';

/**
 * The secret is its owner's power: for anybody else a new one would be that power taken. A service account is nobody who
 * could be given one; whoever makes its tokens renews them.
 */
const findOwn = async (s: Services, tx: Transaction, principal: Principal, id: string): Promise<Row<'apiTokens'>> => {
  const row = await findApiToken(s, tx, id);
  const isOwn = 'userId' in principal && principal.userId === row.userId && !(await isOfServiceAccount(tx, principal));
  if (!isOwn && !managesTokensOf(principal, await findUser(tx, row.userId)))
    throw new ApiError('E0000006', {
      causes: ['The secret of a token is given to its owner alone. Revoke it, and let the owner make another.'],
    });
  return row;
};

/**
 * `POST /sallyport/v1/api-tokens/{id}/rotate`: a new secret, shown in this answer alone. The old one works until the end of
 * the overlap, at once or later; after that it is none, whether or not anything ran (design §4.5). A token whose life is
 * fixed lives no longer by it.
 */
export const rotateApiToken = async (
  s: Services,
  principal: Principal,
  id: string,
  { overlapHours }: { readonly overlapHours: number },
) => {
  const secret = `00${newSecret(s.random)}`;
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findOwn(s, tx, principal, id);
    assertMayGive(principal, protectedActionsOf(before));
    const now = s.clock.now();
    if (overlapHours > 0 && before.oldSecretEndsAt !== null && now < before.oldSecretEndsAt)
      throw invalid(
        'overlapHours',
        `The secret before this one works until ${toIso(before.oldSecretEndsAt)}. End that first, or rotate without an overlap, which ends both`,
      );
    const change = {
      tokenHash: tokenDigest(secret),
      oldTokenHash: overlapHours === 0 ? null : before.tokenHash,
      oldSecretEndsAt: overlapHours === 0 ? null : now + overlapHours * 3_600_000,
      oldSecretUsedAt: null,
      oldSecretUsedAddress: null,
      secretSetAt: now,
      remindedDays: 0,
      lastUpdatedAt: now,
      ...(before.slidingSeconds === 0 ? {} : { expiresAt: now + SLIDING_SECONDS * 1000 }),
    };
    const { numUpdatedRows } = await tx
      .updateTable('apiTokens')
      .set(change)
      .where('id', '=', id)
      // Of two rotations at once one is told no, and not left with a secret that never worked.
      .where('tokenHash', '=', before.tokenHash)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw invalid('id', 'The token was rotated at this very moment by another request');
    await recordEvent(s, tx, principal, {
      eventType: 'system.api_token.update',
      target: [tokenAsTarget(before)],
      debugData: {
        change: 'secret-rotated',
        secretBefore: toIso(before.secretSetAt),
        oldSecretEndsAt: change.oldSecretEndsAt === null ? 'at once' : toIso(change.oldSecretEndsAt),
      },
    });
    return { ...before, ...change };
  });
  return { ...presentToken(row, s.config.publicUrl.origin, s.clock.now()), token: secret };
};

/** `DELETE /sallyport/v1/api-tokens/{id}/old-secret`: the end of an overlap, earlier than it was chosen. */
export const endOldSecret = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findOwn(s, tx, principal, id);
    const now = s.clock.now();
    if (before.oldSecretEndsAt === null || now >= before.oldSecretEndsAt)
      throw new ApiError('E0000007', { args: [`${id} (old secret)`] });
    await tx
      .updateTable('apiTokens')
      .set({ oldTokenHash: null, oldSecretEndsAt: null, lastUpdatedAt: now })
      .where('id', '=', id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'system.api_token.update',
      target: [tokenAsTarget(before)],
      debugData: { change: 'old-secret-ended', oldSecretEndsAt: toIso(before.oldSecretEndsAt) },
    });
  });
};
