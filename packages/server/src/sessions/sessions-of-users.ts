import { hashOfId, hashOfIdAt, isIdAt, readId, writeId } from './id-bytes.ts';
import { OpenIndex } from './open-index.ts';
import { RecordStore } from './record-store.ts';
import { USER, USER_NEXT, USER_PREVIOUS, WORDS } from './session-record.ts';

const USER_WORDS = 6;
const USER_ID = 0; // 5 words
const USER_FIRST = 5;

/** Which live sessions a person has: a list linked through the rows of the sessions, so that ending a person needs no scan. */
export class SessionsOfUsers {
  readonly #rows: RecordStore;
  readonly #users = new RecordStore(USER_WORDS);
  readonly #byId = new OpenIndex((user) => hashOfIdAt(this.#users.bytes, (user * USER_WORDS + USER_ID) * 4));

  /** `rows` are the sessions. */
  constructor(rows: RecordStore) {
    this.#rows = rows;
  }

  userIdOf(slot: number): string {
    return readId(this.#users.bytes, ((this.#rows.words[slot * WORDS + USER] as number) * USER_WORDS + USER_ID) * 4);
  }

  /** Puts a session to its person. */
  link(slot: number, userId: string): void {
    let user = this.#find(userId);
    if (user === -1) {
      user = this.#users.allocate();
      writeId(this.#users.bytes, (user * USER_WORDS + USER_ID) * 4, userId);
      this.#byId.add(user);
    }
    const { words } = this.#rows;
    const head = user * USER_WORDS + USER_FIRST;
    const first = this.#users.words[head] as number;
    words[slot * WORDS + USER] = user;
    words[slot * WORDS + USER_NEXT] = first;
    if (first !== 0) words[(first - 1) * WORDS + USER_PREVIOUS] = slot + 1;
    this.#users.words[head] = slot + 1;
  }

  /** Takes a session from its person; a person without sessions is forgotten. */
  unlink(slot: number): void {
    const { words } = this.#rows;
    const user = words[slot * WORDS + USER] as number;
    const next = words[slot * WORDS + USER_NEXT] as number;
    const previous = words[slot * WORDS + USER_PREVIOUS] as number;
    if (next !== 0) words[(next - 1) * WORDS + USER_PREVIOUS] = previous;
    if (previous !== 0) words[(previous - 1) * WORDS + USER_NEXT] = next;
    else if (next !== 0) this.#users.words[user * USER_WORDS + USER_FIRST] = next;
    else {
      this.#byId.delete(user);
      this.#users.release(user);
    }
  }

  /** The slots of a person's sessions, the newest first. Read to the end before any is unlinked. */
  *slotsOf(userId: string): Generator<number> {
    const user = this.#find(userId);
    if (user === -1) return;
    for (let link = this.#users.words[user * USER_WORDS + USER_FIRST] as number; link !== 0; ) {
      yield link - 1;
      link = this.#rows.words[(link - 1) * WORDS + USER_NEXT] as number;
    }
  }

  #find(userId: string): number {
    for (let c = this.#byId.first(hashOfId(userId)); ; c = this.#byId.next(c)) {
      const user = this.#byId.at(c);
      if (user === -1 || isIdAt(this.#users.bytes, (user * USER_WORDS + USER_ID) * 4, userId)) return user;
    }
  }
}
