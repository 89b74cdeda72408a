/** The layout of a live session in memory: offsets in words of 32 bits, and the bits of its flags. */

/** A row, in words of 32 bits; the first 64 bytes are all that a check from the known address reads. */
export const WORDS = 36;
export const KEY = 0; // 4 words: the first 16 bytes of the token's SHA-256
export const V4 = 4;
export const FLAGS = 5;
export const IDLE_SECONDS = 6;
export const TOUCHED_NEXT = 7; // link of the list of touched sessions: 0 not listed, else slot + 1, or LAST
export const ENDS_AT = 8;
export const LAST_ACTIVITY_AT = 10;
export const V6 = 12; // 2 words: the /64
export const NETWORK = 14;
export const USER = 15;
export const PREDECESSOR_KEY = 16;
export const GRACE_UNTIL_AT = 20;
export const CREATED_AT = 22;
export const CONSOLE_ENDS_AT = 24;
export const CONSOLE_LAST_ACTIVITY_AT = 26;
export const CONSOLE_IDLE_SECONDS = 28;
export const USER_NEXT = 29; // links of the list of one person's sessions: 0 none, else slot + 1
export const USER_PREVIOUS = 30;
export const ID = 31; // 5 words

/** The end of the list of touched sessions. */
export const LAST = 0xffffffff;

export const IS_LIVE = 1 << 0;
export const HAS_V4 = 1 << 1;
export const HAS_V6 = 1 << 2;
export const SIGNED_IN_BY_V6 = 1 << 3;
export const IS_LOCKED = 1 << 4;
export const HAS_CONSOLE = 1 << 5;
export const HAS_PREDECESSOR = 1 << 6;
export const HAS_BOUND_KEY = 1 << 7;
export const ASN_MODE_SHIFT = 8;
export const IP_MODE_SHIFT = 10;
export const IS_PROOF_OPEN = 1 << 12;
export const BASELINE_FLAGS = HAS_V4 | HAS_V6 | SIGNED_IN_BY_V6;
export const MODE_FLAGS = (3 << ASN_MODE_SHIFT) | (3 << IP_MODE_SHIFT);
