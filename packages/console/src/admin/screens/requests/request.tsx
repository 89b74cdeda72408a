import { Button, Textarea } from '@mantine/core';
import type { AccessRequestDetailAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { get, post } from '../../api.ts';
import { useNextLook } from '../../frame/live.ts';
import { INBOX } from '../../frame/me.ts';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { DenyDialog } from '../../ui/deny-dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { forWords, namesOf, REQUESTS, statusWords, titleWords } from './request-answer.ts';
import { AboutAsker, WouldGain } from './request-boxes.tsx';
import { RequestSteps } from './request-steps.tsx';
import { RequestTimeline } from './request-timeline.tsx';

/** When it moves on by the clock, if nobody moves it before; null where nothing is waited for. */
const movesAt = ({ status, decideBy, grant, startsAt }: AccessRequestDetailAnswer): string | null => {
  if (status === 'PENDING') return decideBy;
  return grant?.status === 'PENDING' ? startsAt : null;
};

const Facts = ({ request }: { readonly request: AccessRequestDetailAnswer }) => {
  const [tone, words] = statusWords(request);
  return (
    <dl className="sp-facts">
      <dt>Status</dt>
      <dd>
        <Word tone={tone}>{words}</Word>
        {request.grant !== null && request.grant.sentence !== null && <p>{request.grant.sentence}</p>}
        {request.grant?.status === 'GRANTED' && (
          <>
            {' '}
            <GoTo href="/grants">see access for a while</GoTo>
          </>
        )}
      </dd>
      <dt>For</dt>
      <dd>{forWords(request)}</dd>
      <dt>Why</dt>
      <dd>“{request.reason}”</dd>
      {request.ticket !== null && (
        <>
          <dt>Ticket</dt>
          <dd>{request.ticket}</dd>
        </>
      )}
      <dt>{request.extends === null ? 'Begins' : 'Goes on'}</dt>
      <dd>
        {request.extends !== null ? (
          <>
            from <Instant at={request.extends.endsAt} />, when it ends by itself, until{' '}
            <Instant at={request.extends.untilAt} />
          </>
        ) : request.startsAt === null ? (
          'with the last approval'
        ) : (
          <Instant at={request.startsAt} />
        )}
      </dd>
      {request.status === 'PENDING' && (
        <>
          <dt>Decide within</dt>
          <dd>
            <Countdown until={request.decideBy} />
          </dd>
        </>
      )}
      <dt>Rule</dt>
      <dd>
        {request.condition.name}, {request.sequence.name}
      </dd>
      <dt>Id</dt>
      <dd>
        <CopyId id={request.id} />
      </dd>
    </dl>
  );
};

/** Where the buttons would be: why this person has none, and who has. */
const whyNot = ({ approve, status, step, steps, grant }: AccessRequestDetailAnswer): string => {
  if (status === 'APPROVED' && grant?.status === 'PENDING') return 'It was approved, and begins at its time.';
  const open = step === null ? undefined : steps[step];
  const others = open === undefined ? '' : ` Can say yes now: ${namesOf(open.able, open.ableCount)}.`;
  return `${approve.sentence ?? ''}${status === 'PENDING' ? others : ''}`;
};

/** Do I say yes? And who still has to? */
export const RequestScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  /** What stands in the dialog that denies at first; null while it is closed. */
  const [denying, setDenying] = useState<string | null>(null);
  /** What is said with a yes, if anything: the key signs it, too. */
  const [remark, setRemark] = useState('');
  const path = `${REQUESTS}/${encodeURIComponent(id)}`;
  const nextLook = useNextLook();
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<AccessRequestDetailAnswer>(path),
    refetchInterval: ({ state }) => nextLook(state.data === undefined ? null : movesAt(state.data)),
  });
  const refresh = async (): Promise<void> => {
    await Promise.all([[path], [REQUESTS], [INBOX], ['me']].map((queryKey) => client.invalidateQueries({ queryKey })));
  };
  const act = (done: string) => ({ onSuccess: () => toast(done), onSettled: refresh });
  const { mutate: doApprove, ...approve } = useMutation({
    // The digest of what is shown, which the key signs: of nothing else.
    mutationFn: ({ digest }: AccessRequestDetailAnswer) =>
      post(`${path}/approve`, { digest, ...(remark.trim() === '' ? {} : { comment: remark.trim() }) }),
    ...act('Approved.'),
  });
  const cancel = useMutation({ mutationFn: () => post(`${path}/cancel`), ...act('Taken back.') });
  const nudge = useMutation({ mutationFn: () => post(`${path}/nudge`), ...act('The approvers were asked once more.') });
  const shown = query.data;
  useShortcuts(
    useMemo(
      () => ({
        // Each opens a dialog, or a field: no key alone decides.
        a: () => {
          if (shown?.approve.isAllowed === true && !approve.isPending) doApprove(shown);
        },
        d: () => {
          if (shown?.deny.isAllowed === true) setDenying('');
        },
        c: () => field.current?.focus(),
      }),
      [shown, doApprove, approve.isPending],
    ),
  );
  return (
    <Page
      title={shown === undefined ? 'Access request' : titleWords(shown)}
      lead={<GoTo href="/requests">All requests</GoTo>}
      command={<CliFor command={`sallyport request ${shown?.approve.isAllowed === true ? 'approve' : 'show'} ${id}`} />}
    >
      <QueryView query={query} what="the request">
        {(request) => (
          <div className="sp-stack">
            <Section title="What is asked">
              <Facts request={request} />
            </Section>
            <div className="sp-boxes">
              <WouldGain
                request={request}
                onSuggest={
                  request.deny.isAllowed
                    ? (name) => setDenying(`Ask for “${name}” instead: it gives less, and is enough for this.`)
                    : null
                }
              />
              <AboutAsker request={request} />
              <Section title="Whose yes it takes">
                <RequestSteps
                  steps={request.steps}
                  weaknesses={request.status === 'PENDING' ? request.weaknesses : []}
                  decisions={request.decisions}
                  isOpen={request.status === 'PENDING'}
                />
              </Section>
            </div>
            <Section title="Decide">
              {approve.isError && <Failure what="It was not approved" error={approve.error} wasChange />}
              {cancel.isError && <Failure what="It was not taken back" error={cancel.error} wasChange />}
              {nudge.isError && <Failure what="Nobody was asked" error={nudge.error} wasChange />}
              {request.approve.isAllowed && (
                <Textarea
                  label="What you say with your yes, if anything"
                  description="Whoever sees the request reads it, and it stands in the System Log."
                  value={remark}
                  onChange={({ currentTarget: { value } }) => setRemark(value)}
                  maxLength={500}
                  autosize
                  minRows={1}
                  disabled={approve.isPending}
                />
              )}
              <p className="sp-actions">
                {request.approve.isAllowed && (
                  <Button loading={approve.isPending} aria-keyshortcuts="a" onClick={() => doApprove(request)}>
                    Approve with your key…
                  </Button>
                )}
                {request.deny.isAllowed && (
                  <Button color="red" variant="outline" aria-keyshortcuts="d" onClick={() => setDenying('')}>
                    Deny…
                  </Button>
                )}
                {request.nudge.isAllowed && (
                  <Button variant="default" loading={nudge.isPending} onClick={() => nudge.mutate()}>
                    Ask the approvers once more
                  </Button>
                )}
                {request.cancel.isAllowed && (
                  <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
                    Take it back
                  </Button>
                )}
              </p>
              {request.insteadOf !== null && (request.approve.isAllowed || request.deny.isAllowed) && (
                <p>You decide in the stead of {request.insteadOf.name}: it is their one vote that you give.</p>
              )}
              {!request.approve.isAllowed && <p>{whyNot(request)}</p>}
            </Section>
            <RequestTimeline request={request} field={field} onSaid={() => void refresh()} />
            {denying !== null && (
              <DenyDialog
                words={request.words}
                first={denying}
                deny={(comment) => post(`${path}/deny`, { comment })}
                onDone={() => {
                  setDenying(null);
                  toast('Denied. Whoever asked reads why.');
                  void refresh();
                }}
                onClose={() => setDenying(null)}
              />
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
