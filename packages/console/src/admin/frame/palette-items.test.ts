import { describe, expect, it } from 'vitest';
import { findItems, type PaletteItem } from './palette-items.ts';

const item = (title: string, words = ''): PaletteItem => ({ key: title, title, hint: '', words, run: () => {} });
const ITEMS = [
  item('Overview', 'home'),
  item('Sessions', 'who inside'),
  item('System Log', 'events audit'),
  item('Your sessions'),
];
const titles = (typed: string, recent: readonly string[] = []): string[] =>
  findItems(ITEMS, typed, recent).map(({ title }) => title);

describe('the palette', () => {
  it('finds by title and by other words', () => {
    expect(titles('audit')).toEqual(['System Log']);
    expect(titles('LOG sys')).toEqual(['System Log']);
    expect(titles('nothing of this')).toEqual([]);
  });
  it('puts what begins with the typed first', () => expect(titles('sess')).toEqual(['Sessions', 'Your sessions']));
  it('puts the recent first when nothing is typed', () => expect(titles('', ['System Log'])[0]).toBe('System Log'));
});
