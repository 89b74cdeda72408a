import { type ClientAddressJudgement, judgeClientAddress } from '@sallyport/decide/address/judge-client-address';
import { invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Config } from '../config/config.ts';
import type { Services } from '../services.ts';
import type { SessionBindingSettings } from '../settings/org-settings.ts';

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** What the configuration alone says of the judgement. */
export const configuredFacts = ({ trustedProxyTexts, clientHeader, publicUrl }: Config) => ({
  trusted: trustedProxyTexts,
  headerName: clientHeader === 'x-forwarded-for' ? 'X-Forwarded-For' : 'Forwarded',
  isPublicUrlLocal: LOCAL_HOSTS.includes(publicUrl.hostname),
});

const judge = (s: Services): ClientAddressJudgement =>
  judgeClientAddress({
    ...configuredFacts(s.config),
    untrustedHeaders: s.headers.counts().untrusted,
    probe: s.probes.last(),
  });

/** `GET /sallyport/v1/client-address`: can anybody here choose the address that they are taken for? */
export const getClientAddress = (s: Services, principal: Principal) => {
  const probe = s.probes.last();
  const { client } = principal.request;
  return {
    ...judge(s),
    header: configuredFacts(s.config).headerName,
    trustedProxies: s.config.trustedProxyTexts,
    own: client.kind === 'known' ? client.address.text : null,
    triedAt: probe === null ? null : toIso(probe.at),
  };
};

/**
 * `POST /sallyport/v1/client-address/probes`: what to send, and where, to try it: without any credential, for a believed
 * header would end a session that it came with.
 */
export const openProbe = (s: Services) => {
  const { id, claim, expiresAt } = s.probes.open(s.clock.now());
  return {
    path: `/sallyport/v1/client-address/probes/${id}`,
    headers: { 'X-Forwarded-For': claim, Forwarded: `for=${claim}` },
    expiresAt: toIso(expiresAt),
  };
};

/** `GET /sallyport/v1/client-address/probes/{id}`: tells whoever sends it nothing. */
export const settleProbe = (s: Services, principal: Principal, id: string): void => {
  if (!s.probes.settle(id, principal.request.client, s.clock.now())) throw notFound(id, 'HeaderProbe');
};

const isIpEnforced = ({ ipBinding, apps }: SessionBindingSettings): boolean =>
  ipBinding === 'ENFORCED' || Object.values(apps).some((app) => app.ipBinding === 'ENFORCED');

/** E0000001 when sessions were to be held to an address that anybody can choose, and were not before. */
export const assertAddressBinds = (
  s: Services,
  previous: SessionBindingSettings,
  next: SessionBindingSettings,
): void => {
  if (!isIpEnforced(next) || isIpEnforced(previous)) return;
  const { canBeSpoofed, findings } = judge(s);
  if (canBeSpoofed !== 'yes') return;
  const faults = findings.filter(({ state }) => state === 'fault').map(({ sentence }) => sentence);
  throw invalid('ipBinding', `cannot be enforced while a client can choose its address. ${faults.join(' ')}`);
};
