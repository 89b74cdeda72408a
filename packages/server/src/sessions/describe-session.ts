import { parseAddress } from '@sallyport/decide/address/parse-address';
import type { FactorProof } from '@sallyport/model/facts';
import { toIso } from '@sallyport/model/instant';
import type { Network } from '@sallyport/model/network';
import type { Baseline } from '@sallyport/model/session';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { describeUserAgent, deviceName } from '../system-log/describe-user-agent.ts';

/** A network in words. */
export const networkName = (network: Network | null): string =>
  network === null
    ? 'an unknown network'
    : network.kind === 'asn'
      ? `AS${network.asn} ${network.organisation}`
      : network.kind === 'local'
        ? 'the local network'
        : `the network ${network.prefix}`;

/** The network of an address as today's data has it. */
export const describeNetwork = (s: Pick<Services, 'intel'>, text: string) => {
  const address = parseAddress(text);
  const network = address === null ? null : s.intel.resolve(address);
  return network?.kind === 'asn'
    ? { asn: network.asn, organisation: network.organisation, name: networkName(network) }
    : { asn: null, organisation: null, name: networkName(network) };
};

/** What a person signed in with, in words. */
export const authenticatorName = (proofs: readonly FactorProof[]): string => {
  const key = proofs.find((proof) => proof.kind === 'webauthn');
  if (key !== undefined) return key.isDeviceBound ? 'Security key (stays on the device)' : 'Passkey (synced)';
  return proofs.some((proof) => proof.kind === 'totp') ? 'Password and one-time code' : 'Password';
};

/** What the owner of a session and an administrator both read of it. `hasConsole`: its app session lives. */
export const describeSession = (s: Services, row: Row<'sessions'>, currentId: string | null, hasConsole: boolean) => {
  const baseline = JSON.parse(row.baseline) as Baseline;
  const address = parseAddress(baseline.signInAddress);
  const agent = describeUserAgent(baseline.userAgent);
  const lastActivityAt = s.sessions.lastActivityAt(row.id) ?? row.lastActivityAt;
  const deadlines = s.sessions.deadlinesOf(row.id);
  return {
    id: row.id,
    isCurrent: row.id === currentId,
    kind: row.openedBySessionId === null ? ('browser' as const) : ('command-line' as const),
    openedBySessionId: row.openedBySessionId,
    device: deviceName(agent, row.openedBySessionId !== null),
    browser: agent.browser,
    address: baseline.signInAddress,
    network: describeNetwork(s, baseline.signInAddress),
    place: address === null ? null : s.intel.placeOf(address).country,
    createdAt: toIso(row.createdAt),
    lastActivityAt: toIso(lastActivityAt),
    idleEndsAt: toIso(deadlines?.idleEndsAt ?? lastActivityAt + row.idleTimeoutSeconds * 1000),
    endsAt: toIso(deadlines?.endsAt ?? row.endsAt),
    authenticator: authenticatorName(JSON.parse(row.proofs) as FactorProof[]),
    endedAt: row.endedAt === null ? null : toIso(row.endedAt),
    endReason: row.endReason,
    hasConsole,
    exemptPasses: row.exemptPasses,
  };
};
