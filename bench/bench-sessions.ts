import { hash } from 'node:crypto';
import { ipv4Text } from '../packages/server/src/http/fast-ipv4.ts';
import type { LiveSession } from '../packages/server/src/sessions/live-session.ts';
import { SessionTable } from '../packages/server/src/sessions/session-table.ts';
import { tokenHash } from '../packages/server/src/sessions/token-hash.ts';

const HOUR = 3_600_000;

/** Session `i` of the benchmark: the same secret and address in every process. */
export const benchToken = (i: number): string => hash('sha256', `bench token ${i}`, 'base64url');
export const benchAddress = (i: number): string =>
  ipv4Text(((Math.imul(i + 1, 0x9e3779b1) >>> 0) % 0xdfffffff) | 0x01000000);

/** The public id of an object of the benchmark. */
export const benchId = (prefix: string, i: number): string => prefix + String(i).padStart(17, '0');
const benchSession = (i: number, now: number): LiveSession => {
  const v4 = benchAddress(i);
  return {
    id: benchId('102', i),
    userId: benchId('00u', i),
    isLocked: false,
    hasBoundKey: false,
    isProofOpen: false,
    createdAt: now,
    lastActivityAt: now,
    endsAt: now + 24 * HOUR,
    idleTimeoutSeconds: 7200,
    baseline: { v4, v6: null, network: `as${64_496 + (i % 1000)}`, signInAddress: v4 },
    modes: { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' },
    console: { endsAt: now + 12 * HOUR, lastActivityAt: now, idleTimeoutSeconds: 900 },
  };
};

/** A table of `count` sessions of as many people. */
export const benchTable = (count: number, now: number): SessionTable => {
  const table = new SessionTable();
  for (let i = 0; i < count; i++) table.insert(benchSession(i, now), tokenHash(benchToken(i)));
  return table;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};
