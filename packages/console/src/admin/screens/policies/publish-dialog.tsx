import { Textarea } from '@mantine/core';
import type { PolicyReplayAnswer } from '@sallyport/client/answers';
import type { PolicyPublicationAnswer, PolicyTestRunAnswer } from '@sallyport/client/policy-draft-answers';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { post, postTagged } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { FormFrame } from '../../ui/form-frame.tsx';
import { PolicyChanges } from '../../ui/policies/policy-changes.tsx';
import { ProofView } from '../../ui/policies/proof-view.tsx';
import { ReplayView } from '../../ui/policies/replay-view.tsx';
import { TestResults } from '../../ui/policies/test-results.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { replayPath, testsPath } from './draft-paths.ts';

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section aria-label={title} className="sp-dialog-text">
    <h3>{title}</h3>
    {children}
  </section>
);

/** What the sign-ins of the last days, and the tests of the policy, say of a draft. */
const Tried = ({ policyId, draftId, hasReplay }: { policyId: string; draftId: string; hasReplay: boolean }) => {
  const mayReplay = [useMay('okta.logs.read'), useMay('okta.users.read')].every(Boolean) && hasReplay;
  const replay = useQuery({
    queryKey: ['policy', policyId, 'replay', draftId],
    queryFn: () => post<PolicyReplayAnswer>(replayPath(policyId), { draft: draftId }),
    enabled: mayReplay,
    gcTime: 0,
  });
  const tests = useQuery({
    queryKey: ['policy', policyId, 'tests', draftId],
    queryFn: () => post<PolicyTestRunAnswer>(`${testsPath(policyId)}/run`, { draft: draftId }),
    gcTime: 0,
  });
  return (
    <>
      {mayReplay && (
        <Part title="On the sign-ins of the last days">
          <QueryView query={replay} what="what it would have decided" rows={1}>
            {(found) => <ReplayView replay={found} />}
          </QueryView>
        </Part>
      )}
      <Part title="Its tests">
        <QueryView query={tests} what="the tests" rows={1}>
          {(run) => <TestResults run={run} />}
        </QueryView>
      </Part>
    </>
  );
};

/**
 * The last look before a draft, or an earlier version, takes the place of what counts: the differences, what is true of it for
 * every request, and what it would have decided. Where it would be refused it says so, and nothing can be pressed.
 */
export const PublishDialog = ({
  policyId,
  title,
  label,
  action,
  path,
  body,
  etag: newest,
  draftId,
  hasReplay,
  isOfAdmins,
  onDone,
  onClose,
}: {
  readonly policyId: string;
  readonly title: string;
  /** Of the button. */
  readonly label: string;
  readonly action: string;
  /** Where it is posted to, with a dry run first. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly etag: string;
  /** Null: it is no draft. */
  readonly draftId: string | null;
  readonly hasReplay: boolean;
  /** Does it decide how administrators come in? */
  readonly isOfAdmins: boolean;
  readonly onDone: (done: PolicyPublicationAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [reason, setReason] = useState('');
  // Of what is read here: what somebody saves meanwhile is not published unread.
  const [etag] = useState(newest);
  const look = useQuery({
    queryKey: ['policy', policyId, 'publish', path, body, etag],
    queryFn: () => postTagged<PolicyPublicationAnswer>(`${path}?dryRun=true`, body, etag),
    gcTime: 0,
    retry: false,
  });
  const run = useMutation({
    mutationFn: () =>
      postTagged<PolicyPublicationAnswer>(
        path,
        { ...body, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
        etag,
      ),
    onSuccess: onDone,
  });
  return (
    <FormFrame
      title={title}
      size="lg"
      isBusy={run.isPending}
      submit={() => {
        if (look.isSuccess && !run.isPending) run.mutate();
      }}
      onClose={onClose}
      buttons={
        <ProtectedButton action={action} type="submit" loading={run.isPending} disabled={!look.isSuccess}>
          {label}
        </ProtectedButton>
      }
    >
      <div className="sp-stack">
        <BeforeSaving action={action} />
        {look.isError ? (
          <Failure what="It would be refused" error={look.error} onRetry={() => void look.refetch()} />
        ) : (
          <QueryView query={look} what="what it leads to" rows={3}>
            {({ changes, proof }) => (
              <div className="sp-stack">
                <Part title="What changes">
                  <PolicyChanges changes={changes} />
                </Part>
                {proof !== undefined && (
                  <Part title="For every request">
                    <ProofView proof={proof} />
                  </Part>
                )}
              </div>
            )}
          </QueryView>
        )}
        {draftId !== null && <Tried policyId={policyId} draftId={draftId} hasReplay={hasReplay} />}
        <Textarea
          label="Why"
          description="Stands in the history of the policy."
          value={reason}
          maxLength={500}
          autosize
          minRows={2}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {isOfAdmins && (
          <p className="sp-state warn slim">
            It decides how administrators come in. It counts at once, and ends by itself after five minutes unless a
            super administrator confirms it from a session that signed in after it.
          </p>
        )}
        {run.isError && <Failure what="It was not published" error={run.error} wasChange />}
      </div>
    </FormFrame>
  );
};
