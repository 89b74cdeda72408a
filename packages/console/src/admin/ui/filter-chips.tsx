import { CloseButton } from '@mantine/core';

/** What the list was asked for, each part removable. Shows what was sent, not what was typed. */
export const FilterChips = ({
  chips,
  onRemove,
}: {
  readonly chips: readonly { readonly key: string; readonly text: string }[];
  readonly onRemove: (key: string) => void;
}) =>
  chips.length === 0 ? null : (
    <ul className="sp-chips" aria-label="Filters">
      {chips.map(({ key, text }) => (
        <li key={key} className="sp-chip">
          {text}
          <CloseButton size="sm" aria-label={`Remove filter ${text}`} onClick={() => onRemove(key)} />
        </li>
      ))}
    </ul>
  );
