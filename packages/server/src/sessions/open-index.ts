/**
 * A hash index over rows that live elsewhere: open addressing with linear probing in one Uint32Array. An entry is a
 * row reference plus one, zero is empty. It holds no keys, so it costs 8 to 16 bytes a row; the owner compares.
 * Deletion shifts the entries behind back (Knuth 6.4 R), so there are no tombstones and cost does not grow with churn.
 */
export class OpenIndex {
  #entries = new Uint32Array(16);
  #count = 0;
  readonly #hashOf: (reference: number) => number;

  /** `hashOf` gives the hash of the row that a reference stands for; it must not change while the reference is in. */
  constructor(hashOf: (reference: number) => number) {
    this.#hashOf = hashOf;
  }

  /** First reference at or after the place of `hash`, as a cursor for `at` and `next`. */
  first(hash: number): number {
    return hash & (this.#entries.length - 1);
  }

  /** The reference at a cursor, -1 where the run of candidates ends. */
  at(cursor: number): number {
    return (this.#entries[cursor] as number) - 1;
  }

  next(cursor: number): number {
    return (cursor + 1) & (this.#entries.length - 1);
  }

  add(reference: number): void {
    // At most half full: a probe then ends after 1.5 steps on average, 2.5 for a miss.
    if ((this.#count + 1) * 2 > this.#entries.length) this.#grow();
    this.#put(reference);
    this.#count++;
  }

  delete(reference: number): void {
    const entries = this.#entries;
    const mask = entries.length - 1;
    let hole = this.#hashOf(reference) & mask;
    while (entries[hole] !== reference + 1) {
      if (entries[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    for (let i = (hole + 1) & mask; entries[i] !== 0; i = (i + 1) & mask) {
      const home = this.#hashOf((entries[i] as number) - 1) & mask;
      // Only an entry whose home does not lie between the hole and itself may move into the hole.
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        entries[hole] = entries[i] as number;
        hole = i;
      }
    }
    entries[hole] = 0;
    this.#count--;
  }

  #put(reference: number): void {
    const mask = this.#entries.length - 1;
    let i = this.#hashOf(reference) & mask;
    while (this.#entries[i] !== 0) i = (i + 1) & mask;
    this.#entries[i] = reference + 1;
  }

  #grow(): void {
    const old = this.#entries;
    this.#entries = new Uint32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) this.#put(entry - 1);
  }
}
