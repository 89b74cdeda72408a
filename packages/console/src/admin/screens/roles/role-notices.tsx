import type { RoleDetailAnswer, SubscriptionAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { useMay, useMe } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { NoticeTable } from '../../ui/notices/notice-table.tsx';
import { type Notice, noticesOf } from '../../ui/notices/notices.ts';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';

/** Which mails holders of a role get of those that can be switched off. A super admin chooses for all of them. */
export const RoleNotices = ({ role }: { readonly role: RoleDetailAnswer }) => {
  const client = useQueryClient();
  const mayRead = useMay('okta.roles.read');
  const isSuper = useMe()?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  const [asking, setAsking] = useState<Notice | null>(null);
  const path = `/api/v1/roles/${encodeURIComponent(role.id)}/subscriptions`;
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<readonly SubscriptionAnswer[]>(path),
    enabled: mayRead,
  });
  if (!mayRead) return null;
  return (
    <Section
      title="Mails its holders get"
      lead="Of those that can be switched off. What is about their own account, or waits for them, always comes."
    >
      <QueryView query={query} what="the mails of the role" rows={1}>
        {(subscriptions) => {
          const notices = noticesOf(subscriptions);
          return notices.length === 0 ? (
            <p>
              {role.id === 'SUPER_ADMIN'
                ? 'This server sends no mail: it is told of no mail server.'
                : 'None: such mails go to super admins only.'}
            </p>
          ) : (
            <NoticeTable
              caption="Mails its holders get"
              notices={notices}
              change={
                isSuper
                  ? (notice) => (
                      <ProtectedButton
                        action="role-notices.update"
                        variant="default"
                        size="xs"
                        aria-label={`Switch ${notice.isOn ? 'off' : 'on'} for all: ${notice.words}…`}
                        onClick={() => setAsking(notice)}
                      >
                        {notice.isOn ? 'Switch off for all…' : 'Switch on for all…'}
                      </ProtectedButton>
                    )
                  : null
              }
            />
          );
        }}
      </QueryView>
      {asking !== null && (
        <ConfirmDialog
          title={`Switch this mail ${asking.isOn ? 'off' : 'on'} for the role?`}
          confirmLabel={asking.isOn ? 'Switch it off' : 'Switch it on'}
          isDanger={asking.isOn}
          protectedAction="role-notices.update"
          action={() => post(`${path}/${encodeURIComponent(asking.type)}/${asking.isOn ? 'unsubscribe' : 'subscribe'}`)}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null);
            toast(
              asking.isOn
                ? 'Holders of the role are not mailed of it now.'
                : 'Holders of the role are mailed of it now.',
            );
            void client.invalidateQueries({ queryKey: [path] });
            // It undoes one's own choice, too.
            void client.invalidateQueries({ queryKey: ['/api/v1/users/me/subscriptions'] });
          }}
        >
          <p>{asking.words}.</p>
          <p>
            It holds for everybody who has the role {role.label}, and undoes what they chose for themselves; each may
            choose again afterwards.
          </p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
