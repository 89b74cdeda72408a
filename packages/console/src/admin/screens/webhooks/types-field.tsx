import { Checkbox } from '@mantine/core';
import { SHORT_WORDS, TYPE_HEADS, TYPE_WORDS, TYPES, type WebhookType } from './webhook-answer.ts';

/** What a webhook is told of, kind by kind. */
export const TypesField = ({
  types,
  error,
  onChange,
}: {
  readonly types: readonly WebhookType[];
  readonly error: string | null;
  readonly onChange: (types: readonly WebhookType[]) => void;
}) => (
  <fieldset className="sp-picker">
    <legend>
      Told of ({types.length} of {TYPES.length})
    </legend>
    <p className="sp-quiet">Ids, kinds, times and where to look. Alarms wait for nothing else.</p>
    {/* What is told later must be in a region that was there before (WCAG 4.1.3). */}
    <div role="status">
      {(error !== null || types.length === 0) && (
        <p className="sp-picker-error">{error ?? 'Choose at least one: what is told of nothing can be paused.'}</p>
      )}
    </div>
    {Object.entries(TYPE_HEADS).map(([of, head]) => (
      <section key={of} aria-label={head} className="sp-told">
        <h3>{head}</h3>
        {TYPES.filter((type) => type.startsWith(`${of}.`)).map((type) => (
          <Checkbox
            key={type}
            label={SHORT_WORDS[type]}
            aria-label={TYPE_WORDS[type]}
            checked={types.includes(type)}
            onChange={({ currentTarget: { checked } }) =>
              onChange(TYPES.filter((one) => (one === type ? checked : types.includes(one))))
            }
          />
        ))}
      </section>
    ))}
  </fieldset>
);
