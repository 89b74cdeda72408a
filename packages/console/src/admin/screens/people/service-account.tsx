import type { ServiceAccountAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, put } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { TokenForm } from '../tokens/token-form.tsx';

const attemptsOf = (login: string): string =>
  `/log?${new URLSearchParams({ filter: `eventType eq "policy.evaluate_sign_on" and outcome.result eq "DENY" and actor.alternateId eq ${JSON.stringify(login)}` }).toString()}`;

interface Account {
  readonly id: string;
  readonly name: string;
  readonly login: string;
}

const Asking = ({
  account,
  is,
  action,
  onClose,
}: {
  readonly account: Account;
  /** What it is now. */
  readonly is: boolean;
  readonly action: string;
  readonly onClose: () => void;
}) => {
  const client = useQueryClient();
  return (
    <ConfirmDialog
      title={is ? `Let people sign in as ${account.name} again?` : `Make ${account.name} a service account?`}
      confirmLabel={is ? 'Let people sign in' : 'Make it a service account'}
      isDanger={!is}
      protectedAction={action}
      action={() =>
        put(`/sallyport/v1/users/${encodeURIComponent(account.id)}/service-account`, { isServiceAccount: !is })
      }
      onDone={() => {
        onClose();
        toast(is ? `${account.name} is a person’s account again.` : `${account.name} is a service account.`);
        void client.invalidateQueries();
      }}
      onClose={onClose}
    >
      {is ? (
        <p>Its password and its keys open again what they opened before. Whoever has them is in.</p>
      ) : (
        <p>
          Nobody signs in as {account.login} from then on, with whatever they have of it. Its sessions end at once, on
          every door; links for its password or a key stop working. Its API tokens work on.
        </p>
      )}
    </ConfirmDialog>
  );
};

/** Does a human sign in as this account? */
export const ServiceAccount = ({ account }: { readonly account: Account }) => {
  const [open, setOpen] = useState<'none' | 'mark' | 'token'>('none');
  const client = useQueryClient();
  const close = (): void => setOpen('none');
  const path = `/sallyport/v1/users/${encodeURIComponent(account.id)}/service-account`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<ServiceAccountAnswer>(path) });
  const { data } = query;
  const action = `${data?.holdsAdminRole === true ? 'admin' : 'user'}.service-account`;
  return (
    <Section
      title="Who signs in as it"
      tools={
        data !== undefined && (
          <>
            {data.isServiceAccount && data.tokenRefusal === null && (
              <ProtectedButton action="api-token.create" onClick={() => setOpen('token')}>
                New token…
              </ProtectedButton>
            )}
            {data.refusal === null && (
              <ProtectedButton action={action} variant="default" onClick={() => setOpen('mark')}>
                {data.isServiceAccount ? 'Let people sign in…' : 'Make it a service account…'}
              </ProtectedButton>
            )}
          </>
        )
      }
    >
      <QueryView query={query} what="whether it is a service account">
        {({ since, refusal, tokenRefusal }) => (
          <div className="sp-stack">
            {since === null ? (
              <p>A person. If only programs use it, make it a service account: then nobody can sign in as it.</p>
            ) : (
              <p>
                <Word tone="quiet">service account</Word> since <Instant at={since} />. Nobody signs in as it; its{' '}
                <GoTo href={`/tokens?${new URLSearchParams({ q: account.login }).toString()}`}>API tokens</GoTo> work.{' '}
                <GoTo href={attemptsOf(account.login)}>Sign-ins that were refused</GoTo>
              </p>
            )}
            {refusal !== null && <p className="sp-quiet">You cannot change this: {refusal}</p>}
            {since !== null && tokenRefusal !== null && (
              <p className="sp-quiet">You cannot make a token of it: {tokenRefusal}</p>
            )}
          </div>
        )}
      </QueryView>
      {open === 'mark' && data !== undefined && (
        <Asking account={account} is={data.isServiceAccount} action={action} onClose={close} />
      )}
      {open === 'token' && (
        <TokenForm
          token={null}
          owner={account}
          onDone={() => {
            close();
            void client.invalidateQueries();
          }}
          onClose={close}
        />
      )}
    </Section>
  );
};
