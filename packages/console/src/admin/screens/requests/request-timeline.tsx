import { Button, Textarea } from '@mantine/core';
import type { AccessRequestDetailAnswer, RequestMessageAnswer } from '@sallyport/client/answers';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useState } from 'react';
import { post } from '../../api.ts';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { useList } from '../../ui/use-list.ts';
import { Word } from '../../ui/word.tsx';
import { passedOnAt, REQUESTS, voterName } from './request-answer.ts';

interface Moment {
  readonly key: string;
  readonly at: string;
  readonly what: ReactNode;
}

const said = ({ id, by, at, text }: RequestMessageAnswer): Moment => ({
  key: id,
  at,
  what: (
    <>
      {by.name}: “{text}”
    </>
  ),
});

const endOf = (request: AccessRequestDetailAnswer): readonly Moment[] => {
  const { status, resolvedAt, decideBy, grant } = request;
  const ended = (what: string): Moment => ({ key: 'end', at: resolvedAt ?? decideBy, what });
  const given: readonly Moment[] =
    grant?.at === null || grant === null ? [] : [{ key: 'given', at: grant.at, what: 'It was given.' }];
  if (status === 'CANCELED') return [ended('It was taken back.')];
  if (status === 'EXPIRED') return [ended('Nobody decided in time.')];
  if (grant?.status === 'FAILED') return [ended(`It was approved, and not given: ${grant.sentence ?? ''}`)];
  return given;
};

/** All that happened, in its order. Of the same instant what was decided comes before what came of it. */
const momentsOf = (request: AccessRequestDetailAnswer): readonly Moment[] =>
  [
    { key: 'asked', at: request.createdAt, what: `${request.requestedBy.name} asked.` },
    ...request.steps.flatMap(({ escalation }, index): readonly Moment[] => {
      const at = passedOnAt(request, index);
      return escalation === null || at === null
        ? []
        : [{ key: `passed on ${index}`, at, what: `Nobody had answered: it passed on to ${escalation.who}.` }];
    }),
    ...request.decisions.map(({ by, insteadOf, kind, at, comment }) => ({
      key: by.id,
      at,
      what: (
        <>
          <Word tone={kind === 'approve' ? 'good' : 'bad'}>{kind === 'approve' ? 'yes' : 'no'}</Word>{' '}
          {voterName({ name: by.name, insteadOf })}
          {comment !== null && `: “${comment}”`}
        </>
      ),
    })),
    ...request.messages.map(said),
    ...endOf(request),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

const Moments = ({ moments }: { readonly moments: readonly Moment[] }) => (
  <ol className="sp-moments">
    {moments.map(({ key, at, what }) => (
      <li key={key}>
        <Instant at={at} /> <span>{what}</span>
      </li>
    ))}
  </ol>
);

/** What was said before the last of it; asked for once somebody wants it. */
const AllMessages = ({ id }: { readonly id: string }) => {
  const query = useList<RequestMessageAnswer>(`${REQUESTS}/${encodeURIComponent(id)}/messages`);
  return (
    <QueryView query={query} what="what was said">
      {(messages) => (
        <div className="sp-stack">
          <Moments moments={messages.map(said)} />
          <More query={query} count={messages.length} what={messages.length === 1 ? 'message' : 'messages'} />
        </div>
      )}
    </QueryView>
  );
};

/** What happened and was said, and the place to say something. */
export const RequestTimeline = ({
  request,
  field,
  onSaid,
}: {
  readonly request: AccessRequestDetailAnswer;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly onSaid: () => void;
}) => {
  const [text, setText] = useState('');
  const [areAllShown, setAreAllShown] = useState(false);
  const send = useMutation({
    mutationFn: () => post(`/governance/api/v2/requests/${encodeURIComponent(request.id)}/messages`, { message: text }),
    onSuccess: () => {
      setText('');
      onSaid();
    },
  });
  return (
    <Section title="Timeline">
      {request.hasEarlierMessages && (
        <p>
          <Button size="xs" variant="default" onClick={() => setAreAllShown(!areAllShown)}>
            {areAllShown ? 'Hide all that was said' : 'Show all that was said'}
          </Button>
        </p>
      )}
      {areAllShown && <AllMessages id={request.id} />}
      <Moments moments={momentsOf(request)} />
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '' && !send.isPending) send.mutate();
        }}
      >
        <Textarea
          ref={field}
          label="Say something"
          description="Whoever sees the request reads it: ask back, or answer."
          value={text}
          onChange={({ currentTarget: { value } }) => setText(value)}
          maxLength={5000}
          autosize
          minRows={2}
        />
        {send.isError && <Failure what="It was not said" error={send.error} wasChange />}
        <p>
          <Button type="submit" variant="default" loading={send.isPending} disabled={text.trim() === ''}>
            Say it
          </Button>
        </p>
      </form>
    </Section>
  );
};
