import { createHash } from 'node:crypto';
import type { LogEvent } from '@sallyport/model/log-event';

/**
 * Personal fields of an event stand in the chain as salted commitments, so that erasing a person (value and salt)
 * leaves every hash valid (design §4.12).
 */
export interface Commitment {
  /** Null after erasure. */
  readonly salt: string | null;
  readonly commitment: string;
}
export type Commitments = Readonly<Record<string, Commitment>>;

const FIXED_PATHS = [
  'actor.alternateId',
  'actor.displayName',
  'client.ipAddress',
  'client.userAgent.rawUserAgent',
  'client.geographicalContext',
] as const;

type Json = { [key: string]: unknown };

const get = (root: Json, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, key) => (at !== null && typeof at === 'object' ? (at as Json)[key] : undefined), root);

const set = (root: Json, path: string, value: unknown): void => {
  const keys = path.split('.');
  const last = keys.pop() as string;
  const holder = keys.reduce<unknown>(
    (at, key) => (at !== null && typeof at === 'object' ? (at as Json)[key] : undefined),
    root,
  );
  if (holder !== null && typeof holder === 'object') (holder as Json)[last] = value;
};

/** The paths of personal values in an event. */
export const personalPaths = (event: LogEvent): string[] => [
  ...FIXED_PATHS,
  ...(event.target ?? []).flatMap((_, index) => [`target.${index}.alternateId`, `target.${index}.displayName`]),
  ...event.request.ipChain.flatMap((_, index) => [
    `request.ipChain.${index}.ip`,
    `request.ipChain.${index}.geographicalContext`,
  ]),
];

/** A commitment to a value: without the salt it tells nothing of it. */
export const commitmentOf = (salt: string, value: unknown): string =>
  createHash('sha256').update(salt).update('\0').update(JSON.stringify(value)).digest('base64url');

/** One commitment for each personal value that is present. */
export const commitPersonal = (event: LogEvent, newSalt: () => string): Commitments => {
  const made: Record<string, Commitment> = {};
  for (const path of personalPaths(event)) {
    const value = get(event as unknown as Json, path);
    if (value === undefined || value === null) continue;
    const salt = newSalt();
    made[path] = { salt, commitment: commitmentOf(salt, value) };
  }
  return made;
};

/** The event as the chain hashes it: personal values replaced by their commitments. */
export const withCommitments = (event: LogEvent, commitments: Commitments): Json => {
  const copy = structuredClone(event) as unknown as Json;
  for (const [path, { commitment }] of Object.entries(commitments)) set(copy, path, `commitment:${commitment}`);
  return copy;
};

/** The first path whose present value does not open its commitment, or null. */
export const brokenCommitment = (event: LogEvent, commitments: Commitments): string | null => {
  for (const [path, { salt, commitment }] of Object.entries(commitments)) {
    if (salt === null) continue;
    if (commitmentOf(salt, get(event as unknown as Json, path)) !== commitment) return path;
  }
  return null;
};
