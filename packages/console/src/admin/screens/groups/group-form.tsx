import type { GroupAnswer, GroupDetailAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { get, post, put } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';

export const GROUPS = '/api/v1/groups';

/** The name of a group and what it is for. */
export const GroupForm = ({
  group,
  action,
  onDone,
  onClose,
}: {
  readonly group: Pick<GroupDetailAnswer, 'id' | 'name' | 'description'> | null;
  /** The protected action that saving does, if any. */
  readonly action: string | null;
  readonly onDone: (saved: GroupAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(group?.name ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const save = async (): Promise<GroupAnswer> => {
    const typed = { name: name.trim(), description: description.trim() === '' ? null : description.trim() };
    if (group === null) return post<GroupAnswer>(GROUPS, { profile: typed });
    const path = `${GROUPS}/${encodeURIComponent(group.id)}`;
    // What is put is the whole profile: what the organisation keeps of a group beside these two stays.
    const { profile } = await get<GroupAnswer>(path);
    return put<GroupAnswer>(path, { profile: { ...profile, ...typed } });
  };
  return (
    <FormDialog
      title={group === null ? 'New group' : `Change ${group.name}`}
      action={action}
      isReady={name.trim() !== ''}
      save={save}
      failed="The group was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      <NamedFields
        name={name}
        description={description}
        descriptionMax={1024}
        onName={setName}
        onDescription={setDescription}
      />
    </FormDialog>
  );
};
