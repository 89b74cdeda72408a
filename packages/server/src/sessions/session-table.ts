import { parseAddress } from '@sallyport/decide/address/parse-address';
import type { Instant } from '@sallyport/model/instant';
import type { Address } from '@sallyport/model/network';
import { BINDING_MODES, type BindingMode, type BindingModes } from '@sallyport/model/session';
import { fastIpv4, ipv4Text } from '../http/fast-ipv4.ts';
import { CHECK, type CheckResult, checkResult, codeOf } from './check-result.ts';
import { assertId, hashOfId, hashOfIdAt, isIdAt, readId, writeId } from './id-bytes.ts';
import type { Activity, LiveConsole, LiveSession, Predecessor, TableBaseline } from './live-session.ts';
import { OpenIndex } from './open-index.ts';
import { RecordStore } from './record-store.ts';
import {
  ASN_MODE_SHIFT,
  BASELINE_FLAGS,
  CONSOLE_ENDS_AT,
  CONSOLE_IDLE_SECONDS,
  CONSOLE_LAST_ACTIVITY_AT,
  CREATED_AT,
  ENDS_AT,
  FLAGS,
  GRACE_UNTIL_AT,
  HAS_BOUND_KEY,
  HAS_CONSOLE,
  HAS_PREDECESSOR,
  HAS_V4,
  HAS_V6,
  ID,
  IDLE_SECONDS,
  IP_MODE_SHIFT,
  IS_LIVE,
  IS_LOCKED,
  IS_PROOF_OPEN,
  KEY,
  LAST,
  LAST_ACTIVITY_AT,
  MODE_FLAGS,
  NETWORK,
  PREDECESSOR_KEY,
  SIGNED_IN_BY_V6,
  TOUCHED_NEXT,
  V4,
  V6,
  WORDS,
} from './session-record.ts';
import { SessionsOfUsers } from './sessions-of-users.ts';

export type { LiveSession } from './live-session.ts';

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;
const modeAt = (flags: number, shift: number): BindingMode => BINDING_MODES[(flags >>> shift) & 3] as BindingMode;
const modeFlags = (modes: BindingModes): number =>
  (BINDING_MODES.indexOf(modes.asnBinding) << ASN_MODE_SHIFT) |
  (BINDING_MODES.indexOf(modes.ipBinding) << IP_MODE_SHIFT);

/**
 * The live sessions of this node, for the check that stands before every request (design §6): memory only, no
 * allocation per check, about 200 bytes a session whatever else the process does. Rows lie in one buffer; tokens,
 * ids and users are found through hash indexes; a person's sessions and the touched ones are linked through the rows.
 * What a check decides is what `judgeSessionLifetime` and `bindSession` decide; a property test holds them together.
 */
export class SessionTable {
  readonly #rows = new RecordStore(WORDS);
  readonly #users = new SessionsOfUsers(this.#rows);
  /** References are `slot * 2` for the token and `slot * 2 + 1` for its predecessor. */
  readonly #byToken = new OpenIndex((reference) => this.#rows.words[this.#keyAt(reference)] as number);
  readonly #byId = new OpenIndex((slot) => hashOfIdAt(this.#rows.bytes, (slot * WORDS + ID) * 4));
  /** Networks by handle. They are few: those from which somebody signed in since the start. */
  readonly #networks: string[] = [];
  readonly #networkHandles = new Map<string, number>();
  #firstTouched = LAST;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes a session in. A session of the same id is replaced: the later row is the newer. */
  insert(session: LiveSession, tokenHash: Uint8Array, predecessor: Predecessor | null = null): number {
    // Whatever may throw comes first, so that a refused session leaves nothing behind.
    for (const id of [session.id, session.userId]) assertId(id);
    for (const hash of predecessor === null ? [tokenHash] : [tokenHash, predecessor.tokenHash]) assertHash(hash);
    this.remove(session.id);
    const slot = this.#rows.allocate();
    const at = slot * WORDS;
    const { words, floats, bytes } = this.#rows;
    writeId(bytes, (at + ID) * 4, session.id);
    words[at + FLAGS] =
      IS_LIVE |
      modeFlags(session.modes) |
      (session.isLocked ? IS_LOCKED : 0) |
      (session.hasBoundKey ? HAS_BOUND_KEY : 0) |
      (session.isProofOpen ? IS_PROOF_OPEN : 0);
    words[at + IDLE_SECONDS] = Math.max(0, session.idleTimeoutSeconds);
    floats[(at + CREATED_AT) >> 1] = session.createdAt;
    floats[(at + LAST_ACTIVITY_AT) >> 1] = session.lastActivityAt;
    floats[(at + ENDS_AT) >> 1] = session.endsAt;
    this.#writeBaseline(at, session.baseline);
    this.#writeConsole(at, session.console);
    this.#writeKey(at + KEY, tokenHash);
    this.#byToken.add(slot * 2);
    if (predecessor !== null) {
      this.#writeKey(at + PREDECESSOR_KEY, predecessor.tokenHash);
      this.#addPredecessor(slot, predecessor.graceUntilAt);
    }
    this.#byId.add(slot);
    this.#users.link(slot, session.userId);
    this.#size++;
    return slot;
  }

  /** Forgets a session and both its tokens; false when there is none. */
  remove(id: string): boolean {
    const slot = this.slotOfId(id);
    if (slot === -1) return false;
    const at = slot * WORDS;
    const touchedNext = this.#rows.words[at + TOUCHED_NEXT] as number;
    this.#users.unlink(slot);
    this.#byId.delete(slot);
    this.#byToken.delete(slot * 2);
    this.#deletePredecessor(slot);
    this.#rows.release(slot);
    // The slot stays in the list of touched ones, where the drain passes over it, or finds who lives there by then.
    this.#rows.words[at + TOUCHED_NEXT] = touchedNext;
    this.#size--;
    return true;
  }

  /**
   * Gives a session its next token. The one before is good until `graceUntilAt`, for requests under way, and is
   * remembered after that: its use is a copy's. The one before that is forgotten, thus unknown.
   */
  rotate(id: string, newTokenHash: Uint8Array, graceUntilAt: Instant): boolean {
    assertHash(newTokenHash);
    const slot = this.slotOfId(id);
    if (slot === -1) return false;
    const at = slot * WORDS;
    this.#deletePredecessor(slot);
    this.#byToken.delete(slot * 2);
    this.#rows.words.copyWithin(at + PREDECESSOR_KEY, at + KEY, at + KEY + 4);
    this.#writeKey(at + KEY, newTokenHash);
    this.#byToken.add(slot * 2);
    this.#addPredecessor(slot, graceUntilAt);
    return true;
  }

  idsOfUser(userId: string): string[] {
    return [...this.#users.slotsOf(userId)].map((slot) => this.idOf(slot));
  }

  /** Forgets all sessions of a person; their ids. */
  endUser(userId: string): string[] {
    const ids = this.idsOfUser(userId);
    for (const id of ids) this.remove(id);
    return ids;
  }

  /** Locks or unlocks the sessions that a person has now. A later session is inserted as locked or not. */
  setUserLocked(userId: string, isLocked: boolean): void {
    for (const slot of this.#users.slotsOf(userId)) this.#setFlags(slot * WORDS, IS_LOCKED, isLocked ? IS_LOCKED : 0);
  }

  setModes(id: string, modes: BindingModes): boolean {
    const slot = this.slotOfId(id);
    if (slot !== -1) this.#setFlags(slot * WORDS, MODE_FLAGS, modeFlags(modes));
    return slot !== -1;
  }

  /** The page's key was registered. */
  setBoundKey(id: string): boolean {
    const slot = this.slotOfId(id);
    if (slot !== -1) this.#setFlags(slot * WORDS, HAS_BOUND_KEY, HAS_BOUND_KEY);
    return slot !== -1;
  }

  /** From the first open challenge to the last: the known address, too, is judged, for a deadline may have passed. */
  setProofOpen(id: string, isOpen: boolean): boolean {
    const slot = this.slotOfId(id);
    if (slot !== -1) this.#setFlags(slot * WORDS, IS_PROOF_OPEN, isOpen ? IS_PROOF_OPEN : 0);
    return slot !== -1;
  }

  /** A learned family, or the new baseline of a fresh key proof. Nothing else may call it (design §4.1). */
  setBaseline(id: string, baseline: TableBaseline): boolean {
    const slot = this.slotOfId(id);
    if (slot !== -1) this.#writeBaseline(slot * WORDS, baseline);
    return slot !== -1;
  }

  /** Attaches the console's app session to the `sid`, or takes it away. */
  setConsole(id: string, console: LiveConsole | null): boolean {
    const slot = this.slotOfId(id);
    if (slot !== -1) this.#writeConsole(slot * WORDS, console);
    return slot !== -1;
  }

  /**
   * The check of one request. An IPv4 address may be given packed (`fastIpv4`); null is an address that could not be
   * established. At an address of the baseline the network is the same without a look-up, and the session is passed
   * here; anywhere else the caller judges and then calls `pass`.
   */
  check(
    tokenHash: Uint8Array,
    address: Address | number | null,
    now: Instant,
    isBackground: boolean,
    wantsConsole: boolean,
  ): CheckResult {
    const reference = this.#find(tokenHash);
    if (reference === -1) return CHECK.SESSION_UNKNOWN;
    const slot = reference >>> 1;
    const isPredecessor = (reference & 1) === 1;
    const at = slot * WORDS;
    const { words, floats } = this.#rows;
    if (isPredecessor && !(now < (floats[(at + GRACE_UNTIL_AT) >> 1] as number)))
      return checkResult(CHECK.TOKEN_SUPERSEDED, slot);
    const clock = this.clockOf(slot, now);
    if (codeOf(clock) !== CHECK.HOLD) return clock;
    if (((words[at + FLAGS] as number) & IS_PROOF_OPEN) !== 0 || !this.#isAtBaseline(at, address))
      return checkResult(isPredecessor ? CHECK.NEEDS_JUDGEMENT_OF_PREDECESSOR : CHECK.NEEDS_JUDGEMENT, slot);
    return this.pass(slot, now, isBackground, wantsConsole);
  }

  /** Does the session owe an answer for a new address (mode `PROVE`)? */
  isProofOpen(slot: number): boolean {
    return ((this.#rows.words[slot * WORDS + FLAGS] as number) & IS_PROOF_OPEN) !== 0;
  }

  /** Whether a session lives at an instant: its lock and its clocks, wherever the request comes from. */
  clockOf(slot: number, now: Instant): CheckResult {
    const at = slot * WORDS;
    const { words, floats } = this.#rows;
    if (((words[at + FLAGS] as number) & IS_LOCKED) !== 0) return checkResult(CHECK.LOCKED, slot);
    if (!(now < (floats[(at + ENDS_AT) >> 1] as number))) return checkResult(CHECK.LIFETIME_REACHED, slot);
    if (isIdle(now, floats[(at + LAST_ACTIVITY_AT) >> 1] as number, words[at + IDLE_SECONDS] as number))
      return checkResult(CHECK.IDLE, slot);
    return checkResult(CHECK.HOLD, slot);
  }

  /**
   * The end of a check, once the session is known to hold: judges the console's clocks where the request wants the
   * console, and moves the idle clocks unless it is polling.
   */
  pass(slot: number, now: Instant, isBackground: boolean, wantsConsole: boolean): CheckResult {
    const at = slot * WORDS;
    const { words, floats } = this.#rows;
    if (wantsConsole) {
      if (((words[at + FLAGS] as number) & HAS_CONSOLE) === 0) return checkResult(CHECK.CONSOLE_MISSING, slot);
      if (!(now < (floats[(at + CONSOLE_ENDS_AT) >> 1] as number)))
        return checkResult(CHECK.CONSOLE_LIFETIME_REACHED, slot);
      const lastActivityAt = floats[(at + CONSOLE_LAST_ACTIVITY_AT) >> 1] as number;
      if (isIdle(now, lastActivityAt, words[at + CONSOLE_IDLE_SECONDS] as number))
        return checkResult(CHECK.CONSOLE_IDLE, slot);
    }
    if (!isBackground) {
      // A clock that went backwards does not take activity back.
      if (now > (floats[(at + LAST_ACTIVITY_AT) >> 1] as number)) floats[(at + LAST_ACTIVITY_AT) >> 1] = now;
      if (wantsConsole && now > (floats[(at + CONSOLE_LAST_ACTIVITY_AT) >> 1] as number))
        floats[(at + CONSOLE_LAST_ACTIVITY_AT) >> 1] = now;
      if (words[at + TOUCHED_NEXT] === 0) {
        words[at + TOUCHED_NEXT] = this.#firstTouched;
        this.#firstTouched = slot + 1;
      }
    }
    return checkResult(CHECK.HOLD, slot);
  }

  /** The sessions that were active since the last drain, for the batch that writes it down. */
  *drainActivity(): Generator<Activity> {
    while (this.#firstTouched !== LAST) {
      const slot = this.#firstTouched - 1;
      const at = slot * WORDS;
      const { words, floats } = this.#rows;
      this.#firstTouched = words[at + TOUCHED_NEXT] as number;
      words[at + TOUCHED_NEXT] = 0;
      const flags = words[at + FLAGS] as number;
      if ((flags & IS_LIVE) === 0) continue;
      yield {
        id: this.idOf(slot),
        lastActivityAt: floats[(at + LAST_ACTIVITY_AT) >> 1] as number,
        consoleLastActivityAt:
          (flags & HAS_CONSOLE) === 0 ? null : (floats[(at + CONSOLE_LAST_ACTIVITY_AT) >> 1] as number),
      };
    }
  }

  /** The slot of a session, -1 without one. */
  slotOfId(id: string): number {
    for (let c = this.#byId.first(hashOfId(id)); ; c = this.#byId.next(c)) {
      const slot = this.#byId.at(c);
      if (slot === -1 || isIdAt(this.#rows.bytes, (slot * WORDS + ID) * 4, id)) return slot;
    }
  }

  /** Is it this session that lives in a slot? Cheaper than to look the slot up. */
  isAt(slot: number, id: string): boolean {
    return slot < this.#rows.end && isIdAt(this.#rows.bytes, (slot * WORDS + ID) * 4, id);
  }

  idOf(slot: number): string {
    return readId(this.#rows.bytes, (slot * WORDS + ID) * 4);
  }

  userIdOf(slot: number): string {
    return this.#users.userIdOf(slot);
  }

  /** A session as a record. IPv6 addresses appear as the first of their /64, which is all that is compared. */
  view(slot: number): LiveSession {
    const at = slot * WORDS;
    const { words, floats } = this.#rows;
    const flags = words[at + FLAGS] as number;
    const v4 = (flags & HAS_V4) === 0 ? null : ipv4Text(words[at + V4] as number);
    const v6 = (flags & HAS_V6) === 0 ? null : subnetText(words[at + V6] as number, words[at + V6 + 1] as number);
    return {
      id: this.idOf(slot),
      userId: this.userIdOf(slot),
      baseline: {
        v4,
        v6,
        network: this.#networks[words[at + NETWORK] as number] ?? '',
        signInAddress: ((flags & SIGNED_IN_BY_V6) === 0 ? v4 : v6) ?? '',
      },
      modes: { asnBinding: modeAt(flags, ASN_MODE_SHIFT), ipBinding: modeAt(flags, IP_MODE_SHIFT) },
      isLocked: (flags & IS_LOCKED) !== 0,
      hasBoundKey: (flags & HAS_BOUND_KEY) !== 0,
      isProofOpen: (flags & IS_PROOF_OPEN) !== 0,
      createdAt: floats[(at + CREATED_AT) >> 1] as number,
      lastActivityAt: floats[(at + LAST_ACTIVITY_AT) >> 1] as number,
      endsAt: floats[(at + ENDS_AT) >> 1] as number,
      idleTimeoutSeconds: words[at + IDLE_SECONDS] as number,
      console:
        (flags & HAS_CONSOLE) === 0
          ? null
          : {
              endsAt: floats[(at + CONSOLE_ENDS_AT) >> 1] as number,
              lastActivityAt: floats[(at + CONSOLE_LAST_ACTIVITY_AT) >> 1] as number,
              idleTimeoutSeconds: words[at + CONSOLE_IDLE_SECONDS] as number,
            },
    };
  }

  /**
   * Sessions that may be over at an instant, by a clock, a lock or an answer that they owe: the sweep judges these again
   * and need not look at each of the others, which would hold up every request for half a second at 100,000 sessions.
   */
  *suspects(now: Instant): Generator<string> {
    for (let slot = 0; slot < this.#rows.end; slot++) {
      const at = slot * WORDS;
      const { words, floats } = this.#rows;
      const flags = words[at + FLAGS] as number;
      if ((flags & IS_LIVE) === 0) continue;
      const isConsoleOver =
        (flags & HAS_CONSOLE) !== 0 &&
        (!(now < (floats[(at + CONSOLE_ENDS_AT) >> 1] as number)) ||
          isIdle(
            now,
            floats[(at + CONSOLE_LAST_ACTIVITY_AT) >> 1] as number,
            words[at + CONSOLE_IDLE_SECONDS] as number,
          ));
      if (isConsoleOver || (flags & IS_PROOF_OPEN) !== 0 || codeOf(this.clockOf(slot, now)) !== CHECK.HOLD)
        yield this.idOf(slot);
    }
  }

  /** Ids of all sessions, in no order. */
  *ids(): Generator<string> {
    for (let slot = 0; slot < this.#rows.end; slot++) {
      if (((this.#rows.words[slot * WORDS + FLAGS] as number) & IS_LIVE) !== 0) yield this.idOf(slot);
    }
  }

  #keyAt(reference: number): number {
    return (reference >>> 1) * WORDS + ((reference & 1) === 1 ? PREDECESSOR_KEY : KEY);
  }

  #find(tokenHash: Uint8Array): number {
    const k0 = word(tokenHash, 0);
    const k1 = word(tokenHash, 4);
    const k2 = word(tokenHash, 8);
    const k3 = word(tokenHash, 12);
    const { words } = this.#rows;
    for (let c = this.#byToken.first(k0); ; c = this.#byToken.next(c)) {
      const reference = this.#byToken.at(c);
      if (reference === -1) return -1;
      const at = this.#keyAt(reference);
      if (words[at] === k0 && words[at + 1] === k1 && words[at + 2] === k2 && words[at + 3] === k3) return reference;
    }
  }

  #isAtBaseline(at: number, address: Address | number | null): boolean {
    if (address === null) return false;
    const { words } = this.#rows;
    const flags = words[at + FLAGS] as number;
    if (typeof address === 'number') return (flags & HAS_V4) !== 0 && words[at + V4] === address;
    if (address.family === 'v4') return (flags & HAS_V4) !== 0 && words[at + V4] === fastIpv4(address.text);
    return (
      (flags & HAS_V6) !== 0 && words[at + V6] === word(address.bits, 0) && words[at + V6 + 1] === word(address.bits, 4)
    );
  }

  #setFlags(at: number, mask: number, value: number): void {
    this.#rows.words[at + FLAGS] = ((this.#rows.words[at + FLAGS] as number) & ~mask) | value;
  }

  #writeKey(at: number, hash: Uint8Array): void {
    for (let i = 0; i < 4; i++) this.#rows.words[at + i] = word(hash, i * 4);
  }

  /** A text that cannot be read leaves its family unseen: then nothing matches it. */
  #writeBaseline(at: number, baseline: TableBaseline): void {
    const { words } = this.#rows;
    const v4 = baseline.v4 === null ? -1 : fastIpv4(baseline.v4);
    const v6 = baseline.v6 === null ? null : parseAddress(baseline.v6);
    let flags = baseline.signInAddress.includes(':') ? SIGNED_IN_BY_V6 : 0;
    if (v4 !== -1) {
      words[at + V4] = v4;
      flags |= HAS_V4;
    }
    if (v6 !== null && v6.family === 'v6') {
      words[at + V6] = word(v6.bits, 0);
      words[at + V6 + 1] = word(v6.bits, 4);
      flags |= HAS_V6;
    }
    let network = this.#networkHandles.get(baseline.network);
    if (network === undefined) {
      network = this.#networks.push(baseline.network) - 1;
      this.#networkHandles.set(baseline.network, network);
    }
    words[at + NETWORK] = network;
    this.#setFlags(at, BASELINE_FLAGS, flags);
  }

  #writeConsole(at: number, console: LiveConsole | null): void {
    const { words, floats } = this.#rows;
    this.#setFlags(at, HAS_CONSOLE, console === null ? 0 : HAS_CONSOLE);
    floats[(at + CONSOLE_ENDS_AT) >> 1] = console?.endsAt ?? 0;
    floats[(at + CONSOLE_LAST_ACTIVITY_AT) >> 1] = console?.lastActivityAt ?? 0;
    words[at + CONSOLE_IDLE_SECONDS] = Math.max(0, console?.idleTimeoutSeconds ?? 0);
  }

  #addPredecessor(slot: number, graceUntilAt: Instant): void {
    this.#rows.floats[(slot * WORDS + GRACE_UNTIL_AT) >> 1] = graceUntilAt;
    this.#setFlags(slot * WORDS, HAS_PREDECESSOR, HAS_PREDECESSOR);
    this.#byToken.add(slot * 2 + 1);
  }

  #deletePredecessor(slot: number): void {
    if (((this.#rows.words[slot * WORDS + FLAGS] as number) & HAS_PREDECESSOR) === 0) return;
    this.#byToken.delete(slot * 2 + 1);
    this.#setFlags(slot * WORDS, HAS_PREDECESSOR, 0);
  }
}

const assertHash = (hash: Uint8Array): void => {
  if (hash.length < 16) throw new RangeError('token hash length');
};

/** `judgeSessionLifetime`'s idle rule: an instant that is no number counts as idle. */
const isIdle = (now: Instant, lastActivityAt: Instant, idleTimeoutSeconds: number): boolean =>
  !((now > lastActivityAt ? now : lastActivityAt) < lastActivityAt + idleTimeoutSeconds * 1000);

/** The first address of a /64, from the two words of its upper half as they were read (little end first). */
const subnetText = (high: number, low: number): string => {
  const group = (value: number, shift: number): string =>
    ((((value >>> shift) & 255) << 8) | ((value >>> (shift + 8)) & 255)).toString(16);
  const text = `${group(high, 0)}:${group(high, 16)}:${group(low, 0)}:${group(low, 16)}::`;
  return parseAddress(text)?.text ?? text;
};
