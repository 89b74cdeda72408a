import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { localInput, utcWords } from '../../ui/time-words.ts';
import { instantsOf, PRESETS, type Range } from './log-url.ts';

/** Which time is looked at: a preset, or from one instant to another. The same as dragging on the chart. */
export const RangePicker = ({
  range,
  onChange,
}: {
  readonly range: Range;
  readonly onChange: (range: Range) => void;
}) => {
  const now = Date.now();
  const { since, until } = instantsOf(range, now);
  const [from, setFrom] = useState(localInput(Date.parse(since)));
  const [to, setTo] = useState(localInput(Date.parse(until)));
  const key = range.kind === 'between' ? `${range.since} ${range.until}` : `last ${range.seconds}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another range replaces what is being typed
  useEffect(() => {
    setFrom(localInput(Date.parse(since)));
    setTo(localInput(Date.parse(until)));
  }, [key]);
  const [fromAt, toAt] = [Date.parse(from), Date.parse(to)];
  const isRange = fromAt < toAt;
  const isPreset = range.kind === 'last' && PRESETS.some(({ seconds }) => seconds === range.seconds);
  return (
    <form
      className="log-range"
      aria-label="Time range"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRange)
          onChange({ kind: 'between', since: new Date(fromAt).toISOString(), until: new Date(toAt).toISOString() });
      }}
    >
      <NativeSelect
        label="Range"
        value={isPreset ? String(range.seconds) : 'own'}
        data={[
          ...PRESETS.map(({ seconds, words }) => ({ value: String(seconds), label: words })),
          { value: 'own', label: 'From … to …', disabled: isPreset },
        ]}
        onChange={(event) => {
          const seconds = Number(event.currentTarget.value);
          if (seconds > 0) onChange({ kind: 'last', seconds });
        }}
      />
      <TextInput
        type="datetime-local"
        step={1}
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
        error={isRange ? undefined : 'must be before “to”'}
      />
      <TextInput
        type="datetime-local"
        step={1}
        label="To"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!isRange}>
        Show
      </Button>
      <p className="sp-quiet log-utc">{isRange ? `${utcWords(fromAt)} to ${utcWords(toAt)}` : 'In UTC: not a range'}</p>
    </form>
  );
};
