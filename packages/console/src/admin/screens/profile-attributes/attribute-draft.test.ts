import { describe, expect, it } from 'vitest';
import { attributeOf, boundsWords, draftOf, faultsOf, kindWords, NEW_ATTRIBUTE } from './attribute-draft.ts';
import type { Attribute } from './schema-answer.ts';

const badge: Attribute = {
  title: 'Badge',
  description: 'Of the door',
  type: 'string',
  minLength: 3,
  maxLength: 12,
  unique: 'UNIQUE_VALIDATED',
  permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
};

describe('an attribute that is edited', () => {
  it('is what it was while nothing is changed, also where the form has no field for it', () => {
    const sent = attributeOf(draftOf('badge', badge, true), badge, true);
    expect(sent).toEqual({ ...badge, enum: null, required: true, unique: true });
  });
  it('keeps the type of the items of a list, and what a choice is called', () => {
    const sizes: Attribute = { title: 'Sizes', type: 'array', items: { type: 'integer' } };
    expect(attributeOf(draftOf('sizes', sizes, false), sizes, true)).toMatchObject({
      type: 'array',
      items: { type: 'integer' },
    });
    const site: Attribute = { title: 'Site', type: 'string', oneOf: [{ const: 'b', title: 'Berlin' }] };
    expect(attributeOf(draftOf('site', site, false), site, true).oneOf).toEqual(site.oneOf);
  });
  it('is never unique in a group, nor where it is a list or yes or no', () => {
    const unique = { ...NEW_ATTRIBUTE, isUnique: true };
    expect(attributeOf(unique, null, false)).not.toHaveProperty('unique');
    for (const kind of ['boolean', 'list'] as const)
      expect(attributeOf({ ...unique, kind }, null, true)).not.toHaveProperty('unique');
    expect(attributeOf(unique, null, true)).toMatchObject({ unique: true });
  });
  it('takes choices one a line, and forgets them when there is none any more', () => {
    expect(attributeOf({ ...NEW_ATTRIBUTE, choices: ' red \n\nblue' }, null, true).enum).toEqual(['red', 'blue']);
    expect(attributeOf({ ...NEW_ATTRIBUTE, choices: ' \n' }, { ...badge, enum: ['x'] }, true).enum).toBeNull();
  });
  it('says what is wrong with it', () => {
    const of = (part: Partial<typeof NEW_ATTRIBUTE>) => faultsOf({ ...NEW_ATTRIBUTE, title: 'x', ...part }, ['badge']);
    expect(of({ name: 'Badge' }).name).toContain('of this name');
    expect(of({ name: '1st' }).name).toContain('Letters');
    expect(of({ name: 'a.b' }).name).toContain('Letters');
    expect(of({ name: 'room', title: ' ' }).title).not.toBeNull();
    for (const maxLength of ['0', '1025', '-1', '1.5', 'x'])
      expect(of({ name: 'room', maxLength }).maxLength).not.toBeNull();
    expect(of({ name: 'room', maxLength: '1024' })).toEqual({ name: null, title: null, maxLength: null });
  });
  it('is told in words', () => {
    expect(kindWords(badge)).toBe('text');
    expect(kindWords({ title: '', type: 'array', items: { type: 'number' } })).toBe('a list of numbers');
    expect(boundsWords(badge)).toBe('3 to 12 characters');
    expect(boundsWords({ title: '', type: 'string', enum: ['a', 'b'] })).toBe('one of a, b');
    expect(boundsWords({ title: '', type: 'boolean' })).toBeNull();
  });
});
