import { Button, Textarea } from '@mantine/core';
import type { AccessRequestDetailAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { forWords, REQUESTS, statusWords } from './request-answer.ts';
import { RequestSteps } from './request-steps.tsx';

const POLL_MS = 5000;

const DenyDialog = ({
  words,
  deny,
  onDone,
  onClose,
}: {
  readonly words: string;
  readonly deny: (comment: string) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [comment, setComment] = useState('');
  return (
    <FormDialog
      title={`Deny “${words}”?`}
      action={null}
      isReady={comment.trim() !== ''}
      save={() => deny(comment.trim())}
      saveLabel="Deny"
      failed="It was not denied"
      onDone={onDone}
      onClose={onClose}
    >
      <Textarea
        label="Why"
        description="Whoever asked reads it."
        value={comment}
        onChange={({ currentTarget: { value } }) => setComment(value)}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        required
      />
    </FormDialog>
  );
};

const Facts = ({ request }: { readonly request: AccessRequestDetailAnswer }) => {
  const [tone, words] = statusWords(request);
  return (
    <dl className="sp-facts">
      <dt>Status</dt>
      <dd>
        <Word tone={tone}>{words}</Word>
        {request.grant?.sentence !== null && request.grant !== null && <p>{request.grant.sentence}</p>}
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
      <dt>Begins</dt>
      <dd>{request.startsAt === null ? 'with the last approval' : <Instant at={request.startsAt} />}</dd>
      <dt>Asked</dt>
      <dd>
        <Instant at={request.createdAt} />
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

const Decisions = ({ request: { decisions, messages } }: { readonly request: AccessRequestDetailAnswer }) => (
  <ul>
    {decisions.map(({ by, kind, at, comment }) => (
      <li key={by.id}>
        <Word tone={kind === 'approve' ? 'good' : 'bad'}>{kind === 'approve' ? 'yes' : 'no'}</Word> {by.name},{' '}
        <Instant at={at} />
        {comment !== null && `: “${comment}”`}
      </li>
    ))}
    {messages.map(({ by, at, text }) => (
      <li key={`${by.id} ${at} ${text}`}>
        {by.name}, <Instant at={at} />: “{text}”
      </li>
    ))}
  </ul>
);

/** Do I say yes? And who still has to? */
export const RequestScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const [isDenying, setIsDenying] = useState(false);
  const path = `${REQUESTS}/${encodeURIComponent(id)}`;
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<AccessRequestDetailAnswer>(path),
    refetchInterval: ({ state }) => (state.data?.status === 'PENDING' ? POLL_MS : false),
  });
  const refresh = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries({ queryKey: [path] }),
      client.invalidateQueries({ queryKey: [REQUESTS] }),
    ]);
  };
  const act = (done: string) => ({ onSuccess: () => toast(done), onSettled: refresh });
  const approve = useMutation({
    // The digest of what is shown, which the key signs: of nothing else.
    mutationFn: ({ digest }: AccessRequestDetailAnswer) => post(`${path}/approve`, { digest }),
    ...act('Approved.'),
  });
  const cancel = useMutation({ mutationFn: () => post(`${path}/cancel`), ...act('Taken back.') });
  const nudge = useMutation({ mutationFn: () => post(`${path}/nudge`), ...act('The approvers were asked once more.') });
  return (
    <Page
      title={query.data?.words ?? 'Access request'}
      lead={<GoTo href="/requests">All requests</GoTo>}
      command={<CliFor command={`sallyport request show ${id}`} />}
    >
      <QueryView query={query} what="the request">
        {(request) => (
          <div className="sp-stack">
            <Section title="What is asked">
              <Facts request={request} />
            </Section>
            <Section title="Decide">
              {approve.isError && <Failure what="It was not approved" error={approve.error} wasChange />}
              {cancel.isError && <Failure what="It was not taken back" error={cancel.error} wasChange />}
              {nudge.isError && <Failure what="Nobody was asked" error={nudge.error} wasChange />}
              <p className="sp-actions">
                {request.approve.isAllowed && (
                  <Button loading={approve.isPending} onClick={() => approve.mutate(request)}>
                    Approve with your key…
                  </Button>
                )}
                {request.deny.isAllowed && (
                  <Button color="red" variant="outline" onClick={() => setIsDenying(true)}>
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
              {!request.approve.isAllowed && <p>{request.approve.sentence}</p>}
            </Section>
            {request.status === 'PENDING' && (
              <Section title="Whose yes it takes">
                <RequestSteps steps={request.steps} weaknesses={request.weaknesses} />
              </Section>
            )}
            {request.decisions.length + request.messages.length > 0 && (
              <Section title="What was said">
                <Decisions request={request} />
              </Section>
            )}
            {isDenying && (
              <DenyDialog
                words={request.words}
                deny={(comment) => post(`${path}/deny`, { comment })}
                onDone={() => {
                  setIsDenying(false);
                  toast('Denied. Whoever asked reads why.');
                  void refresh();
                }}
                onClose={() => setIsDenying(false)}
              />
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
