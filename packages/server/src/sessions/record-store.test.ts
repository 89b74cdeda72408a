import { describe, expect, it } from 'vitest';
import { RecordStore } from './record-store.ts';

describe('RecordStore', () => {
  it('keeps its rows when it grows', () => {
    const store = new RecordStore(4);
    for (let row = 0; row < 5_000; row++) {
      expect(store.allocate()).toBe(row);
      store.words[row * 4] = row;
      store.floats[row * 2 + 1] = row / 2;
    }
    for (let row = 0; row < 5_000; row++)
      expect([store.words[row * 4], store.floats[row * 2 + 1]]).toEqual([row, row / 2]);
    expect(store.end).toBe(5_000);
  });

  it('gives freed rows out again, the last freed first and emptied', () => {
    const store = new RecordStore(2);
    for (let row = 0; row < 4; row++) expect(store.allocate()).toBe(row);
    store.words.fill(7, 0, 8);
    store.release(1);
    store.release(3);
    expect([store.allocate(), store.allocate(), store.allocate()]).toEqual([3, 1, 4]);
    expect([...store.words.subarray(0, 8)]).toEqual([7, 7, 0, 0, 7, 7, 0, 0]);
  });

  it('refuses rows that would break the alignment of f64', () => {
    expect(() => new RecordStore(3)).toThrow(RangeError);
  });
});
