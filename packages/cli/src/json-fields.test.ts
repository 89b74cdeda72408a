import { describe, expect, it } from 'vitest';
import { CliError } from './cli-error.ts';
import { askedFields, fieldsOf, pickFields, withJsonFields } from './json-fields.ts';

const saysOf = (work: () => unknown): readonly [string, string | undefined] => {
  try {
    work();
  } catch (error) {
    if (error instanceof CliError) return [`${error.exit}: ${error.message}`, error.options.hint];
  }
  throw new Error('nothing was refused');
};

describe('--json=<fields>', () => {
  it('is told by its equals sign, so that the next word stays the next word', () => {
    expect(withJsonFields(['session', 'list', '--json=id,device', '--all'])).toEqual([
      'session',
      'list',
      '--json',
      '--json-fields=id,device',
      '--all',
    ]);
    expect(withJsonFields(['log', 'query', '--json', 'eventType'])).toEqual(['log', 'query', '--json', 'eventType']);
    expect(withJsonFields(['complete', '--', 'zone', '--json=id'])).toEqual(['complete', '--', 'zone', '--json=id']);
    expect(withJsonFields(['zone', 'list', '--json='])).toEqual(['zone', 'list', '--json', '--json-fields=']);
  });
  it('takes each field once, in the order in which it was asked for', () => {
    expect(askedFields('name, id,name,', ['id', 'name'])).toEqual(['name', 'id']);
  });
  it('names what it knows when it is asked for something else, for nothing, or where there is nothing to choose', () => {
    expect(saysOf(() => askedFields('id,nmae,x', ['id', 'name']))).toEqual([
      'usage: --json: there is no field nmae, x',
      'fields: id, name',
    ]);
    expect(saysOf(() => askedFields(' ,', ['id', 'name']))).toEqual([
      'usage: --json=: names no field',
      'fields: id, name',
    ]);
    expect(saysOf(() => askedFields('id', []))[0]).toBe('usage: --json: this verb has no fields to choose from');
    // Names that every object has are not fields.
    expect(saysOf(() => askedFields('constructor', ['id']))[0]).toContain('no field constructor');
  });
  it('keeps a column that an item does not have', () => {
    expect(pickFields({ id: 1, name: 'a', more: 2 }, ['name', 'gone'])).toEqual({ name: 'a', gone: null });
    expect(fieldsOf<{ a: 1; b: 2 }>({ a: true, b: true })).toEqual(['a', 'b']);
  });
});
