import { DataTable } from './data-table.tsx';

export interface Change {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** Whose it is, where one table tells of several. */
  readonly where?: string;
}

/** A difference, line by line: what, from, to. What will be is the stronger word. */
export const ChangesTable = ({
  changes,
  caption,
}: {
  readonly changes: readonly Change[];
  readonly caption: string;
}) => (
  <DataTable
    caption={caption}
    rows={changes}
    rowKey={({ where, what }) => `${where} ${what}`}
    columns={[
      ...(changes.some(({ where }) => where !== undefined)
        ? [{ key: 'where', head: 'For', cell: ({ where }: Change) => where }]
        : []),
      { key: 'what', head: 'Setting', cell: ({ what }) => what },
      { key: 'from', head: 'From', cell: ({ from }) => from },
      { key: 'to', head: 'To', cell: ({ to }) => <strong>{to}</strong> },
    ]}
  />
);
