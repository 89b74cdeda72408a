import type { InboxAnswer } from '@sallyport/client/answers';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { INBOX, useMe, waitingWords } from '../../frame/me.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Countdown } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useList } from '../../ui/use-list.ts';
import { askedByWords } from './approval-answer.ts';

/** Where each is read and answered. */
const PLACES = { request: '/requests', approval: '/approvals', review: '/reviews' } as const;
const hrefOf = ({ kind, id }: InboxAnswer): string => `${PLACES[kind]}/${id}`;

const kindWords = ({ kind, items, isMoreItems }: InboxAnswer): string => {
  const answers = items === 1 ? 'one answer' : `${items}${isMoreItems ? '+' : ''} answers`;
  if (kind === 'review') return `review of access, ${answers} of yours`;
  return kind === 'request' ? 'access for a while' : 'an action that asks for a yes';
};

const COLUMNS: readonly Column<InboxAnswer>[] = [
  {
    key: 'what',
    head: 'What',
    cell: (one) => (
      <span>
        <GoTo href={hrefOf(one)}>{one.words}</GoTo>
        <br />
        <span className="sp-quiet">{kindWords(one)}</span>
      </span>
    ),
  },
  {
    key: 'who',
    head: 'Asked by',
    cell: ({ askedBy, requestedFor, insteadOf }) => (
      <span>
        {askedByWords(askedBy)}
        {requestedFor !== null && requestedFor.id !== askedBy.person?.id && ` for ${requestedFor.name}`}
        {insteadOf !== null && (
          <>
            <br />
            <span className="sp-quiet">you decide in the stead of {insteadOf.name}</span>
          </>
        )}
      </span>
    ),
  },
  { key: 'due', head: 'Answer within', isNumeric: true, cell: ({ dueAt }) => <Countdown until={dueAt} /> },
];

/** The count is asked for again and again; where it is another one, the list is old. */
const useListWithCount = (): void => {
  const client = useQueryClient();
  const counted = waitingWords(useMe());
  const before = useRef(counted);
  useEffect(() => {
    if (before.current === counted) return;
    before.current = counted;
    void client.invalidateQueries({ queryKey: [INBOX] });
  }, [client, counted]);
};

/** All that waits for this person, whatever it is; what runs out first stands first. */
export const Waiting = () => {
  const navigate = useNavigate();
  const query = useList<InboxAnswer>(INBOX);
  useListWithCount();
  return (
    <QueryView query={query} what="what waits for you">
      {(waiting) =>
        waiting.length > 0 ? (
          <div className="sp-stack">
            <DataTable
              caption="What waits for you"
              columns={COLUMNS}
              rows={waiting}
              rowKey={({ id }) => id}
              onOpen={(one) => void navigate({ to: hrefOf(one) as '/' })}
            />
            <More query={query} count={waiting.length} what={waiting.length === 1 ? 'thing waits' : 'things wait'} />
          </div>
        ) : (
          <Empty title="Nothing waits for you">
            Here stands what others ask of you: access for a while, an action of a machine or a person, a review.
          </Empty>
        )
      }
    </QueryView>
  );
};
