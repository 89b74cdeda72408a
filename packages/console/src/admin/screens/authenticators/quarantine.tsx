import type { QuarantineAnswer, QuarantineHolderAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Word } from '../../ui/word.tsx';

/** People with keys that are not taken, the keys and why. */
export const HoldersTable = ({
  holders,
  caption,
}: {
  readonly holders: readonly QuarantineHolderAnswer[];
  readonly caption: string;
}) => (
  <DataTable
    caption={caption}
    rows={holders.flatMap((holder) => holder.keys.map((key) => ({ ...holder, key })))}
    rowKey={({ key }) => key.id}
    columns={[
      {
        key: 'who',
        head: 'Person',
        cell: ({ user, isAdmin, isSuperAdmin }) => (
          <span className="sp-two">
            <span>{user.name}</span>
            <span className="sp-quiet">
              {user.login}
              {isSuperAdmin ? ' · super admin' : isAdmin ? ' · administrator' : ''}
            </span>
          </span>
        ),
      },
      { key: 'key', head: 'Key', cell: ({ key }) => key.name },
      { key: 'why', head: 'Why it is not taken', cell: ({ key }) => key.why.join(' ') },
      {
        key: 'other',
        head: 'Other keys',
        cell: ({ otherKeys }) =>
          otherKeys === 0 ? <Word tone="bad">none</Word> : <Word tone="good">{otherKeys}</Word>,
      },
      {
        key: 'used',
        head: 'Last used',
        isNumeric: true,
        cell: ({ key }) => (key.lastUsedAt === null ? 'never' : <Instant at={key.lastUsedAt} />),
      },
    ]}
  />
);

const LISTED_MAX = 10;

/** The same in few words, for a dialog: who, and why. */
export const HoldersList = ({ holders }: { readonly holders: readonly QuarantineHolderAnswer[] }) => (
  <ul className="sp-stack">
    {holders.slice(0, LISTED_MAX).map(({ user, isSuperAdmin, isAdmin, otherKeys, keys }) => (
      <li key={user.id}>
        <strong>{user.name}</strong> ({user.login}
        {isSuperAdmin ? ', super admin' : isAdmin ? ', administrator' : ''}),{' '}
        {otherKeys === 0 ? <strong>no other key</strong> : `${otherKeys} other`}: {keys[0]?.why.join(' ')}
      </li>
    ))}
    {holders.length > LISTED_MAX && <li>… and {holders.length - LISTED_MAX} more</li>}
  </ul>
);

/** Keys that are registered and that today's settings do not take. */
export const Quarantine = () => {
  const query = useQuery({
    queryKey: ['authenticators', 'quarantine'],
    queryFn: () => get<QuarantineAnswer>('/sallyport/v1/authenticators/quarantine'),
  });
  return (
    <Section title="Keys that are not taken any more">
      <QueryView query={query} what="the keys" rows={2}>
        {({ summary, holders, people }) => (
          <div className="sp-stack">
            <p>
              {people === 0 ? <Word tone="good">{summary}</Word> : <strong>{summary}</strong>}
              {people > 0 && ' Whoever has no other key needs an enrolment link from you.'}
            </p>
            {holders.length > 0 && <HoldersTable holders={holders} caption="Keys that are not taken any more" />}
            <CliFor command="sallyport authenticator quarantine" />
          </div>
        )}
      </QueryView>
    </Section>
  );
};
