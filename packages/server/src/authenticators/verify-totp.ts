import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeBase32 } from './base32.ts';

const STEP_MS = 30_000;
/** One step of drift either way (RFC 6238 §5.2). */
const WINDOW_STEPS = 1;
/** 80 bits, what authenticator apps have always accepted. An empty secret would be one that everybody knows. */
const SECRET_BYTES_MIN = 10;

/** HOTP (RFC 4226 §5.3): SHA-1, six digits. */
const codeOf = (secret: Buffer, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const truncated = mac.readUInt32BE((mac.at(-1) ?? 0) & 0x0f) & 0x7fffffff;
  return String(truncated % 1_000_000).padStart(6, '0');
};

/**
 * The time step a code belongs to, or null. The caller keeps the step and refuses it and all before it from then on
 * (RFC 6238 §5.2: a code works once). All steps of the window are compared, in constant time, and the latest that
 * matches is told, so that a code that happens to belong to two steps is not good twice.
 */
export const verifyTotp = (input: {
  readonly secret: string;
  readonly code: string;
  readonly now: number;
}): number | null => {
  const secret = decodeBase32(input.secret);
  if (secret === null || secret.length < SECRET_BYTES_MIN || !/^[0-9]{6}$/.test(input.code)) return null;
  const current = Math.floor(input.now / STEP_MS);
  if (!Number.isSafeInteger(current)) return null;
  const given = Buffer.from(input.code);
  let matched: number | null = null;
  for (let step = Math.max(0, current - WINDOW_STEPS); step <= current + WINDOW_STEPS; step += 1) {
    if (timingSafeEqual(Buffer.from(codeOf(secret, step)), given)) matched = step;
  }
  return matched;
};
