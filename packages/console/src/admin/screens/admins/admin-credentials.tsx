import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, post } from '../../api.ts';
import { useMay, useMe } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyLine } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { Authenticator } from '../keys/authenticator.ts';
import { AuthenticatorTable } from '../keys/authenticator-table.tsx';
import type { AdminDetail } from './admin-answer.ts';
import { EnrolmentLink } from './enrolment-link.tsx';

const userPath = (id: string): string => `/api/v1/users/${encodeURIComponent(id)}`;

/** The link with which the person chooses a new password, made on the spot and shown once. */
const ResetPasswordDialog = ({
  admin,
  onDone,
  onClose,
}: {
  readonly admin: AdminDetail;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const reset = useMutation({
    mutationFn: () =>
      post<{ resetPasswordUrl: string }>(`${userPath(admin.id)}/lifecycle/reset_password?sendEmail=false`),
    onSuccess: onDone,
  });
  return (
    <Dialog title={`Reset the password of ${admin.name}?`} onClose={onClose} closeOnClickOutside={!reset.isPending}>
      {reset.data === undefined ? (
        <p>
          The password stops working at once, and all their sessions end. You get a link with which they choose a new
          one; it works once, for 30 minutes. Their keys keep working.
        </p>
      ) : (
        <div role="status">
          <p>
            Give this link to {admin.name}, by a way on which you know it is them. It is shown this once, and works
            once, for 30 minutes.
          </p>
          <CopyLine text={reset.data.resetPasswordUrl} label="link" />
        </div>
      )}
      {reset.isError && <Failure what="The password was not reset" error={reset.error} wasChange />}
      <div className="sp-dialog-actions">
        <Button variant="default" onClick={onClose} disabled={reset.isPending} data-autofocus>
          {reset.data === undefined ? 'Cancel' : 'Close'}
        </Button>
        {reset.data === undefined && (
          <ProtectedButton
            action="admin.password.reset"
            color="red"
            loading={reset.isPending}
            onClick={() => reset.mutate()}
          >
            Reset the password
          </ProtectedButton>
        )}
      </div>
    </Dialog>
  );
};

type Asked =
  | { readonly verb: 'reset' | 'expire' | 'reset-password' }
  | { readonly verb: 'remove'; readonly row: Authenticator };

/** With what this administrator gets in, and how it is taken from them. */
export const Credentials = ({ admin }: { readonly admin: AdminDetail }) => {
  const me = useMe();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const isSuperAdmin = me?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  const mayReset = useMay('okta.users.credentials.resetFactors') && isSuperAdmin;
  const isOwn = me?.user.id === admin.id;
  const canEnrol =
    isSuperAdmin &&
    !admin.isServiceAccount &&
    (admin.status === 'STAGED' ||
      admin.status === 'PROVISIONED' ||
      (admin.status === 'ACTIVE' && admin.factors.length === 0));
  const close = (): void => setAsked(null);
  const refresh = (): void => void client.invalidateQueries();
  const done = (sentence: string): void => {
    close();
    toast(sentence);
    refresh();
  };
  return (
    <Section
      title="Authenticators"
      tools={
        isOwn ? (
          <GoTo href="/me/keys">Manage my keys</GoTo>
        ) : (
          mayReset &&
          admin.factors.length > 0 && (
            <ProtectedButton
              action="admin.factor.reset"
              color="red"
              variant="outline"
              onClick={() => setAsked({ verb: 'reset' })}
            >
              Reset all authenticators…
            </ProtectedButton>
          )
        )
      }
    >
      {admin.factors.length === 0 ? (
        <p>No authenticator is enrolled: they cannot open the Admin Console.</p>
      ) : (
        <AuthenticatorTable
          caption={`Authenticators of ${admin.name}`}
          rows={admin.factors}
          actions={
            mayReset && !isOwn
              ? (row) => (
                  <ProtectedButton
                    action="admin.factor.reset"
                    size="xs"
                    color="red"
                    variant="outline"
                    aria-label={`Remove ${row.name}…`}
                    onClick={() => setAsked({ verb: 'remove', row })}
                  >
                    Remove…
                  </ProtectedButton>
                )
              : null
          }
        />
      )}
      {!isSuperAdmin && !isOwn && (
        <p className="sp-quiet">Only a super admin changes the authenticators of somebody who holds an admin role.</p>
      )}
      {canEnrol && <EnrolmentLink userId={admin.id} name={admin.name} />}
      {isSuperAdmin && !isOwn && admin.hasPassword && !admin.isServiceAccount && (
        <p className="sp-actions">
          <ProtectedButton
            action="admin.password.expire"
            variant="default"
            onClick={() => setAsked({ verb: 'expire' })}
          >
            Expire password…
          </ProtectedButton>
          <ProtectedButton
            action="admin.password.reset"
            color="red"
            variant="outline"
            onClick={() => setAsked({ verb: 'reset-password' })}
          >
            Reset password…
          </ProtectedButton>
        </p>
      )}
      {asked?.verb === 'reset' && (
        <ConfirmDialog
          title={`Reset all authenticators of ${admin.name}?`}
          confirmLabel="Reset all authenticators"
          // Of the wrong person it would put an administrator out, and there is no way back but a new first key.
          typeToConfirm={admin.login}
          protectedAction="admin.factor.reset"
          action={() => post(`${userPath(admin.id)}/lifecycle/reset_factors`)}
          onDone={() =>
            done(`Nothing of ${admin.name}’s is accepted any more. Make an enrolment link for their way back.`)
          }
          onClose={close}
        >
          <p>
            This removes {admin.factors.length === 1 ? 'their one authenticator' : `all ${admin.factors.length}`}:{' '}
            {admin.factors.map(({ name }) => name).join(', ')}. It ends {admin.sessions}{' '}
            {admin.sessions === 1 ? 'session' : 'sessions'} at once and on every door, and voids every enrolment link
            made for them.
          </p>
          <p>
            They get back in by an enrolment link that you make here afterwards, for a new first key. API tokens of
            theirs keep working: <GoTo href={`/tokens?q=${encodeURIComponent(admin.login)}`}>look at them</GoTo>.
          </p>
        </ConfirmDialog>
      )}
      {asked?.verb === 'remove' && (
        <ConfirmDialog
          title={`Remove ${asked.row.name} of ${admin.name}?`}
          confirmLabel="Remove"
          protectedAction="admin.factor.reset"
          action={() => del(`${userPath(admin.id)}/factors/${encodeURIComponent(asked.row.id)}`)}
          onDone={() => done(`${asked.row.name} of ${admin.name} is removed.`)}
          onClose={close}
        >
          <p>
            Nothing accepts it from then on, and the sessions that it opened end at once.
            {asked.row.qualifies && admin.factors.filter(({ qualifies }) => qualifies).length === 1
              ? ' It is their last key that opens the Admin Console: they get back in by an enrolment link only.'
              : ' Their other authenticators keep working.'}
          </p>
        </ConfirmDialog>
      )}
      {asked?.verb === 'expire' && (
        <ConfirmDialog
          title={`Expire the password of ${admin.name}?`}
          confirmLabel="Expire the password"
          protectedAction="admin.password.expire"
          action={() => post(`${userPath(admin.id)}/lifecycle/expire_password`)}
          onDone={() => done(`The password of ${admin.name} is expired.`)}
          onClose={close}
        >
          <p>
            It is good for choosing a new one only, the next time that they sign in with it. Their sessions and keys
            stay as they are.
          </p>
        </ConfirmDialog>
      )}
      {asked?.verb === 'reset-password' && <ResetPasswordDialog admin={admin} onDone={refresh} onClose={close} />}
    </Section>
  );
};
