import { createHash } from 'node:crypto';
import { ApiError } from '@sallyport/model/errors';

/** The entity tag of a settings document: equal documents have equal tags (RFC 9110 §8.8.3). */
export const settingsVersion = (document: object): string => {
  const ordered = (value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, ordered(inner)]),
        )
      : value;
  const digest = createHash('sha256')
    .update(JSON.stringify(ordered(document)))
    .digest('base64url');
  return `"${digest.slice(0, 22)}"`;
};

/** 412 when the document is not the one that was read before it was changed. Without `If-Match` nothing is asked. */
export const assertUnchanged = (ifMatch: string | undefined, document: object): void => {
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === settingsVersion(document)) return;
  throw new ApiError('E0000001', {
    args: ['If-Match'],
    causes: ['Somebody else changed these settings since you read them.'],
    status: 412,
  });
};
