import { Button } from '@mantine/core';
import type { SubscriptionAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from '../../api.ts';
import { useMe } from '../../frame/me.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { NoticeTable } from '../../ui/notices/notice-table.tsx';
import { type Notice, noticesOf } from '../../ui/notices/notices.ts';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';

const PATH = '/api/v1/users/me/subscriptions';

const ALWAYS = [
  ['A protected action was done in a session of yours', 'A thief in your session would switch it off first.'],
  ['Something waits for your approval', 'Somebody cannot go on before you answer.'],
  ['What you asked for was approved, or denied', 'You asked, and it is your turn again.'],
  ['The secret of a token of yours has become old', 'Nobody else is told to change it.'],
] as const;

/** Which mails come to oneself: those that can be switched off, and those that cannot, and why. */
export const MyNotices = () => {
  const client = useQueryClient();
  const me = useMe();
  const query = useQuery({ queryKey: [PATH], queryFn: () => get<readonly SubscriptionAnswer[]>(PATH) });
  const turn = useMutation({
    mutationFn: ({ type, isOn }: Notice) =>
      post(`${PATH}/${encodeURIComponent(type)}/${isOn ? 'unsubscribe' : 'subscribe'}`),
    onSuccess: (_, { isOn }) => {
      toast(isOn ? 'That mail does not come to you any more.' : 'That mail comes to you from now on.');
      void client.invalidateQueries({ queryKey: [PATH] });
    },
  });
  // This role gets the one mail that can be chosen: where nothing is to be chosen for it, no mail is sent at all.
  const isSuper = me?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  return (
    <Page title="Mails you get" lead="Which ones you can be without, and which always come.">
      <div className="sp-stack">
        <Section
          title="You can be without"
          lead="Nobody else can change this for you but a super admin, for a whole role."
        >
          {turn.isError && <Failure what="The mail was not switched" error={turn.error} wasChange />}
          <QueryView query={query} what="your mails" rows={1}>
            {(subscriptions) => {
              const notices = noticesOf(subscriptions);
              if (notices.length === 0)
                return (
                  <p>
                    {isSuper
                      ? 'This server sends no mail: it is told of no mail server. The inbox shows all the same.'
                      : 'None: such mails go to super admins only.'}
                  </p>
                );
              return (
                <NoticeTable
                  caption="Mails that you can be without"
                  notices={notices}
                  change={(notice) => (
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={`Switch ${notice.isOn ? 'off' : 'on'}: ${notice.words}`}
                      loading={turn.isPending && turn.variables.type === notice.type}
                      onClick={() => turn.mutate(notice)}
                    >
                      {notice.isOn ? 'Switch off' : 'Switch on'}
                    </Button>
                  )}
                />
              );
            }}
          </QueryView>
        </Section>
        <Section
          title="Always come"
          lead="Where this server sends mail at all. Nobody can switch these off, not even for you."
        >
          <DataTable
            caption="Mails that always come"
            rows={ALWAYS}
            rowKey={([when]) => when}
            columns={[
              { key: 'when', head: 'When', cell: ([when]) => when },
              { key: 'why', head: 'Why it cannot be switched off', cell: ([, why]) => why },
            ]}
          />
        </Section>
      </div>
    </Page>
  );
};
