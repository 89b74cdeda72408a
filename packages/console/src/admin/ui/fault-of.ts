import { describeFailure } from '../api.ts';

/** Why the server refused a field; null where it said nothing about it. */
export const faultOf = (error: unknown, name: string): string | null => {
  const start = `${name}: `;
  const cause = error === null ? undefined : describeFailure(error).causes.find((text) => text.startsWith(start));
  return cause?.slice(start.length) ?? null;
};
