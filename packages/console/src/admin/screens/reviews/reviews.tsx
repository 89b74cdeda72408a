import type { ReviewCampaignAnswer } from '@sallyport/client/answers';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { Word } from '../../ui/word.tsx';
import { ReviewForm } from './review-form.tsx';
import { decidedOf, REVIEWS, STATUS_WORDS } from './review-words.ts';

const COLUMNS: readonly Column<ReviewCampaignAnswer>[] = [
  {
    key: 'name',
    head: 'Review',
    cell: ({ id, name, kinds }) => (
      <span>
        <GoTo href={`/reviews/${id}`}>{name}</GoTo>
        <br />
        <span className="sp-quiet">{kinds.map(({ words }) => words).join(', ')}</span>
      </span>
    ),
  },
  {
    key: 'status',
    head: 'Status',
    cell: ({ status, remark }) => (
      <span>
        <Word tone={STATUS_WORDS[status][0]}>{STATUS_WORDS[status][1]}</Word>
        {remark !== null && (
          <>
            <br />
            <span className="sp-quiet">{remark}</span>
          </>
        )}
      </span>
    ),
  },
  {
    key: 'mine',
    head: 'Wait for you',
    isNumeric: true,
    cell: ({ counts, status }) => (status === 'ACTIVE' ? counts.waitingForMe : ''),
  },
  {
    key: 'decided',
    head: 'Decided',
    isNumeric: true,
    cell: (review) => (review.status === 'SCHEDULED' ? '' : `${decidedOf(review)} of ${review.counts.items}`),
  },
  {
    key: 'revoked',
    head: 'Revoked',
    isNumeric: true,
    cell: ({ counts, status }) => (status === 'SCHEDULED' ? '' : counts.revoked),
  },
  {
    key: 'ends',
    head: 'Time',
    cell: ({ status, startsAt, endsAt, repeats }) => (
      <span>
        {status === 'SCHEDULED' ? 'begins ' : status === 'ACTIVE' ? 'ends ' : 'ended '}
        <Instant at={status === 'SCHEDULED' ? startsAt : endsAt} />
        {repeats !== null && <span className="sp-quiet">, repeats</span>}
      </span>
    ),
  },
];

/** Are we on time, and what waits for me? */
export const Reviews = () => {
  const client = useQueryClient();
  const mayManage = useMay('okta.governance.accessCertifications.manage');
  const [isMaking, setIsMaking] = useState(false);
  const query = useList<ReviewCampaignAnswer>(REVIEWS);
  return (
    <Page
      title="Reviews"
      lead="Do people still need what they have? Somebody else answers for each, and what is revoked is taken at once."
      tools={
        mayManage && (
          <ProtectedButton action="campaign.create" onClick={() => setIsMaking(true)}>
            Plan a review…
          </ProtectedButton>
        )
      }
      command={<CliFor command="sallyport campaign list" />}
    >
      <QueryView query={query} what="the reviews">
        {(reviews) =>
          reviews.length === 0 ? (
            <Empty
              title={mayManage ? 'No review was planned yet' : 'You are asked in no review'}
              command="sallyport campaign list"
            >
              A review asks people whether others still need their admin roles, memberships, tokens and service apps,
              and whether break-glass accounts are as they should be.
            </Empty>
          ) : (
            <div className="sp-stack">
              <DataTable caption="Reviews" columns={COLUMNS} rows={reviews} rowKey={({ id }) => id} />
              <More query={query} count={reviews.length} what={reviews.length === 1 ? 'review' : 'reviews'} />
            </div>
          )
        }
      </QueryView>
      {isMaking && (
        <ReviewForm
          onClose={() => setIsMaking(false)}
          onDone={(name) => {
            setIsMaking(false);
            toast(`“${name}” is planned, and begins by itself.`);
            void client.invalidateQueries({ queryKey: [REVIEWS] });
          }}
        />
      )}
    </Page>
  );
};
