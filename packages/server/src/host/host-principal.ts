import type { Principal } from '@sallyport/model/principal';
import { PERMISSIONS } from '@sallyport/model/roles';
import { base62, type Random } from '../ports/random.ts';
import { jobContext } from '../setup/announce-setup.ts';

/** Whoever may write to the data folder: the host is the root of trust (design §7). Every use is an event. */
export const hostPrincipal = (random: Random): Principal & { kind: 'host' } => ({
  kind: 'host',
  permissions: new Set(PERMISSIONS),
  request: { ...jobContext(`host-${base62(random, 16)}`), userAgent: 'sallyport-cli' },
});
