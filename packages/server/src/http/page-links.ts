/** `Link` headers of a list, one line each: `self` always, `next` where there is more. Absolute, for clients follow them as they are. */
export const pageLinks = (
  origin: string,
  path: string,
  query: Readonly<Record<string, unknown>>,
  nextAfter: string | null,
): Readonly<Record<string, readonly string[]>> => {
  const url = (changes: Readonly<Record<string, unknown>>): string => {
    const target = new URL(path, origin);
    for (const [key, value] of Object.entries({ ...query, ...changes }))
      if (value !== undefined && value !== null) target.searchParams.set(key, String(value));
    return target.toString();
  };
  return {
    Link: [`<${url({})}>; rel="self"`, ...(nextAfter === null ? [] : [`<${url({ after: nextAfter })}>; rel="next"`])],
  };
};
