import { Button } from '@mantine/core';
import type { ApprovalDetailAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { useNextLook } from '../../frame/live.ts';
import { INBOX, meQuery } from '../../frame/me.ts';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { DenyDialog } from '../../ui/deny-dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Countdown, Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { APPROVALS, askedByWords, STATUS_WORDS } from './approval-answer.ts';

const Facts = ({ approval }: { readonly approval: ApprovalDetailAnswer }) => {
  const { askedBy, from, decision, requests } = approval;
  return (
    <dl className="sp-facts">
      <dt>Status</dt>
      <dd>
        <Word tone={STATUS_WORDS[approval.status][0]}>{STATUS_WORDS[approval.status][1]}</Word>
      </dd>
      <dt>Asked by</dt>
      <dd>
        {askedByWords(askedBy)} {(askedBy.person?.login ?? null) !== null && `(${askedBy.person?.login})`}
        {askedBy.token !== null && (
          <>
            <br />
            <span className="sp-quiet">Purpose of the token: {askedBy.token.purpose}</span>
          </>
        )}
      </dd>
      <dt>From</dt>
      <dd>{from.address ?? 'an unknown address'}</dd>
      <dt>Asked</dt>
      <dd>
        <Instant at={approval.createdAt} />
      </dd>
      {approval.status === 'WAITING' && (
        <>
          <dt>Decide within</dt>
          <dd>
            <Countdown until={approval.expiresAt} />
          </dd>
        </>
      )}
      {approval.target !== null && (
        <>
          <dt>About</dt>
          <dd>{approval.target.name ?? approval.target.id}</dd>
        </>
      )}
      <dt>Why it is asked</dt>
      <dd>{approval.why}</dd>
      <dt>Request</dt>
      <dd>
        {requests.map(({ method, path }) => (
          <div key={path}>
            <code>
              {method} {path}
            </code>
          </div>
        ))}
      </dd>
      {decision !== null && (
        <>
          <dt>{decision.result === 'APPROVED' ? 'Approved by' : 'Denied by'}</dt>
          <dd>
            {decision.by.name}, <Instant at={decision.at} />
            {decision.reason !== null && `: “${decision.reason}”`}
          </dd>
        </>
      )}
      {approval.usedAt !== null && (
        <>
          <dt>Done</dt>
          <dd>
            <Instant at={approval.usedAt} />
          </dd>
        </>
      )}
      <dt>Id</dt>
      <dd>
        <CopyId id={approval.id} />
      </dd>
    </dl>
  );
};

const Approvers = ({ approval: { approvers, approversCount } }: { readonly approval: ApprovalDetailAnswer }) => (
  <p className="sp-quiet">
    {approversCount === 0
      ? 'Nobody can approve it now: no other administrator who may do it has a key that stays on its device.'
      : `May approve: ${approvers.map(({ name }) => name).join(', ')}${approversCount > approvers.length ? ` and ${approversCount - approvers.length} more` : ''}.`}
  </p>
);

/** Do I say yes? */
export const ApprovalScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const [isDenying, setIsDenying] = useState(false);
  const path = `${APPROVALS}/${encodeURIComponent(id)}`;
  const nextLook = useNextLook();
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<ApprovalDetailAnswer>(path),
    refetchInterval: ({ state: { data } }) =>
      nextLook(data?.status === 'WAITING' || data?.status === 'APPROVED' ? data.expiresAt : null),
  });
  const refresh = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries({ queryKey: [path] }),
      client.invalidateQueries({ queryKey: [APPROVALS] }),
      client.invalidateQueries({ queryKey: meQuery.queryKey }),
      client.invalidateQueries({ queryKey: [INBOX] }),
    ]);
  };
  const approve = useMutation({
    mutationFn: (challenge: string) => post(`${path}/approve`, { challenge }),
    onSuccess: () => toast('Approved. Whoever asked has five minutes to do it.'),
    onSettled: refresh,
  });
  const deny = async (reason: string): Promise<void> => {
    await post(`${path}/deny`, { reason });
    toast('Denied. Whoever asked reads why.');
    await refresh();
  };
  return (
    <Page
      title={query.data?.words ?? 'Approval'}
      lead={<GoTo href="/approvals">All approvals</GoTo>}
      command={<CliFor command={`sallyport approval show ${id}`} />}
    >
      <QueryView query={query} what="the approval">
        {(approval) => (
          <div className="sp-stack">
            <Section title="What is asked">
              <Facts approval={approval} />
              {approval.summary !== null && (
                <>
                  <h3>What will be written</h3>
                  <pre className="sp-summary">{approval.summary}</pre>
                </>
              )}
            </Section>
            <Section title="Decide">
              {approve.isError && <Failure what="It was not approved" error={approve.error} wasChange />}
              {approval.approve.isAllowed || approval.deny.isAllowed ? (
                <p className="sp-actions">
                  {approval.approve.isAllowed && (
                    <Button loading={approve.isPending} onClick={() => approve.mutate(approval.challenge)}>
                      Approve with your key…
                    </Button>
                  )}
                  {approval.deny.isAllowed && (
                    <Button color="red" variant="outline" onClick={() => setIsDenying(true)}>
                      Deny…
                    </Button>
                  )}
                </p>
              ) : null}
              {!approval.approve.isAllowed && <p>{approval.approve.sentence}</p>}
              {approval.status === 'WAITING' && <Approvers approval={approval} />}
            </Section>
            {isDenying && (
              <DenyDialog
                words={approval.words}
                first=""
                deny={deny}
                onDone={() => setIsDenying(false)}
                onClose={() => setIsDenying(false)}
              />
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
