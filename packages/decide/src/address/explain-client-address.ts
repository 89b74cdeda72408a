import type { ClientAddress } from '@sallyport/model/network';
import { isInRanges } from './address-range.ts';
import { parseAddress } from './parse-address.ts';
import { type ClientAddressInput, headerElements, walkClientAddress } from './walk-client-address.ts';

/** What a hop was taken for. */
export type HopRole = 'client' | 'proxy' | 'unread' | 'unreadable';

export const HOP_SENTENCES: Readonly<Record<HopRole, string>> = {
  client: 'The client: the first, seen from here, that is no trusted proxy.',
  proxy: 'A trusted proxy: what it says of the hop before it is believed.',
  unread: 'Not read: whoever sent the request wrote it.',
  unreadable: 'No address can be read here: the client is unknown, and the request is refused.',
};

export interface ExplainedHop {
  readonly text: string;
  readonly role: HopRole;
  readonly why: string;
}

export interface ExplainedAddress {
  readonly client: ClientAddress;
  /** As written, from the far end to the connection itself, which is the last. */
  readonly hops: readonly ExplainedHop[];
}

/** The walk of design §4.9, told hop by hop. What it tells is read off the verdict of the walk itself. */
export const explainClientAddress = (input: Omit<ClientAddressInput, 'ignoredHeaderIsPresent'>): ExplainedAddress => {
  const client = walkClientAddress({ ...input, ignoredHeaderIsPresent: false });
  const hop = (text: string, role: HopRole): ExplainedHop => ({ text, role, why: HOP_SENTENCES[role] });
  const peer = parseAddress(input.peer ?? '');
  if (peer === null) return { client, hops: [hop(input.peer ?? 'none', 'unreadable')] };
  const written = input.headerValues.join(',');
  const elements = (headerElements(input.headerName, written) ?? [written]).map((text) => text.trim());
  // The walk adds each hop that it reads to the chain, the connection itself first.
  const read = client.chain.length - 1;
  const roleAt = (fromRight: number): HopRole => {
    if (fromRight < read) return client.kind === 'known' && fromRight === read - 1 ? 'client' : 'proxy';
    return client.kind === 'unknown' && fromRight === read && isInRanges(input.trusted, peer) ? 'unreadable' : 'unread';
  };
  const said = input.headerValues.length === 0 ? [] : elements;
  return {
    client,
    hops: [
      ...said.map((text, i) => hop(text, roleAt(said.length - 1 - i))),
      hop(peer.text, read === 0 && client.kind === 'known' ? 'client' : 'proxy'),
    ],
  };
};
