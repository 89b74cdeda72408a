import { post } from '../../api.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

/** Ends something before its time; whoever has it loses it with the next click. */
export const EndGrantDialog = ({
  id,
  name,
  who,
  onDone,
  onClose,
}: {
  readonly id: string;
  readonly name: string;
  /** Null: it is one's own. */
  readonly who: string | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => (
  <ConfirmDialog
    title={who === null ? `End ${name} now?` : `End ${name} of ${who} now?`}
    confirmLabel="End now"
    action={() => post(`/sallyport/v1/grants/${encodeURIComponent(id)}/end`)}
    onDone={onDone}
    onClose={onClose}
  >
    <p>
      {who === null ? 'You lose it' : `${who} loses it`} with the next click. It does not come back by itself: it has to
      be asked for again.
    </p>
  </ConfirmDialog>
);
