import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Network } from '@sallyport/model/network';
import type { Principal } from '@sallyport/model/principal';
import { breakGlassOf, networksOf } from '../break-glass/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { directoryFacts, serviceAccountFacts } from './directory-facts.ts';

/** The facts that policies judge of a person who opens a session from where this request comes. */
export const gatherFacts = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
  proofs: readonly FactorProof[],
  holdsAdminRole: boolean,
  network: Network,
): Promise<Facts> => {
  const now = s.clock.now();
  const fact = <T>(value: T, source: string): Fact<T> => ({ value, source, observedAt: now, expiresAt: null });
  const { client } = principal.request;
  const zones = s.zones.idsOf(client);
  const seal = await breakGlassOf(s.store.read, user.id);
  return {
    userId: fact(user.id, 'sign-in'),
    ...(await directoryFacts(s.store.read, user, s.policies.asked(), now)),
    holdsAdminRole: fact(holdsAdminRole, 'directory'),
    ...(await serviceAccountFacts(s.store.read, user, now)),
    ...(seal === undefined ? {} : { breakGlass: fact({ networks: networksOf(seal) }, 'directory') }),
    proofs: fact(proofs, 'sign-in'),
    network: fact(network, 'network data'),
    userAgent: fact(principal.request.userAgent, 'request'),
    ...(client.kind === 'known'
      ? {
          address: fact(client.address.text, 'request'),
          zoneIds: fact(zones.in, 'zones'),
          unknownZoneIds: fact(zones.unknown, 'zones'),
        }
      : {}),
  };
};
