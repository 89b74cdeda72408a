import { Textarea } from '@mantine/core';
import type { BreakGlassAnswer, BreakGlassUseAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { accountPath, BREAK_GLASS } from './account-form.tsx';

const logOf = (login: string): string => `/log?filter=${encodeURIComponent(`actor.alternateId eq "${login}"`)}`;

const ReviewForm = ({
  path,
  use,
  onDone,
  onClose,
}: {
  readonly path: string;
  readonly use: BreakGlassUseAnswer;
  readonly onDone: (signed: BreakGlassUseAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title="Sign the review"
      action="break-glass.review"
      isReady={note.trim().length >= 10}
      save={() => post<BreakGlassUseAnswer>(`${path}/uses/${encodeURIComponent(use.id)}/review`, { note: note.trim() })}
      saveLabel="Sign"
      failed="The review was not signed"
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        Read each of its events first. {use.reviewersNeeded === 1 ? 'One person signs' : 'Two people sign'}; with your
        name you say that what was done was right.
      </p>
      <Textarea
        label="What you found"
        value={note}
        autosize
        minRows={2}
        maxLength={2000}
        required
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
};

/** What was done with the account, and who looked at it. */
export const Uses = ({
  account,
  onChanged,
}: {
  readonly account: BreakGlassAnswer;
  readonly onChanged: () => void;
}) => {
  const path = accountPath(account.id);
  const [signing, setSigning] = useState<BreakGlassUseAnswer | null>(null);
  const query = useQuery({
    queryKey: [BREAK_GLASS, account.id, 'uses'],
    queryFn: () => get<readonly BreakGlassUseAnswer[]>(`${path}/uses`),
  });
  return (
    <Section title="Uses and their reviews">
      <QueryView query={query} what="its uses">
        {(uses) =>
          uses.length === 0 ? (
            <p>It was never touched.</p>
          ) : (
            <ul className="sp-stack">
              {uses.map((use) => (
                <li key={use.id}>
                  <p>
                    <Word tone={use.kind === 'DRILL' ? 'info' : 'bad'}>{use.kind === 'DRILL' ? 'drill' : 'use'}</Word>{' '}
                    from <Instant at={use.firstAt} /> to <Instant at={use.lastAt} />, {use.openings} opened,{' '}
                    {use.refusals} refused, last from {use.address ?? 'an unknown address'}.{' '}
                    <GoTo href={logOf(account.login)} isOnlyLink>
                      Its events
                    </GoTo>
                  </p>
                  {use.reason !== null && <p>Why: “{use.reason}”</p>}
                  {use.reviews.map(({ login, note, signedAt }) => (
                    <p key={signedAt} className="sp-quiet">
                      {login ?? 'somebody who is gone'}, <Instant at={signedAt} />: “{note}”
                    </p>
                  ))}
                  {use.closedAt === null ? (
                    <p className="sp-actions">
                      <span>
                        Signed by {use.reviews.length} of {use.reviewersNeeded}.
                      </span>
                      {use.sign.isAllowed ? (
                        <ProtectedButton
                          action="break-glass.review"
                          variant="default"
                          size="xs"
                          onClick={() => setSigning(use)}
                        >
                          Sign the review…
                        </ProtectedButton>
                      ) : (
                        <span className="sp-quiet">{use.sign.sentence}</span>
                      )}
                    </p>
                  ) : (
                    <p>
                      <Word tone="good">reviewed</Word> <Instant at={use.closedAt} />
                    </p>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      {signing !== null && (
        <ReviewForm
          path={path}
          use={signing}
          onClose={() => setSigning(null)}
          onDone={({ closedAt }) => {
            setSigning(null);
            toast(closedAt === null ? 'Signed. Another person signs it now.' : 'Signed. The review is closed.');
            onChanged();
          }}
        />
      )}
    </Section>
  );
};
