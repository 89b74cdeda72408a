import { NativeSelect, TextInput } from '@mantine/core';
import type { LengthDraft, LengthUnit } from './length.ts';

const OFFERED: readonly LengthUnit[] = ['minutes', 'hours', 'days'];

/** How long: a number and its unit. */
export const LengthField = ({
  label,
  value,
  error = null,
  onChange,
}: {
  readonly label: string;
  readonly value: LengthDraft;
  readonly error?: string | null;
  readonly onChange: (value: LengthDraft) => void;
}) => (
  <div className="sp-length">
    <TextInput
      label={label}
      inputMode="numeric"
      value={value.count}
      maxLength={7}
      required
      error={error}
      onChange={(event) => onChange({ ...value, count: event.currentTarget.value })}
    />
    <NativeSelect
      label="Unit"
      aria-label={`${label}: unit`}
      value={value.unit}
      data={OFFERED.includes(value.unit) ? [...OFFERED] : [value.unit, ...OFFERED]}
      onChange={(event) => onChange({ ...value, unit: event.currentTarget.value as LengthUnit })}
    />
  </div>
);
