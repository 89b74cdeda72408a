import { Button } from '@mantine/core';
import type { GrantAnswer } from '@sallyport/client/answers';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../../frame/me.ts';
import { useAhead } from '../../frame/server-time.ts';
import { type Column, DataTable } from '../data-table.tsx';
import { GoTo } from '../go-to.tsx';
import { Countdown, Instant } from '../instant.tsx';
import { Word } from '../word.tsx';
import { EndGrantDialog } from './end-grant-dialog.tsx';
import { ExtendLink } from './extend-link.tsx';
import { END_WORDS, kindWords, nameOfGrant, STATUS_WORDS } from './grant-words.ts';

const isMaintenance = ({ entitlement }: GrantAnswer): boolean => entitlement.kind === 'service-account';

/** Who has what until when, and on what ground; and the way to end it. */
export const GrantTable = ({
  caption,
  grants,
  isOwn,
  mayEnd,
}: {
  readonly caption: string;
  readonly grants: readonly GrantAnswer[];
  /** All of one person, who reads it, or answers for it: nobody has to be named. */
  readonly isOwn: boolean;
  readonly mayEnd: boolean;
}) => {
  const client = useQueryClient();
  const me = useMe();
  /** Whoever has something asks for more of it; of a service account whoever asked. */
  const isAskedByMe = ({ askedBy }: GrantAnswer): boolean => askedBy !== null && askedBy.id === me?.user.id;
  const isToExtend = (grant: GrantAnswer): boolean => !isMaintenance(grant) || isAskedByMe(grant);
  const ahead = useAhead();
  const [asked, setAsked] = useState<GrantAnswer | null>(null);
  const here = (at: string): number => Date.parse(at) + ahead;
  const who: Column<GrantAnswer> = {
    key: 'who',
    head: 'Who',
    cell: ({ user }) => (
      <span className="sp-two">
        <span className="sp-strong">{user.name}</span>
        <span className="sp-quiet">{user.login}</span>
      </span>
    ),
  };
  const end: Column<GrantAnswer> = {
    key: 'end',
    head: 'End',
    cell: (grant) =>
      grant.status === 'ended' ? null : (
        <span className="sp-actions">
          {isOwn && grant.status === 'active' && isToExtend(grant) && (
            <ExtendLink id={grant.id} name={grant.entitlement.name} />
          )}
          <Button
            size="xs"
            color="red"
            variant="outline"
            aria-label={`End now: ${nameOfGrant(grant.entitlement.kind, grant.entitlement.name)}${isOwn || isMaintenance(grant) ? '' : ` of ${grant.user.name}`}…`}
            onClick={() => setAsked(grant)}
          >
            End now…
          </Button>
        </span>
      ),
  };
  const columns: readonly Column<GrantAnswer>[] = [
    ...(isOwn ? [] : [who]),
    {
      key: 'what',
      head: 'What',
      cell: (grant) => (
        <span className="sp-two">
          <span className="sp-strong">{grant.entitlement.name}</span>
          <span className="sp-quiet">
            {kindWords(grant)}
            {isOwn && isMaintenance(grant) && !isAskedByMe(grant) && grant.askedBy !== null && (
              <>, asked for by {grant.askedBy.login ?? 'somebody who was deleted'}</>
            )}
          </span>
        </span>
      ),
    },
    {
      key: 'status',
      head: 'Status',
      cell: ({ status }) => <Word tone={STATUS_WORDS[status][0]}>{STATUS_WORDS[status][1]}</Word>,
    },
    {
      key: 'until',
      head: 'Until, or ended',
      isNumeric: true,
      cell: ({ status, startsAt, powerEndsAt, endedAt, endReason, endedBy }) =>
        status === 'active' ? (
          <Countdown until={here(powerEndsAt)} />
        ) : status === 'scheduled' ? (
          <span>
            from <Instant at={here(startsAt)} />
          </span>
        ) : (
          <span>
            <Instant at={endedAt} />{' '}
            <span className="sp-quiet">
              {endReason !== null && END_WORDS[endReason]}
              {endReason === 'ended-by-admin' && endedBy !== null && ` (${endedBy})`}
            </span>
          </span>
        ),
    },
    {
      key: 'reason',
      head: 'Reason',
      cell: ({ reason, source }) => (
        <span className="sp-two">
          <span>{reason}</span>
          {source.kind === 'request' && <GoTo href={`/requests/${source.id}`}>see the request</GoTo>}
        </span>
      ),
    },
    ...(mayEnd ? [end] : []),
  ];
  return (
    <>
      <DataTable caption={caption} rows={grants} rowKey={({ id }) => id} columns={columns} />
      {asked !== null && (
        <EndGrantDialog
          id={asked.id}
          kind={asked.entitlement.kind}
          name={asked.entitlement.name}
          who={isOwn ? null : asked.user.name}
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            void client.invalidateQueries();
          }}
        />
      )}
    </>
  );
};
