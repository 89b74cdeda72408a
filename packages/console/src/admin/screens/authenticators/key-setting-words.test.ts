import { describe, expect, it } from 'vitest';
import { groupsText, readGroups, valueWords } from './key-setting-words.ts';

const A = 'cb69481e-8ff7-4039-93ec-0a2729111111';
const B = 'ee882879-721c-4913-9775-3dfcce97072a';

describe('groups of models as text', () => {
  it('come back as they were written', () => {
    const groups = [
      { name: 'Issued', aaguids: [A, B] },
      { name: 'Old ones', aaguids: [B] },
    ];
    expect(readGroups(groupsText(groups))).toEqual({ groups });
    expect(readGroups(`\n  Issued=${A.toUpperCase()} ${B} \n\n`)).toEqual({ groups: [groups[0]] });
    expect(readGroups('')).toEqual({ groups: [] });
  });

  it.each([[A], [`= ${A}`], ['Issued ='], [`Issued = ${A}, yubikey`], [`Issued = ${A}1`]])('%s is none', (text) => {
    expect(readGroups(text)).toEqual({ error: expect.any(String) });
  });
});

it('values are words', () => {
  expect(valueWords('attachment', 'ROAMING')).toBe('carried along, like a security key');
  expect(valueWords('allowSyncablePasskeys', false)).toBe('no');
  expect(valueWords('aaguidGroups', [])).toBe('any model');
});
