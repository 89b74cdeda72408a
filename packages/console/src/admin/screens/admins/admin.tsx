import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { del, get } from '../../api.ts';
import { useMay, useMe } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RolesHeld } from '../../ui/roles/roles-held.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { statusWords } from '../people/person-words.ts';
import { ServiceAccount } from '../people/service-account.tsx';
import type { AdminDetail } from './admin-answer.ts';
import { Credentials } from './admin-credentials.tsx';
import { Strongest } from './strongest.tsx';

const logOf = (id: string): string => `/log?${new URLSearchParams({ filter: `actor.id eq "${id}"` }).toString()}`;

const Facts = ({ admin }: { readonly admin: AdminDetail }) => (
  <Section title="Power and proof">
    <dl className="sp-facts">
      <dt>Login</dt>
      <dd>{admin.login}</dd>
      <dt>Status</dt>
      <dd>
        <Word tone={statusWords(admin.status).tone}>{statusWords(admin.status).word}</Word>
      </dd>
      <dt>Strongest authenticator</dt>
      <dd>
        <Strongest of={admin} />
      </dd>
      <dt>Power last used</dt>
      <dd>
        {admin.lastUsedAt === null ? 'not in 90 days' : <Instant at={admin.lastUsedAt} />}{' '}
        <GoTo href={`/access?user=${encodeURIComponent(admin.id)}`} isOnlyLink>
          what they can do, and what of it they use
        </GoTo>
      </dd>
      <dt>Last sign-in</dt>
      <dd>
        <Instant at={admin.lastSignInAt} />
      </dd>
      <dt>Unused for</dt>
      <dd>
        {admin.unusedDays} {admin.unusedDays === 1 ? 'day' : 'days'}
      </dd>
      <dt>What they did</dt>
      <dd>
        <GoTo href={logOf(admin.id)}>System Log, as actor</GoTo>
      </dd>
      <dt>Id</dt>
      <dd>
        <CopyId id={admin.id} />
      </dd>
    </dl>
  </Section>
);

const Sessions = ({ admin, onRevoke }: { readonly admin: AdminDetail; readonly onRevoke: () => void }) => {
  const mayRevoke = useMay('okta.users.lifecycle.clearSessions');
  return (
    <Section
      title="Sessions now"
      tools={
        mayRevoke &&
        admin.sessions > 0 && (
          <Button color="red" variant="outline" onClick={onRevoke}>
            Revoke all sessions…
          </Button>
        )
      }
    >
      {admin.liveSessions.length === 0 ? (
        <p className="sp-quiet">None.</p>
      ) : (
        <DataTable
          caption={`Sessions of ${admin.name}`}
          rows={admin.liveSessions}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'device',
              head: 'Device',
              cell: ({ id, device }) => <GoTo href={`/sessions/${id}`}>{device}</GoTo>,
            },
            { key: 'address', head: 'Bound to', cell: ({ address, network }) => `${address} · ${network}` },
            { key: 'created', head: 'Signed in', isNumeric: true, cell: ({ createdAt }) => <Instant at={createdAt} /> },
            {
              key: 'seen',
              head: 'Last seen',
              isNumeric: true,
              cell: ({ lastActivityAt }) => <Instant at={lastActivityAt} as="relative" />,
            },
          ]}
        />
      )}
      {admin.sessions > admin.liveSessions.length && (
        <p className="sp-quiet">
          The last {admin.liveSessions.length} of {admin.sessions}.
        </p>
      )}
    </Section>
  );
};

/** Should they hold it? */
export const AdminScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const me = useMe();
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const path = `/sallyport/v1/admins/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<AdminDetail>(path) });
  const isOwn = me?.user.id === id;
  return (
    <Page
      title={query.data?.name ?? 'Administrator'}
      {...(query.data === undefined ? {} : { tools: <JsonButton title={query.data.name} value={query.data} /> })}
      command={<CliFor command={`sallyport api GET ${path}`} />}
    >
      <QueryView query={query} what="the administrator">
        {(admin) => (
          <div className="sp-stack">
            <Facts admin={admin} />
            <RolesHeld holder={{ kind: 'user', id: admin.id, name: admin.name }} />
            <ServiceAccount account={admin} />
            <Credentials admin={admin} />
            <Sessions admin={admin} onRevoke={() => setIsAsking(true)} />
            {isAsking && (
              <ConfirmDialog
                title={`Revoke ${isOwn ? 'your own' : `${admin.name}’s`} sessions?`}
                confirmLabel="Revoke"
                action={() => del(`/api/v1/users/${encodeURIComponent(id)}/sessions`)}
                onDone={() => {
                  setIsAsking(false);
                  toast(`All sessions of ${admin.name} revoked.`);
                  void client.invalidateQueries();
                }}
                onClose={() => setIsAsking(false)}
              >
                <p>
                  This ends {admin.sessions} {admin.sessions === 1 ? 'session' : 'sessions'}
                  {isOwn ? ', this one included' : ''}, at once and on every door. The account itself stays as it is.
                </p>
              </ConfirmDialog>
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
