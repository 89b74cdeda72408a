import { DataTable } from '../../ui/data-table.tsx';
import type { SettingChange } from './setting-draft.ts';
import { settingWords } from './setting-words.ts';

const wordsOf = (value: SettingChange['to']): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : settingWords(value);

/** A difference, line by line: which action, from, to. */
export const ChangesTable = ({
  changes,
  caption,
}: {
  readonly changes: readonly SettingChange[];
  readonly caption: string;
}) => (
  <DataTable
    caption={caption}
    rows={changes}
    rowKey={({ action }) => action}
    columns={[
      { key: 'what', head: 'Action', cell: ({ words }) => words ?? 'Everything that may be switched off' },
      { key: 'from', head: 'From', cell: ({ from }) => wordsOf(from) },
      { key: 'to', head: 'To', cell: ({ to }) => <strong>{wordsOf(to)}</strong> },
    ]}
  />
);
