import { invalid } from '@sallyport/model/errors';
import type { Address, ClientAddress } from '@sallyport/model/network';
import type { Transaction } from '../ports/store.ts';
import type { ZoneIndex } from '../zones/zone-index.ts';

/** Where a token may be used from. It has one from birth (design §5.2). */
export interface TokenNetwork {
  readonly connection: 'ANYWHERE' | 'ZONE' | 'LOOPBACK';
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}
export interface TokenNetworkInput {
  readonly connection: TokenNetwork['connection'];
  readonly include?: readonly string[] | null | undefined;
  readonly exclude?: readonly string[] | null | undefined;
}

/** The network of a token, checked: zones that exist, and not a zone setting without a zone. */
export const readTokenNetwork = async (db: Transaction, input: TokenNetworkInput): Promise<TokenNetwork> => {
  const network = { connection: input.connection, include: input.include ?? [], exclude: input.exclude ?? [] };
  const zoneIds = [...network.include, ...network.exclude];
  if (network.connection === 'ZONE' && zoneIds.length === 0)
    throw invalid('network', 'ZONE needs zone ids in include or exclude');
  if (network.connection !== 'ZONE' && zoneIds.length > 0)
    throw invalid('network', `${network.connection} takes no zones`);
  for (const id of zoneIds) {
    const zone = await db.selectFrom('zones').select(['usage', 'status']).where('id', '=', id).executeTakeFirst();
    if (zone === undefined || zone.status !== 'ACTIVE' || zone.usage === 'BLOCKLIST')
      throw invalid('network', `${id} is not an active zone for policies`);
  }
  return network;
};

const isLoopback = ({ family, bits, text }: Address): boolean => (family === 'v4' ? bits[0] === 127 : text === '::1');

/**
 * May the token be used by this client? By an unknown one only where any will do. A zone of which it is not known whether
 * it holds the client includes nobody and excludes everybody (design §4.2).
 */
export const isInsideNetwork = (
  network: TokenNetwork,
  client: ClientAddress,
  zones: Pick<ZoneIndex, 'answerOf'>,
): boolean => {
  if (network.connection === 'ANYWHERE') return true;
  if (client.kind === 'unknown') return false;
  if (network.connection === 'LOOPBACK') return isLoopback(client.address);
  if (network.exclude.some((id) => zones.answerOf(id, client) !== 'out')) return false;
  return network.include.length === 0 || network.include.some((id) => zones.answerOf(id, client) === 'in');
};
