import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

const WAIT_MS = 250;

/** Narrows a list while one types; `/` comes here. The value that counts is the one in the address. */
export const SearchBox = ({
  label,
  value,
  onChange,
  onEnter,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Inside a form: what Enter does in place of sending it; given what stands in the field, of which `onChange` may not have told yet. */
  readonly onEnter?: (typed: string) => void;
}) => {
  const [typed, setTyped] = useState(value);
  // Back, or a removed chip, changes the address without this field.
  useEffect(() => setTyped(value), [value]);
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
