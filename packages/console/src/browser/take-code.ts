/** The code of a link stands behind `#`, which browsers never send; taken out of the address bar, so that no history keeps it. */
export const takeCode = (): string => {
  const found = new URLSearchParams(location.hash.slice(1)).get('code') ?? '';
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  return found;
};
