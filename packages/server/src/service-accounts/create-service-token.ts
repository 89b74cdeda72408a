import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { ActionName } from '@sallyport/model/protected-actions';
import { createApiToken } from '../api-tokens/create-api-token.ts';
import type { TokenNetworkInput } from '../api-tokens/token-network.ts';
import type { Services } from '../services.ts';
import { findUser } from '../users/store.ts';
import { whyNoToken } from './manages-tokens-of.ts';

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
  const refusal = whyNoToken(principal, owner);
  if (refusal !== null)
    throw new ApiError(owner.serviceAccountAt === null || owner.status !== 'ACTIVE' ? 'E0000038' : 'E0000006', {
      causes: [refusal],
    });
  return createApiToken(s, principal, {
    ...input,
    ownerId: owner.id,
    ownerIsServiceAccount: true,
    ttlSeconds: null,
    protectedActions: protectedActions ?? [],
  });
};
