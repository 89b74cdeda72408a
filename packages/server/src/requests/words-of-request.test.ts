import { describe, expect, it } from 'vitest';
import { titleOfRequest } from './words-of-request.ts';

const person = (name: string) => ({ id: name, login: `${name}@example.org`, name });
const [ana, lee] = [person('ana'), person('lee')];
const gone = { id: 'x', login: null, name: 'somebody who was deleted' };
const asked = { kind: 'bundle', entitlementName: 'Ops', durationSeconds: 7200, extendsGrantId: null } as const;
const machine = { ...asked, kind: 'service-account', entitlementName: 'robot@example.org' } as const;

describe('the title of a request', () => {
  it.each([
    ['to whoever asked for themselves', asked, lee, lee, lee.id, 'Ops, for 2 h'],
    ['to anybody else', asked, lee, lee, ana.id, 'Ops, for 2 h, asked by lee@example.org'],
    ['to whoever asked for another', asked, ana, lee, ana.id, 'Ops, for 2 h, for lee@example.org'],
    ['to whom another asked for', asked, ana, lee, lee.id, 'Ops, for 2 h, asked by ana@example.org'],
    ['to anybody, of that', asked, ana, lee, null, 'Ops, for 2 h, for lee@example.org, asked by ana@example.org'],
    ['of whoever is gone', asked, gone, gone, ana.id, 'Ops, for 2 h, asked by somebody who was deleted'],
    [
      'of a service account',
      machine,
      lee,
      person('robot'),
      ana.id,
      'sign in as robot@example.org, for 2 h, asked by lee@example.org',
    ],
    ['of more time', { ...asked, extendsGrantId: 'g' }, lee, lee, null, 'Ops, 2 h longer, asked by lee@example.org'],
  ])('says %s whose it is and who asked, as far as they are others', (_, row, by, to, reader, title) => {
    expect(titleOfRequest(row, by, to, reader)).toBe(title);
  });
});
