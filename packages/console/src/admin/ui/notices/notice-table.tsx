import type { ReactNode } from 'react';
import { DataTable } from '../data-table.tsx';
import { Word } from '../word.tsx';
import type { Notice } from './notices.ts';

/** Mails that can be switched off, and whether they come; without a switch for whoever may only look. */
export const NoticeTable = ({
  caption,
  notices,
  change,
}: {
  readonly caption: string;
  readonly notices: readonly Notice[];
  /** The switch of one. */
  readonly change: ((notice: Notice) => ReactNode) | null;
}) => (
  <DataTable
    caption={caption}
    rows={notices}
    rowKey={({ type }) => type}
    columns={[
      { key: 'words', head: 'When', cell: ({ words }) => words },
      {
        key: 'on',
        head: 'Mail',
        cell: ({ isOn }) => <Word tone={isOn ? 'good' : 'quiet'}>{isOn ? 'on' : 'off'}</Word>,
      },
      ...(change === null ? [] : [{ key: 'change', head: 'Change', cell: change }]),
    ]}
  />
);
