import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { ReviewCampaignAnswer, ReviewItemAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Fragment, useRef, useState } from 'react';
import { del, get, post } from '../../api.ts';
import { useNextLook } from '../../frame/live.ts';
import { INBOX, useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { CAMPAIGNS, REVIEWS, requestWords, resultOf, STATUS_WORDS } from './review-words.ts';
import { SealFacts } from './seal-facts.tsx';
import { type Draft, useDrafts } from './use-drafts.ts';

/** As many as one submission holds. */
const SUBMITTED_MAX = 200;
const GO_KEYS_SECONDS = 1.5;
const SUGGESTED = { APPROVE: ['good', 'keep'], REVOKE: ['bad', 'revoke'] } as const;

const noteId = (id: string): string => `note-${id}`;

const Facts = ({ review }: { readonly review: ReviewCampaignAnswer }) => {
  const { counts } = review;
  return (
    <dl className="sp-facts">
      <dt>Status</dt>
      <dd>
        <Word tone={STATUS_WORDS[review.status][0]}>{STATUS_WORDS[review.status][1]}</Word>
        {review.remark !== null && ` ${review.remark}`}
      </dd>
      <dt>Asks about</dt>
      <dd>{review.kinds.map(({ words }) => words).join(', ')}</dd>
      <dt>{review.status === 'SCHEDULED' ? 'Begins' : 'Ends'}</dt>
      <dd>
        {review.status === 'ACTIVE' ? (
          <Countdown until={review.endsAt} />
        ) : (
          <Instant at={review.status === 'SCHEDULED' ? review.startsAt : review.endsAt} />
        )}
      </dd>
      {review.status !== 'SCHEDULED' && (
        <>
          <dt>Items</dt>
          <dd>
            {counts.items} in all: {counts.approved} kept, {counts.revoked} revoked, {counts.unanswered} without an
            answer{counts.failed > 0 && `; ${counts.failed} could not be taken`}
          </dd>
        </>
      )}
      <dt>Without an answer</dt>
      <dd>
        {review.noResponse === 'DENY'
          ? 'it is taken at the end, and can be given back for seven days'
          : 'everybody keeps what they have'}
        {review.noResponse === 'DENY' &&
          review.kinds.some(({ kind }) => kind === 'BREAK_GLASS') &&
          '; a break-glass account stays, and is to be sealed anew or retired'}
      </dd>
      {review.reportSha256 !== null && (
        <>
          <dt>SHA-256 of the report</dt>
          <dd>
            <code className="sp-wraps">{review.reportSha256}</code>
            <br />
            <span className="sp-quiet">It stands in the System Log, too.</span>
          </dd>
        </>
      )}
      <dt>Id</dt>
      <dd>
        <CopyId id={review.id} />
      </dd>
    </dl>
  );
};

const Decide = ({
  item,
  draft,
  onChange,
}: {
  readonly item: ReviewItemAnswer;
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}) => {
  const about = `${item.resource.name} of ${item.subject.name}`;
  const choose = (decision: 'APPROVE' | 'REVOKE') =>
    onChange({ decision: draft.decision === decision ? null : decision });
  return (
    <div className="sp-stack">
      <span className="sp-actions">
        {(
          [
            ['APPROVE', 'Keep', 'blue'],
            ['REVOKE', 'Revoke', 'red'],
          ] as const
        ).map(([decision, label, color]) => (
          <Button
            key={decision}
            size="xs"
            color={color}
            variant={draft.decision === decision ? 'filled' : 'default'}
            aria-pressed={draft.decision === decision}
            aria-label={`${label}: ${about}`}
            onClick={() => choose(decision)}
          >
            {label}
          </Button>
        ))}
      </span>
      <TextInput
        id={noteId(item.id)}
        size="xs"
        aria-label={`Why, for ${about}`}
        placeholder="Why"
        maxLength={300}
        value={draft.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
      {item.kind === 'BREAK_GLASS' && (
        <span className="sp-quiet">Revoked, nothing is taken: it is to be sealed anew, or retired.</span>
      )}
    </div>
  );
};

const Result = ({ item, onRestore }: { readonly item: ReviewItemAnswer; readonly onRestore: () => void }) => {
  const [tone, words] = resultOf(item);
  const last = item.answers.at(-1);
  return (
    <div className="sp-stack">
      <span>
        <Word tone={tone}>{words}</Word>
        {item.remediation.sentence !== null && <span className="sp-quiet"> {item.remediation.sentence}</span>}
      </span>
      {last !== undefined && (
        <span className="sp-quiet">
          {last.by}, <Instant at={last.at} as="relative" />
          {last.note !== null && `: “${last.note}”`}
        </span>
      )}
      {item.decision === null && !item.isUnanswered && <span className="sp-quiet">{item.decide.sentence}</span>}
      {item.decision === null && !item.isUnanswered && (
        <span className="sp-quiet">
          {item.reviewers.length === 0
            ? 'Nobody is asked: everybody who could be is the person themselves, or tied to them.'
            : `Asked: ${item.reviewers.map(({ name }) => name).join(', ')}`}
        </span>
      )}
      {item.restorableUntil !== null && (
        <span>
          {item.restore.isAllowed ? (
            <ProtectedButton
              action="review.restore"
              size="xs"
              variant="default"
              aria-label={`Give back ${item.resource.name} to ${item.subject.name}…`}
              onClick={onRestore}
            >
              Give back…
            </ProtectedButton>
          ) : (
            <span className="sp-quiet">{item.restore.sentence}</span>
          )}{' '}
          <span className="sp-quiet">
            until <Instant at={item.restorableUntil} />
          </span>
        </span>
      )}
    </div>
  );
};

type Asking =
  | { readonly kind: 'launch' | 'end' | 'delete' }
  | { readonly kind: 'restore'; readonly item: ReviewItemAnswer }
  | null;

/** Keep or revoke? Decisions are drafts until they are submitted with one touch of the key. */
const Items = ({
  review,
  onRestore,
  refresh,
}: {
  readonly review: ReviewCampaignAnswer;
  readonly onRestore: (item: ReviewItemAnswer) => void;
  readonly refresh: () => Promise<void>;
}) => {
  const { search, set } = useUrlState();
  const maySeeAll = useMay('okta.governance.accessCertifications.read');
  const view = search['view'] ?? (review.counts.waitingForMe > 0 || !maySeeAll ? 'mine' : 'all');
  const { drafts, of, change, changeMany, drop } = useDrafts(review.id);
  const [noteForAll, setNoteForAll] = useState('');
  const wentAt = useRef(Number.NEGATIVE_INFINITY);
  const query = useList<ReviewItemAnswer>(`${REVIEWS}/${encodeURIComponent(review.id)}/items`, {
    show: view === 'mine' ? 'mine' : 'all',
    ...(view === 'taken' ? { state: 'taken' } : {}),
  });
  const chosen = Object.entries(drafts).flatMap(([id, { decision, note }]) =>
    decision === null ? [] : [{ id, decision, note: note.trim() }],
  );
  const batch = chosen.slice(0, SUBMITTED_MAX);
  const missing = review.needsNote && noteForAll.trim() === '' ? batch.filter(({ note }) => note === '').length : 0;
  const submit = useMutation({
    mutationFn: () =>
      post<{ readonly decided: number }>(`${REVIEWS}/${encodeURIComponent(review.id)}/decisions`, {
        decisions: batch.map(({ id, decision, note }) => {
          const why = note === '' ? noteForAll.trim() : note;
          return { reviewId: id, decision, ...(why === '' ? {} : { note: why }) };
        }),
      }),
    onSuccess: async ({ decided }) => {
      drop(batch.map(({ id }) => id));
      setNoteForAll('');
      toast(decided === 1 ? 'One decision counts.' : `${decided} decisions count.`);
      await refresh();
    },
    // Somebody else may have decided meanwhile.
    onError: refresh,
  });
  const onRowKey = (key: string, item: ReviewItemAnswer): boolean => {
    const now = performance.now();
    const isGoing = (now - wentAt.current) / 1000 < GO_KEYS_SECONDS;
    wentAt.current = key === 'g' ? now : Number.NEGATIVE_INFINITY;
    if (isGoing || !item.decide.isAllowed) return false;
    if (key === 'a') change(item.id, { decision: 'APPROVE' });
    else if (key === 'r') change(item.id, { decision: 'REVOKE' });
    else if (key === 'u') change(item.id, { decision: null });
    else if (key === 'n') document.getElementById(noteId(item.id))?.focus();
    else return false;
    return true;
  };
  const columns: readonly Column<ReviewItemAnswer>[] = [
    {
      key: 'who',
      head: 'Who',
      cell: ({ subject, subjectIsActive }) => (
        <span>
          <span className="sp-strong">{subject.name}</span>
          {!subjectIsActive && <span className="sp-quiet"> (not active)</span>}
        </span>
      ),
    },
    {
      key: 'what',
      head: 'Has',
      cell: ({ resource, kindWords, gives }) => (
        <span>
          {resource.name}
          <br />
          <span className="sp-quiet">
            {kindWords}
            {gives.length > 0 && gives.join(', ') !== resource.name && `: ${gives.slice(0, 4).join(', ')}`}
            {gives.length > 4 && ` and ${gives.length - 4} more`}
          </span>
        </span>
      ),
    },
    {
      key: 'given',
      head: 'Given',
      cell: ({ grantedAt, grantedBy, how }) => (
        <span>
          {grantedAt === null ? 'unknown' : <Instant at={grantedAt} as="relative" />}
          {grantedBy !== null && ` by ${grantedBy}`}
          <br />
          <span className="sp-quiet">{how}</span>
        </span>
      ),
    },
    {
      key: 'used',
      head: 'Last used',
      cell: ({ lastUsedAt, usedDays, lastSignInAt, seal, findings, requests }) => (
        <span>
          {lastUsedAt === null ? 'no use is known' : <Instant at={lastUsedAt} as="relative" />}
          {usedDays !== null && usedDays > 0 && `, on ${usedDays} of 90 days`}
          <br />
          {seal === null ? (
            <span className="sp-quiet">
              {lastSignInAt === null ? (
                'never signed in'
              ) : (
                <>
                  signed in <Instant at={lastSignInAt} as="relative" />
                </>
              )}
            </span>
          ) : (
            <SealFacts seal={seal} />
          )}
          {findings.map(({ kind, words, count, lastAt }) => (
            <Fragment key={kind}>
              <br />
              <Word tone={kind === 'ROAMED' ? 'quiet' : 'warn'}>{count === 1 ? 'once' : `${count} times`}</Word> {words}
              , <Instant at={lastAt} as="relative" />
            </Fragment>
          ))}
          {requests !== null && requests.asked > 0 && (
            <>
              <br />
              <span className="sp-quiet">{requestWords(requests)}</span>
            </>
          )}
        </span>
      ),
    },
    {
      key: 'suggestion',
      head: 'Suggestion',
      cell: ({ suggestion: { decision, sentence } }) => (
        <span>
          {decision === null ? (
            <Word tone="quiet">none</Word>
          ) : (
            <Word tone={SUGGESTED[decision][0]}>{SUGGESTED[decision][1]}</Word>
          )}
          <br />
          <span className="sp-quiet">{sentence}</span>
        </span>
      ),
    },
    {
      key: 'decide',
      head: 'Decision',
      cell: (item) =>
        item.decide.isAllowed ? (
          <Decide item={item} draft={of(item.id)} onChange={(one) => change(item.id, one)} />
        ) : (
          <Result item={item} onRestore={() => onRestore(item)} />
        ),
    },
  ];
  return (
    <Section title="Items">
      <search className="sp-filters">
        <NativeSelect
          label="Show"
          data={[
            { value: 'mine', label: 'what I am asked about' },
            ...(maySeeAll
              ? [
                  { value: 'all', label: 'all' },
                  { value: 'taken', label: 'what was taken' },
                ]
              : []),
          ]}
          value={view}
          onChange={(event) => set({ view: event.currentTarget.value })}
        />
      </search>
      <QueryView query={query} what="the items">
        {(items) => {
          const open = items.filter(({ decide }) => decide.isAllowed);
          const asSuggested = open.filter(
            ({ id, kind, suggestion }) =>
              // Each break-glass account is looked at: it is good for not being in use.
              kind !== 'BREAK_GLASS' && suggestion.decision === 'APPROVE' && of(id).decision === null,
          );
          return items.length === 0 ? (
            <Empty title={view === 'mine' ? 'You are asked about nothing here' : 'There is nothing here'}>
              {view === 'mine'
                ? 'Nobody is asked about themselves, or about people they are tied to.'
                : 'Choose another view.'}
            </Empty>
          ) : (
            <div className="sp-stack">
              {open.length > 0 && (
                <p className="sp-actions">
                  {asSuggested.length > 0 && (
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() =>
                        changeMany(
                          asSuggested.map(({ id }) => id),
                          { decision: 'APPROVE' },
                        )
                      }
                    >
                      {asSuggested.length === 1
                        ? 'Keep the one that is in use'
                        : `Keep the ${asSuggested.length} that are in use`}
                    </Button>
                  )}
                  <span className="sp-quiet">
                    On a row: <kbd>a</kbd> keep, <kbd>r</kbd> revoke, <kbd>n</kbd> why, <kbd>u</kbd> undo, <kbd>j</kbd>{' '}
                    <kbd>k</kbd> move. Nothing counts before you submit.
                  </span>
                </p>
              )}
              <DataTable
                caption="Items"
                columns={columns}
                rows={items}
                rowKey={({ id }) => id}
                {...(open.length > 0 ? { onRowKey } : {})}
              />
              <More query={query} count={items.length} what={items.length === 1 ? 'item' : 'items'} />
            </div>
          );
        }}
      </QueryView>
      {chosen.length > 0 && (
        <div className="sp-stack">
          <Textarea
            label="Why, for all that have no reason of their own"
            description={review.needsNote ? 'This review asks for a reason with each decision.' : 'Not needed.'}
            value={noteForAll}
            maxLength={300}
            autosize
            minRows={1}
            onChange={(event) => setNoteForAll(event.currentTarget.value)}
          />
          {submit.isError && <Failure what="Nothing was decided" error={submit.error} wasChange />}
          <p className="sp-actions">
            <ProtectedButton
              action="review.decide"
              loading={submit.isPending}
              disabled={missing > 0}
              onClick={() => submit.mutate()}
            >
              Submit {batch.length}
            </ProtectedButton>
            <Button variant="default" disabled={submit.isPending} onClick={() => drop(Object.keys(drafts))}>
              Discard
            </Button>
            <span className="sp-quiet" role="status">
              {missing > 0
                ? `${missing} ${missing === 1 ? 'has' : 'have'} no reason yet.`
                : `${batch.filter(({ decision }) => decision === 'REVOKE').length} to revoke, ${batch.filter(({ decision }) => decision === 'APPROVE').length} to keep. Decisions are final.`}
              {chosen.length > batch.length && ` The first ${batch.length} go first.`}
            </span>
          </p>
        </div>
      )}
    </Section>
  );
};

/** Is it on time, and what do I say? */
export const ReviewScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const mayManage = useMay('okta.governance.accessCertifications.manage');
  const mayRead = useMay('okta.governance.accessCertifications.read');
  const [asking, setAsking] = useState<Asking>(null);
  const path = `${REVIEWS}/${encodeURIComponent(id)}`;
  const nextLook = useNextLook();
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<ReviewCampaignAnswer>(path),
    // A planned one begins by itself, and one that runs ends.
    refetchInterval: ({ state: { data } }) =>
      nextLook(data?.status === 'SCHEDULED' ? data.startsAt : data?.status === 'ACTIVE' ? data.endsAt : null),
  });
  const refresh = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries({ queryKey: [path] }),
      client.invalidateQueries({ queryKey: [`${path}/items`] }),
      client.invalidateQueries({ queryKey: [REVIEWS] }),
      client.invalidateQueries({ queryKey: [INBOX] }),
      client.invalidateQueries({ queryKey: ['me'] }),
    ]);
  };
  const done = (words: string) => () => {
    setAsking(null);
    toast(words);
    void refresh();
  };
  const wire = `${CAMPAIGNS}/${encodeURIComponent(id)}`;
  const close = (): void => setAsking(null);
  const { data: review } = query;
  return (
    <Page
      title={review?.name ?? 'Review'}
      lead={<GoTo href="/reviews">All reviews</GoTo>}
      tools={
        review !== undefined && (
          <span className="sp-actions">
            {mayRead && review.status !== 'SCHEDULED' && (
              <>
                <Button
                  component="a"
                  variant="default"
                  href={`${path}/report?format=html`}
                  target="_blank"
                  rel="noopener"
                >
                  Print
                </Button>
                <Button component="a" variant="default" href={`${path}/report?format=csv`} download>
                  CSV
                </Button>
                <Button component="a" variant="default" href={`${path}/report`} download>
                  JSON
                </Button>
              </>
            )}
            {mayManage && review.status === 'SCHEDULED' && (
              <ProtectedButton action="campaign.change" onClick={() => setAsking({ kind: 'launch' })}>
                Begin now…
              </ProtectedButton>
            )}
            {mayManage && review.status === 'ACTIVE' && (
              <ProtectedButton
                action="campaign.change"
                color="red"
                variant="outline"
                onClick={() => setAsking({ kind: 'end' })}
              >
                End now…
              </ProtectedButton>
            )}
            {mayManage && review.status !== 'ACTIVE' && (
              <ProtectedButton
                action="campaign.change"
                color="red"
                variant="outline"
                onClick={() => setAsking({ kind: 'delete' })}
              >
                Delete…
              </ProtectedButton>
            )}
          </span>
        )
      }
      command={<CliFor command={`sallyport review list ${id}`} />}
    >
      <QueryView query={query} what="the review">
        {(found) => (
          <div className="sp-stack">
            <Section title="The review">
              <Facts review={found} />
            </Section>
            {found.status !== 'SCHEDULED' && (
              <Items review={found} refresh={refresh} onRestore={(item) => setAsking({ kind: 'restore', item })} />
            )}
            {asking?.kind === 'launch' && (
              <ConfirmDialog
                title={`Begin “${found.name}” now?`}
                confirmLabel="Begin now"
                isDanger={false}
                protectedAction="campaign.change"
                action={() => post(`${wire}/launch`)}
                onDone={done('It has begun.')}
                onClose={close}
              >
                <p>What everybody has is written down as it is now, and whoever is asked gets a mail.</p>
              </ConfirmDialog>
            )}
            {asking?.kind === 'end' && (
              <ConfirmDialog
                title={`End “${found.name}” now?`}
                confirmLabel="End now"
                protectedAction="campaign.change"
                action={() => post(`${wire}/end`, { skipRemediation: false })}
                onDone={done('It has ended.')}
                onClose={close}
              >
                <p>
                  {found.counts.items - found.counts.approved - found.counts.revoked} items have no answer:{' '}
                  {found.noResponse === 'DENY'
                    ? 'what they are about is taken, and can be given back for seven days.'
                    : 'what they are about stays.'}
                </p>
              </ConfirmDialog>
            )}
            {asking?.kind === 'delete' && (
              <ConfirmDialog
                title={`Delete “${found.name}”?`}
                confirmLabel="Delete"
                protectedAction="campaign.change"
                action={() => del(wire)}
                onDone={done('It was deleted.')}
                onClose={close}
              >
                <p>It is not shown any more. What it took stays taken, and what it says stands in the System Log.</p>
              </ConfirmDialog>
            )}
            {asking?.kind === 'restore' && (
              <ConfirmDialog
                title={`Give ${asking.item.resource.name} back to ${asking.item.subject.name}?`}
                confirmLabel="Give it back"
                isDanger={false}
                protectedAction="review.restore"
                action={() => post(`/sallyport/v1/reviews/${encodeURIComponent(asking.item.id)}/restore`)}
                onDone={done('It was given back, as it was.')}
                onClose={close}
              >
                <p>It counts from then on, exactly as before the review.</p>
              </ConfirmDialog>
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
