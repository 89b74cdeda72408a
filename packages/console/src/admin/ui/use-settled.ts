import { useEffect, useState } from 'react';

const SETTLED_MS = 400;

/** A value as it was when it last rested: what is asked of the server while somebody types is asked of this one. */
export const useSettled = <T>(value: T): T => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
};
