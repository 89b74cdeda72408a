import type { RoleHolderAnswer } from '@sallyport/client/answers';
import { del } from '../../api.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { type Holder, rolesPathOf } from './holder.ts';
import { overWords } from './over-words.ts';

/** Of a bundle a role is taken by changing the bundle. */
export type TakeableRole = RoleHolderAnswer & Holder;

const NEXT: Readonly<Record<Holder['kind'], string>> = {
  user: 'their next click; sessions stay open',
  group: 'the next click of everybody in the group; sessions stay open',
  client: 'the next request of the service app',
};

/** Takes a role from whoever holds it by themselves. */
export const TakeRoleDialog = ({
  assignment,
  onDone,
  onClose,
}: {
  readonly assignment: TakeableRole;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => (
  <ConfirmDialog
    title={`Take ${assignment.role.label} from ${assignment.name}?`}
    confirmLabel="Take away"
    protectedAction="role.unassign"
    action={() => del(`${rolesPathOf(assignment)}/${encodeURIComponent(assignment.assignmentId)}`)}
    onDone={onDone}
    onClose={onClose}
  >
    <p>
      It is held over {overWords(assignment)}. It counts at {NEXT[assignment.kind]}.
    </p>
  </ConfirmDialog>
);
