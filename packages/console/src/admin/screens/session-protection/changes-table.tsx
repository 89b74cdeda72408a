import { DataTable } from '../../ui/data-table.tsx';
import { AXIS_WORDS, modeLabel } from './mode-words.ts';
import type { BindingChange } from './protection-types.ts';

/** A difference, line by line: where, what, from, to. */
export const ChangesTable = ({
  changes,
  labelOf,
  caption,
}: {
  readonly changes: readonly BindingChange[];
  readonly labelOf: (app: string) => string;
  readonly caption: string;
}) => (
  <DataTable
    caption={caption}
    rows={changes}
    rowKey={({ app, axis }) => `${app} ${axis}`}
    columns={[
      { key: 'where', head: 'For', cell: ({ app }) => (app === null ? 'The org' : labelOf(app)) },
      { key: 'what', head: 'Setting', cell: ({ axis }) => AXIS_WORDS[axis] },
      { key: 'from', head: 'From', cell: ({ from }) => modeLabel(from) },
      { key: 'to', head: 'To', cell: ({ to }) => <strong>{modeLabel(to)}</strong> },
    ]}
  />
);
