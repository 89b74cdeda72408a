import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from './form-dialog.tsx';

/** Asks why: whoever asked reads it, and would only ask again without it. */
export const DenyDialog = ({
  words,
  first,
  deny,
  onDone,
  onClose,
}: {
  readonly words: string;
  /** What stands in the field at first. */
  readonly first: string;
  readonly deny: (comment: string) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [comment, setComment] = useState(first);
  return (
    <FormDialog
      title={`Deny “${words}”?`}
      action={null}
      isReady={comment.trim() !== ''}
      save={() => deny(comment.trim())}
      saveLabel="Deny"
      failed="It was not denied"
      onDone={onDone}
      onClose={onClose}
    >
      <Textarea
        label="Why"
        description="Whoever asked reads it."
        value={comment}
        onChange={({ currentTarget: { value } }) => setComment(value)}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        required
      />
    </FormDialog>
  );
};
