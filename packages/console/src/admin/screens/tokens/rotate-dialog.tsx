import { Button, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { NewSecret } from './new-secret.tsx';
import { type MadeToken, TOKENS, type Token } from './token-answer.ts';

const OVERLAPS = [
  { value: '0', label: 'not at all: it was seen by somebody' },
  { value: '1', label: 'an hour' },
  { value: '24', label: 'a day' },
  { value: '72', label: 'three days' },
  { value: '168', label: 'a week' },
];

/** A new secret, and how long the old one works beside it: long enough to bring the new one to where it is used. */
export const RotateDialog = ({
  token,
  onDone,
  onClose,
}: {
  readonly token: Token;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [hours, setHours] = useState(token.oldSecret === null ? '24' : '0');
  const rotate = useMutation({
    mutationFn: () =>
      post<MadeToken>(`${TOKENS}/${encodeURIComponent(token.id)}/rotate`, { overlapHours: Number(hours) }),
  });
  const title = `A new secret for ${token.name}`;
  if (rotate.data !== undefined)
    return (
      <Dialog title={title} onClose={onDone} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
        <NewSecret made={rotate.data} onClose={onDone} />
      </Dialog>
    );
  return (
    <Dialog title={title} onClose={onClose} closeOnClickOutside={false}>
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate();
        }}
      >
        <p>
          The secret is the same since <Instant at={token.secretSetAt} />. Name, rights and network stay as they are.
        </p>
        <NativeSelect
          label="How long the old secret goes on working"
          data={token.oldSecret === null ? OVERLAPS : OVERLAPS.slice(0, 1)}
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
        />
        {token.oldSecret !== null && (
          <p className="sp-state warn slim">
            An overlap is running until <Instant at={token.oldSecret.endsAt} />: rotating now ends both secrets. Or end
            the old one first, from the list.
          </p>
        )}
        {rotate.isError && <Failure what="The token was not rotated" error={rotate.error} wasChange />}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={rotate.isPending}>
            Cancel
          </Button>
          <ProtectedButton action="api-token.rotate" type="submit" loading={rotate.isPending}>
            Make a new secret
          </ProtectedButton>
        </div>
        <CliFor command={`sallyport token rotate ${token.id} --overlap ${hours}h`} />
      </form>
    </Dialog>
  );
};
