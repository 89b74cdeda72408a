import { createHash } from 'node:crypto';

/** RFC 8785 in spirit: keys sorted, no white space. Events hold only strings, finite numbers, booleans, null. */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, v]) => `${JSON.stringify(key)}:${canonicalJson(v)}`).join(',')}}`;
};

/** The hash before the first event of a node. */
export const GENESIS = 'genesis';

/** Hash of event `seq` of a node over its predecessor's hash and its committed form. */
export const chainHash = (previousHash: string, node: string, seq: number, committed: unknown): string =>
  createHash('sha256')
    .update(`${previousHash}\n${node}\n${seq}\n${canonicalJson(committed)}`)
    .digest('base64url');
