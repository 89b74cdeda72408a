import type { Turn } from './verb.ts';

/**
 * The log can be read over the network, with the rights of whoever is signed in, or on the host through the control
 * socket. The host where `--host` says so; the network where a server or a credential is given; else the host.
 */
export const logWay = (turn: Turn): 'host' | 'network' => {
  if (turn.is('host') || turn.text('checkpoints') !== undefined) return 'host';
  const { originFrom, token } = turn.connection();
  return token !== null || originFrom === 'flag' || originFrom === 'environment' ? 'network' : 'host';
};
