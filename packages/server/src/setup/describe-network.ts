import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { networkName } from '../sessions/describe-session.ts';

/** The address and the network that the server sees, and how it came to them: a wrong proxy setting is noticed here. */
export const describeNetwork = (s: Services, principal: Principal) => {
  const { client, network } = principal.request;
  return {
    address: client.kind === 'known' ? client.address.text : null,
    asn: network?.kind === 'asn' ? network.asn : null,
    organisation: network?.kind === 'asn' ? network.organisation : null,
    name: networkName(network),
    chain: client.chain.map((hop) => hop.ip),
    trustedProxies: Math.max(0, client.chain.length - 1),
    configuredProxies: s.config.trustedProxyTexts,
  };
};
