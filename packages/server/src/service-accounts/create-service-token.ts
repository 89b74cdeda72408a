import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { ActionName } from '@sallyport/model/protected-actions';
import { createApiToken } from '../api-tokens/create-api-token.ts';
import type { TokenNetworkInput } from '../api-tokens/token-network.ts';
import type { Services } from '../services.ts';
import { findUser } from '../users/store.ts';
import { managesTokensOf } from './manages-tokens-of.ts';

export interface NewServiceToken {
  readonly name: string;
  readonly purpose: string;
  readonly network: TokenNetworkInput;
  readonly anywhereReason?: string | undefined;
  readonly protectedActions?: readonly ActionName[] | undefined;
}

/**
 * `POST /sallyport/v1/users/{id}/service-account/api-tokens`: a token that belongs to the service account, not to whoever
 * makes it: it has the account's rights at each call, and ends thirty days after its last use. Errors: E0000006 for
 * whoever is no super admin in a session; E0000038 for an account that is none, or is not active; E0000001 without a
 * reason why it works from anywhere.
 */
export const createServiceToken = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  { protectedActions, ...input }: NewServiceToken,
) => {
  if (input.network.connection === 'ANYWHERE' && input.anywhereReason === undefined)
    throw invalid(
      'anywhereReason',
      'Say why it must work from anywhere: whoever has the secret can then use it anywhere',
    );
  const owner = await findUser(s.store.read, idOrLogin);
  if (owner.serviceAccountAt === null)
    throw new ApiError('E0000038', {
      causes: ['This account is a person’s: they make their tokens themselves. Mark it as a service account first.'],
    });
  if (!managesTokensOf(principal, owner))
    throw new ApiError('E0000006', {
      causes: ['A token of a service account is made by a super admin in a session, who is one without an end.'],
    });
  return createApiToken(s, principal, {
    ...input,
    ownerId: owner.id,
    ownerIsServiceAccount: true,
    ttlSeconds: null,
    protectedActions: protectedActions ?? [],
  });
};
