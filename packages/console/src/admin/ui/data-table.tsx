import { type KeyboardEvent, type ReactNode, useRef } from 'react';

export interface Column<T> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: T) => ReactNode;
  /** Numbers and instants line up at the right. */
  readonly isNumeric?: boolean;
}

/**
 * A real table with a caption; on a narrow screen each row becomes a card with the same labels. `j`/`k` or the arrows
 * move between rows that can be opened, `Enter` opens.
 */
export const DataTable = <T,>({
  caption,
  columns,
  rows,
  rowKey,
  onOpen,
  onRowKey,
  isCurrent,
}: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  /** Keys of a row that has the focus; true where the key did something. */
  readonly onRowKey?: (key: string, row: T) => boolean;
  readonly isCurrent?: (row: T) => boolean;
}) => {
  const body = useRef<HTMLTableSectionElement>(null);
  const move = (from: HTMLElement, step: number): void => {
    const all = [...(body.current?.rows ?? [])];
    const to = all[all.findIndex((row) => row.contains(from)) + step];
    to?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, row: T): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (onRowKey?.(event.key, row) === true) {
      event.preventDefault();
      return;
    }
    if (step === undefined && event.key !== 'Enter' && event.key !== 'o') return;
    event.preventDefault();
    if (step === undefined) onOpen?.(row);
    else move(event.currentTarget, step);
  };
  return (
    <div className="sp-table-place">
      <table className="sp-table">
        <caption className="sp-unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, head, isNumeric }) => (
              <th key={key} scope="col" className={isNumeric ? 'numeric' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={onOpen === undefined ? undefined : 'opens'}
              tabIndex={onOpen === undefined && onRowKey === undefined ? undefined : 0}
              aria-current={isCurrent?.(row) || undefined}
              onKeyDown={(event) => onKeyDown(event, row)}
              onClick={(event) => {
                const isControl = (event.target as Element).closest('a, button, input, label, code') !== null;
                if (!isControl && getSelection()?.isCollapsed !== false) onOpen?.(row);
              }}
            >
              {columns.map(({ key, head, cell, isNumeric }) => (
                <td key={key} data-label={head} className={isNumeric ? 'numeric' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
