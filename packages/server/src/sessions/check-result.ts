/**
 * What the check of a session found. A code and the session's slot in one small integer, because the check must not
 * allocate: `codeOf` and `slotOf` take it apart.
 */
export const CHECK = {
  /** The session lives, at an address it is bound to. */
  HOLD: 0,
  /** It lives, but the address is another one: `bindSession` must judge, and `pass` finish. */
  NEEDS_JUDGEMENT: 1,
  /** The same with the replaced token, inside its grace: good from the same network only, whatever the modes say. */
  NEEDS_JUDGEMENT_OF_PREDECESSOR: 2,
  SESSION_UNKNOWN: 3,
  /** A replaced token after its grace: somebody holds an old copy. The caller ends the session. */
  TOKEN_SUPERSEDED: 4,
  LOCKED: 5,
  LIFETIME_REACHED: 6,
  IDLE: 7,
  CONSOLE_MISSING: 8,
  CONSOLE_LIFETIME_REACHED: 9,
  CONSOLE_IDLE: 10,
} as const;
export type CheckCode = (typeof CHECK)[keyof typeof CHECK];
/** See `codeOf` and `slotOf`. */
export type CheckResult = number;

export const checkResult = (code: CheckCode, slot: number): CheckResult => slot * 16 + code;
export const codeOf = (result: CheckResult): CheckCode => (result & 15) as CheckCode;
/** Meaningless for `SESSION_UNKNOWN`. */
export const slotOf = (result: CheckResult): number => result >>> 4;
