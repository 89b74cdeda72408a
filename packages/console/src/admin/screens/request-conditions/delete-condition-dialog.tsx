import { del } from '../../api.ts';
import { SETTINGS_ACTION } from '../../ui/asking-paths.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Condition, pathOf } from './condition-words.ts';

const openWords = (open: number): string => {
  if (open === 0) return 'No request that was made under it is open.';
  return open === 1
    ? 'One request that was made under it is open. It can no longer give anything: whoever asked must ask anew. Turn the condition off instead and it goes on.'
    : `${open} requests that were made under it are open. They can no longer give anything: whoever asked must ask anew. Turn the condition off instead and they go on.`;
};

/** Deletes a condition; says what becomes of what was asked for, and of what was given. */
export const DeleteConditionDialog = ({
  condition,
  onDone,
  onClose,
}: {
  readonly condition: Condition;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => (
  <ConfirmDialog
    title={`Delete ${condition.name}?`}
    confirmLabel="Delete"
    protectedAction={SETTINGS_ACTION}
    action={() => del(pathOf(condition))}
    onDone={onDone}
    onClose={onClose}
  >
    <p>
      {condition.status === 'ACTIVE' && 'Nobody asks by it any more. '}
      {openWords(condition.openRequests)}
    </p>
    <p>What was given by it stays until its end. To stop asking for a while, turn it off instead.</p>
  </ConfirmDialog>
);
