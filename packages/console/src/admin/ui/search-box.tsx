import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

const WAIT_MS = 250;

/** Narrows a list while one types; `/` comes here. The value that counts is the one in the address. */
export const SearchBox = ({
  label,
  value,
  onChange,
  onEnter,
  doneWith,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Inside a form: what Enter does in place of sending it; given what stands in the field, of which `onChange` may not have told yet. */
  readonly onEnter?: (typed: string) => void;
  /** When it changes, what was typed has served, also what `onChange` was not told of yet. */
  readonly doneWith?: string;
}) => {
  const [typed, setTyped] = useState(value);
  // Back, or a removed chip, changes the address without this field.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change itself is what counts
  useEffect(() => setTyped(value), [value, doneWith]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), WAIT_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <TextInput
      data-search
      type="search"
      label={label}
      value={typed}
      maxLength={100}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || onEnter === undefined) return;
        event.preventDefault();
        onEnter(typed);
      }}
    />
  );
};
