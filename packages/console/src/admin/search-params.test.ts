import { describe, expect, it } from 'vitest';
import { isScreenPath } from './screens.ts';
import { parseSearch, stringifySearch } from './search-params.ts';

describe('the query string of a screen', () => {
  it('is plain text both ways, and leaves empty values out', () => {
    const filter = 'eventType eq "security.session.detect_client_roaming"';
    expect(parseSearch(stringifySearch({ filter, q: '', limit: undefined }))).toEqual({ filter });
    expect(stringifySearch({ q: '' })).toBe('');
    expect(parseSearch('?q=1&state=ended')).toEqual({ q: '1', state: 'ended' });
  });
});

describe('isScreenPath', () => {
  const rows = [
    { path: '/', title: '', group: null, permission: null },
    { path: '/sessions/$id', title: '', group: null, permission: null },
  ];
  it.each([
    ['/', true],
    ['/sessions/sess1', true],
    ['/sessions/', false],
    ['/sessions', false],
    ['/sessions/a/b', false],
    ['//', false],
  ])('%s → %s', (path, expected) => expect(isScreenPath(path, rows)).toBe(expected));
});
