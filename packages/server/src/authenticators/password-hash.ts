import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ApiError } from '@sallyport/model/errors';
import { type Random, systemRandom } from '../ports/random.ts';

export interface PasswordHasher {
  /** A PHC string of Argon2id, for the users table. */
  hash(password: string): Promise<string>;
  /** Whether the password is right. Without a hash, or with one that is none, it works as long and answers no. */
  verify(password: string, phc: string | null): Promise<boolean>;
}

export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}
export type Derive = (password: string, salt: Buffer, cost: Argon2Cost, bytes: number) => Promise<Buffer>;

/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane. */
const COST: Argon2Cost = { memoryKib: 19_456, passes: 2, lanes: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const WAITING_MAX = 200;

const argon2Async = promisify(argon2);
const deriveArgon2id: Derive = (password, salt, cost, tagLength) =>
  argon2Async('argon2id', {
    message: password,
    nonce: salt,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength,
  });

interface ParsedHash {
  readonly cost: Argon2Cost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** The number of digits bounds what a row of the table can make the server spend: less than 1 GiB, 99 passes. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,6}),t=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

const parsePhc = (phc: string): ParsedHash | null => {
  const found = PHC.exec(phc);
  if (found === null) return null;
  const [, memory, passes, lanes, salt = '', hash = ''] = found;
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  // RFC 9106 §3.1: at least eight blocks a lane.
  if (cost.memoryKib < 8 * cost.lanes) return null;
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
};

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** At most `concurrencyMax` at once; `WAITING_MAX` wait; whoever comes then is told to come back. */
const createTurnstile = (concurrencyMax: number) => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrencyMax) {
      if (waiting.length >= WAITING_MAX) throw new ApiError('E0000047', { headers: { 'Retry-After': '1' } });
      // The place is handed over by the one who leaves, so that `running` never falls while somebody waits.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};

/**
 * Hashes and verifies passwords (Argon2id, RFC 9106). Each costs 19 MiB and a thread of the pool that also serves files
 * and DNS, so few run at once, the rest wait in a queue with an end: a flood of sign-ins starves neither. The text is
 * NFC-normalised first, so that one password typed on two keyboards is one (NIST SP 800-63B-4 §3.1.1.2).
 */
export const createPasswordHasher = (options: {
  readonly concurrencyMax: number;
  readonly random?: Random;
  readonly derive?: Derive;
  /** What a hash that is made from now on costs; one that is stored says itself what it cost. */
  readonly cost?: Argon2Cost;
}): PasswordHasher => {
  const { random = systemRandom, derive = deriveArgon2id, cost: ofNew = COST } = options;
  /** What everybody is compared with who has no password. Its hash is never asked for: the answer is no in any case. */
  const dummy: ParsedHash = {
    cost: ofNew,
    salt: Buffer.alloc(SALT_BYTES, 'sallyport'),
    hash: Buffer.alloc(HASH_BYTES),
  };
  const inTurn = createTurnstile(options.concurrencyMax);

  return {
    async hash(password) {
      const salt = random.bytes(SALT_BYTES);
      const hash = await inTurn(() => derive(password.normalize('NFC'), salt, ofNew, HASH_BYTES));
      return `$argon2id$v=19$m=${ofNew.memoryKib},t=${ofNew.passes},p=${ofNew.lanes}$${unpadded(salt)}$${unpadded(hash)}`;
    },

    async verify(password, phc) {
      const stored = phc === null ? null : parsePhc(phc);
      const { cost, salt, hash } = stored ?? dummy;
      const derived = await inTurn(() => derive(password.normalize('NFC'), salt, cost, hash.length));
      return timingSafeEqual(derived, hash) && stored !== null;
    },
  };
};
