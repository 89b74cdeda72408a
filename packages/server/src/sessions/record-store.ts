const NO_ROW = -1;
/** Growth by a quarter: at most a fifth of the memory is slack, and each row is copied four times on average. */
const GROWTH = 1.25;
const FIRST_ROWS = 256;

/**
 * Rows of fixed size in one ArrayBuffer, seen as bytes, u32 words and f64: no object per row for the collector to
 * trace, and the fields that are read together lie together. Freed rows are used again. The views are replaced when
 * the store grows: read them anew after `allocate`.
 */
export class RecordStore {
  words = new Uint32Array(0);
  floats = new Float64Array(0);
  bytes = new Uint8Array(0);
  readonly #wordsPerRow: number;
  #capacity = 0;
  #used = 0;
  /** Head of the list of freed rows; the link stands in the first word of each. */
  #free = NO_ROW;

  constructor(wordsPerRow: number) {
    if (wordsPerRow % 2 !== 0) throw new RangeError('a row must keep the f64 view aligned');
    this.#wordsPerRow = wordsPerRow;
  }

  /** How many rows have ever been in use: every row is below it. */
  get end(): number {
    return this.#used;
  }

  /** A row of zeros. */
  allocate(): number {
    if (this.#free !== NO_ROW) {
      const row = this.#free;
      this.#free = (this.words[row * this.#wordsPerRow] as number) - 1;
      this.words[row * this.#wordsPerRow] = 0;
      return row;
    }
    if (this.#used === this.#capacity) this.#grow();
    return this.#used++;
  }

  release(row: number): void {
    const from = row * this.#wordsPerRow;
    this.words.fill(0, from, from + this.#wordsPerRow);
    this.words[from] = this.#free + 1;
    this.#free = row;
  }

  #grow(): void {
    this.#capacity = Math.max(FIRST_ROWS, Math.ceil(this.#capacity * GROWTH));
    const buffer = this.words.buffer.transfer(this.#capacity * this.#wordsPerRow * 4);
    this.words = new Uint32Array(buffer);
    this.floats = new Float64Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }
}
