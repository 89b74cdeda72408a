/**
 * One document says how the org is set up: a section for each kind of object, an entry for each object, by the names that
 * people gave them. What the server has is read into the same words, so that a difference is a difference of two entries.
 */
import type { ClientRequest } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { Names } from './names.ts';

/** The fields of an object, as the document writes them. */
export type Entry = Readonly<Record<string, unknown>>;

/** An object that the server has. */
export interface Live {
  readonly name: string;
  readonly id: string;
  readonly entry: Entry;
  /** It cannot be deleted, and a document that does not name it leaves it as it is. */
  readonly isBuiltIn: boolean;
}

/** One request of a change. Those with the same `batch`, one after the other, are sent with one proof. */
export interface Step {
  readonly batch: string;
  /** Worked out when its turn has come: what it names may be made by a step before it. */
  request(names: Names): Promise<ClientRequest> | ClientRequest;
}

/** Something that an entry names. */
export interface Mention {
  readonly kind: NamedKind;
  readonly name: string;
}
export type NamedKind =
  | 'zone'
  | 'group'
  | 'group rule'
  | 'user'
  | 'role'
  | 'resource set'
  | 'app'
  | 'console'
  | 'password policy'
  | 'enrolment policy'
  | 'bundle'
  | 'request sequence'
  | 'request condition';

export interface Section {
  readonly key: string;
  /** Word for one of its objects. */
  readonly noun: string;
  /** All fields that an entry may have, with what is meant where one is left out; `undefined` where it must be given. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** One entry, that stands under the key itself. */
  readonly isSingle?: boolean;
  /** What other sections' entries name its objects as. */
  readonly names?: NamedKind;
  read(client: Client, names: Names): Promise<readonly Live[]>;
  /** Sentences, each naming the field, of what is no entry of this section. */
  check?(entry: Entry, name: string): readonly string[];
  /** The entry, with what the server keeps where a document says nothing of it. */
  fill?(entry: Entry, live: Entry): Entry;
  mentions?(entry: Entry, name: string): readonly Mention[];
  /** Left out: such objects come into being otherwise, and a document cannot make one. */
  create?(name: string, entry: Entry): readonly Step[];
  update(live: Live, entry: Entry): readonly Step[];
  remove?(live: Live): readonly Step[];
  /** Sentences: what would end for others with a change; with null as the entry, with what is deleted. */
  ends?(live: Live, entry: Entry | null): readonly string[];
}
