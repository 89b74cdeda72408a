/** Where the server sees a request come from. */
export interface NetworkView {
  readonly address: string | null;
  readonly name: string;
  readonly chain: readonly string[];
  readonly configuredProxies: readonly string[];
}

const LOCAL = 'the local network';

const isPrivateName = (hostname: string): boolean =>
  hostname === 'localhost' ||
  /\.(localhost|local|internal|lan|home\.arpa)$/.test(hostname) ||
  /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(hostname) ||
  /^\[(::1|f[cd])/.test(hostname);

/**
 * Whether the address is hardly the visitor's own: none at all, or a private one on a server that is reached by a
 * public name, which is what a proxy in front looks like while it is not trusted.
 */
export const looksWrong = (network: NetworkView, hostname: string): boolean =>
  network.address === null || (network.name === LOCAL && !isPrivateName(hostname));
