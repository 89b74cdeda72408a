import { CloseButton } from '@mantine/core';

/** What the list was asked for, or what was chosen, each part removable. Shows what was sent, not what was typed. */
export const FilterChips = ({
  chips,
  onRemove,
  label = 'Filters',
  removeLabel = 'Remove filter',
}: {
  readonly chips: readonly { readonly key: string; readonly text: string }[];
  readonly onRemove: (key: string) => void;
  readonly label?: string;
  readonly removeLabel?: string;
}) =>
  chips.length === 0 ? null : (
    <ul className="sp-chips" aria-label={label}>
      {chips.map(({ key, text }) => (
        <li key={key} className="sp-chip">
          {text}
          <CloseButton size="sm" aria-label={`${removeLabel} ${text}`} onClick={() => onRemove(key)} />
        </li>
      ))}
    </ul>
  );
