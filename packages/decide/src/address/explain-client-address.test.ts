import { describe, expect, it } from 'vitest';
import { compileRanges } from './address-range.ts';
import { explainClientAddress } from './explain-client-address.ts';

const trusted = compileRanges(['10.0.0.0/8']);
const roles = (
  peer: string,
  header: string | null,
  headerName: 'x-forwarded-for' | 'forwarded' = 'x-forwarded-for',
) => {
  const { client, hops } = explainClientAddress({
    peer,
    headerName,
    headerValues: header === null ? [] : [header],
    trusted,
  });
  return {
    client: client.kind === 'known' ? client.address.text : null,
    hops: hops.map(({ text, role }) => `${text} ${role}`),
  };
};

describe('which hop counts', () => {
  it.each([
    ['no header', '203.0.113.9', null, '203.0.113.9', ['203.0.113.9 client']],
    [
      'a header from a stranger',
      '203.0.113.9',
      '198.51.100.1',
      '203.0.113.9',
      ['198.51.100.1 unread', '203.0.113.9 client'],
    ],
    ['one proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1', ['198.51.100.1 client', '10.0.0.1 proxy']],
    [
      'what the client wrote itself',
      '10.0.0.1',
      '192.0.2.66, 198.51.100.1, 10.0.0.2',
      '198.51.100.1',
      ['192.0.2.66 unread', '198.51.100.1 client', '10.0.0.2 proxy', '10.0.0.1 proxy'],
    ],
    [
      'proxies alone',
      '10.0.0.1',
      '10.0.0.3, 10.0.0.2',
      '10.0.0.3',
      ['10.0.0.3 client', '10.0.0.2 proxy', '10.0.0.1 proxy'],
    ],
    [
      'a hop that is none',
      '10.0.0.1',
      '198.51.100.1, unknown, 10.0.0.2',
      null,
      ['198.51.100.1 unread', 'unknown unreadable', '10.0.0.2 proxy', '10.0.0.1 proxy'],
    ],
    ['a peer that is none', 'nowhere', '198.51.100.1', null, ['nowhere unreadable']],
  ] as const)('%s', (_what, peer, header, client, hops) => {
    expect(roles(peer, header)).toEqual({ client, hops });
  });
  it('in the other header, too, also where a comma stands inside quotes', () => {
    expect(roles('10.0.0.1', 'for="_a,b";by=x, for=198.51.100.1;proto=https', 'forwarded')).toEqual({
      client: '198.51.100.1',
      hops: ['for="_a,b";by=x unread', 'for=198.51.100.1;proto=https client', '10.0.0.1 proxy'],
    });
  });
});
