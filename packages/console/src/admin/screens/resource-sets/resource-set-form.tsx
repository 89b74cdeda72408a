import type { ResourceSetAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post, put } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';

export const SETS = '/api/v1/iam/resource-sets';

/** The name of a resource set and what it is for; an empty one is made, and filled on its page. */
export const ResourceSetForm = ({
  set,
  onDone,
  onClose,
}: {
  readonly set: Pick<ResourceSetAnswer, 'id' | 'label' | 'description'> | null;
  readonly onDone: (saved: ResourceSetAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [label, setLabel] = useState(set?.label ?? '');
  const [description, setDescription] = useState(set?.description ?? '');
  const save = (): Promise<ResourceSetAnswer> => {
    const body = { label: label.trim(), description: description.trim() };
    return set === null
      ? post<ResourceSetAnswer>(SETS, { ...body, resources: [] })
      : put<ResourceSetAnswer>(`${SETS}/${encodeURIComponent(set.id)}`, body);
  };
  return (
    <FormDialog
      title={set === null ? 'New resource set' : `Change ${set.label}`}
      action={set === null ? 'resource-set.create' : 'resource-set.update'}
      isReady={label.trim() !== ''}
      save={save}
      failed="The resource set was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      <NamedFields
        name={label}
        description={description}
        descriptionMax={4096}
        onName={setLabel}
        onDescription={setDescription}
      />
    </FormDialog>
  );
};
