import type { GroupDetailAnswer, GroupOwnerAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, post } from '../../api.ts';
import { ChooseDialog } from '../../ui/choose-dialog.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { GROUPS } from './group-form.tsx';

const nameOf = ({ displayName, id }: GroupOwnerAnswer): string => displayName ?? id;

/** Whom to ask about the group. */
export const GroupOwners = ({
  group,
  mayManage,
}: {
  readonly group: GroupDetailAnswer;
  readonly mayManage: boolean;
}) => {
  const client = useQueryClient();
  const [asking, setAsking] = useState<GroupOwnerAnswer | 'add' | null>(null);
  const path = `${GROUPS}/${encodeURIComponent(group.id)}/owners`;
  const action = group.givesRole ? 'admin-group.update' : 'group.update';
  const query = useQuery({ queryKey: [path], queryFn: () => get<readonly GroupOwnerAnswer[]>(path) });
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries({ queryKey: [path] });
  };
  const remove: Column<GroupOwnerAnswer> = {
    key: 'remove',
    head: 'Remove',
    cell: (owner) => (
      <ProtectedButton
        action={action}
        size="xs"
        variant="default"
        aria-label={`Remove the owner ${nameOf(owner)}…`}
        onClick={() => setAsking(owner)}
      >
        Remove…
      </ProtectedButton>
    ),
  };
  return (
    <Section
      title="Owners"
      lead="Whom to ask about the group. It gives them no right."
      tools={
        mayManage && (
          <ProtectedButton action={action} variant="default" onClick={() => setAsking('add')}>
            Name an owner…
          </ProtectedButton>
        )
      }
    >
      <QueryView query={query} what="the owners" rows={1}>
        {(owners) =>
          owners.length === 0 ? (
            <p className="sp-quiet">Nobody yet.</p>
          ) : (
            <DataTable
              caption={`Owners of ${group.name}`}
              rows={owners}
              rowKey={({ id }) => id}
              columns={[
                {
                  key: 'name',
                  head: 'Owner',
                  cell: (owner) => (
                    <span>
                      <GoTo href={owner.type === 'USER' ? `/admins/${owner.id}` : `/groups/${owner.id}`}>
                        {nameOf(owner)}
                      </GoTo>
                      {owner.type === 'GROUP' && <span className="sp-quiet"> (group)</span>}
                    </span>
                  ),
                },
                ...(mayManage ? [remove] : []),
              ]}
            />
          )
        }
      </QueryView>
      {asking === 'add' && (
        <ChooseDialog
          title={`Name an owner of ${group.name}`}
          kinds={['USER', 'GROUP']}
          action={action}
          confirmLabel="Name them"
          failed="Nobody was named"
          choose={(type, id) => post(path, { id, type })}
          onClose={close}
          onDone={(name) => done(`${name} is an owner of ${group.name}.`)}
        >
          <p className="sp-quiet">It gives them no right over the group.</p>
        </ChooseDialog>
      )}
      {asking !== null && asking !== 'add' && (
        <ConfirmDialog
          title={`${nameOf(asking)} no owner any more?`}
          confirmLabel="Remove"
          protectedAction={action}
          action={() => del(`${path}/${encodeURIComponent(asking.id)}`)}
          onClose={close}
          onDone={() => done(`${nameOf(asking)} is no owner of ${group.name} any more.`)}
        >
          <p>They lose nothing by it: owners hold no right.</p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
