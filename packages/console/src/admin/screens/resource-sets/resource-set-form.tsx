import { Button, Textarea, TextInput } from '@mantine/core';
import type { ResourceSetAnswer } from '@sallyport/client/answers';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { post, put } from '../../api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';

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
  const action = set === null ? 'resource-set.create' : 'resource-set.update';
  const save = useMutation({
    mutationFn: () => {
      const body = { label: label.trim(), description: description.trim() };
      return set === null
        ? post<ResourceSetAnswer>(SETS, { ...body, resources: [] })
        : put<ResourceSetAnswer>(`${SETS}/${encodeURIComponent(set.id)}`, body);
    },
    onSuccess: onDone,
  });
  return (
    <Dialog
      title={set === null ? 'New resource set' : `Change ${set.label}`}
      onClose={onClose}
      closeOnClickOutside={false}
    >
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (label.trim() !== '') save.mutate();
        }}
      >
        <BeforeSaving action={action} />
        <TextInput
          label="Name"
          value={label}
          maxLength={255}
          required
          data-autofocus
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Textarea
          label="What it is for"
          value={description}
          maxLength={4096}
          rows={2}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {save.isError && <Failure what="The resource set was not saved" error={save.error} wasChange />}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <ProtectedButton action={action} type="submit" loading={save.isPending} disabled={label.trim() === ''}>
            Save
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
