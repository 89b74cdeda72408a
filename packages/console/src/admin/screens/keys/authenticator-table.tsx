import type { ReactNode } from 'react';
import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Word } from '../../ui/word.tsx';
import type { Authenticator } from './authenticator.ts';

const Kind = ({ kind, isDeviceBound }: Authenticator) => {
  if (kind === 'totp') return <Word tone="warn">one-time code</Word>;
  return isDeviceBound ? <Word tone="good">stays on the device</Word> : <Word tone="warn">synced</Word>;
};

const attestation = ({ kind, isAttested }: Authenticator): string => {
  if (kind === 'totp') return 'none';
  return isAttested ? 'attested' : 'claimed';
};

/** Authenticators of one person, and what can be done with each. */
export const AuthenticatorTable = ({
  caption,
  rows,
  actions,
}: {
  readonly caption: string;
  readonly rows: readonly Authenticator[];
  /** Null where the reader can do nothing with them. */
  readonly actions: ((row: Authenticator) => ReactNode) | null;
}) => (
  <DataTable
    caption={caption}
    rows={rows}
    rowKey={({ id }) => id}
    columns={[
      { key: 'name', head: 'Name', cell: ({ name }) => name },
      { key: 'kind', head: 'Kind', cell: (row) => <Kind {...row} /> },
      { key: 'attested', head: 'Attestation', cell: attestation },
      {
        key: 'qualifies',
        head: 'Opens the console',
        cell: ({ qualifies, whyNot }) =>
          qualifies ? (
            <Word tone="good">yes</Word>
          ) : (
            <>
              <Word tone="warn">no</Word> <span className="sp-quiet">{whyNot}</span>
            </>
          ),
      },
      { key: 'created', head: 'Enrolled', isNumeric: true, cell: ({ createdAt }) => <Instant at={createdAt} /> },
      {
        key: 'used',
        head: 'Last used',
        isNumeric: true,
        cell: ({ lastUsedAt }) => <Instant at={lastUsedAt} as="relative" />,
      },
      ...(actions === null ? [] : [{ key: 'actions', head: 'Actions', cell: actions }]),
    ]}
  />
);
