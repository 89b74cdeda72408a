import { useState } from 'react';
import type { Named } from './name-picker.tsx';

/** The names of what a picker found, for the ids that were chosen of it; `known` are those that were chosen before. */
export const useFoundNames = (known: readonly { readonly id: string; readonly name: string | null }[]) => {
  const [names, setNames] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(known.map(({ id, name }) => [id, name ?? `${id}, which is gone`])),
  );
  return {
    nameOf: (id: string): string => names[id] ?? id,
    finding: (find: (text: string) => Promise<readonly Named[]>) => async (text: string) => {
      const found = await find(text);
      setNames((before) => ({ ...before, ...Object.fromEntries(found.map(({ id, name }) => [id, name])) }));
      return found;
    },
  };
};
