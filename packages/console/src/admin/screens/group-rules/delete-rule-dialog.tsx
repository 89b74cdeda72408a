import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { del, withQuery } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type GroupRule, groupNames, RULES } from './group-rule-answer.ts';

/** Deletes a rule that is off; whoever it put into its groups stays there, or is taken out with it. */
export const DeleteRuleDialog = ({
  rule,
  onDone,
  onClose,
}: {
  readonly rule: GroupRule;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [removesUsers, setRemovesUsers] = useState(false);
  const path = `${RULES}/${encodeURIComponent(rule.id)}`;
  return (
    <ConfirmDialog
      title={`Delete ${rule.name}?`}
      confirmLabel="Delete"
      protectedAction="group-rule.update"
      action={() => del(withQuery(path, { removeUsers: removesUsers ? 'true' : undefined }))}
      onDone={onDone}
      onClose={onClose}
    >
      <p>It cannot be undone. Whoever it put into {groupNames(rule)} stays there, unless you say otherwise.</p>
      <Checkbox
        label="Take out whom it put in, too"
        description="Not those who were added by hand, nor anybody in a group that gives an admin role by now."
        checked={removesUsers}
        onChange={(event) => setRemovesUsers(event.currentTarget.checked)}
      />
    </ConfirmDialog>
  );
};
