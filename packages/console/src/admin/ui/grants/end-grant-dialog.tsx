import type { GrantAnswer } from '@sallyport/client/answers';
import { post } from '../../api.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { toast } from '../toasts.tsx';
import { nameOfGrant } from './grant-words.ts';

/** Ends something before its time; whoever has it loses it with the next click. */
export const EndGrantDialog = ({
  id,
  kind,
  name,
  who,
  onDone,
  onClose,
}: {
  readonly id: string;
  readonly kind: GrantAnswer['entitlement']['kind'];
  readonly name: string;
  /** Null: it is one's own. */
  readonly who: string | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const isMaintenance = kind === 'service-account';
  const what = nameOfGrant(kind, name);
  return (
    <ConfirmDialog
      title={who === null || isMaintenance ? `End ${what} now?` : `End ${what} of ${who} now?`}
      confirmLabel="End now"
      action={() => post(`/sallyport/v1/grants/${encodeURIComponent(id)}/end`)}
      onDone={() => {
        toast(isMaintenance ? `Nobody signs in as ${name} any more.` : `${name} has ended.`);
        onDone();
      }}
      onClose={onClose}
    >
      {isMaintenance ? (
        <p>
          Whoever is signed in as {name} is out with the next click, in every browser and command line. Its API tokens
          go on. Signing in as it has to be asked for again.
        </p>
      ) : (
        <p>
          {who === null ? 'You lose it' : `${who} loses it`} with the next click. It does not come back by itself: it
          has to be asked for again.
        </p>
      )}
    </ConfirmDialog>
  );
};
