import { ApiError } from '@sallyport/model/errors';
import type { Step } from '../exchange.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Pages of ours under the hosts of apps; nothing else of ours is reached there, and they nowhere else. */
const isHandOff = (routeUrl: string | undefined): boolean => routeUrl?.startsWith('/.sallyport/') ?? false;

/**
 * DNS rebinding and cache poisoning: a Host that is not the public URL's is refused, and so is a second Host line.
 * When the public URL is on loopback, the other loopback names with the same port pass too.
 */
export const refuseForeignHost: Step = {
  name: 'refuse-foreign-host',
  run({ request, services }) {
    const hosts = request.raw.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'host');
    if (hosts.length !== 1) throw new ApiError('E0000230', { detail: `${hosts.length} Host headers` });
    const host = (hosts[0] ?? '').toLowerCase();
    const { publicUrl } = services.config;
    // By the route that matched, not by the text of the path: no spelling of it opens another door.
    if (isHandOff(request.routeOptions.url)) {
      if (services.appSessions.doorOfHost(host) !== undefined) return;
      throw new ApiError('E0000230', { detail: `no app has the host ${host.slice(0, 100)}` });
    }
    if (host === publicUrl.host) return;
    const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
    if (LOOPBACK_NAMES.has(publicUrl.hostname) && LOOPBACK_NAMES.has(name) && port === publicUrl.port) return;
    throw new ApiError('E0000230', { detail: `host ${host.slice(0, 100)}` });
  },
};
