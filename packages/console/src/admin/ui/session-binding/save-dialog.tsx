import type { BindingPreviewAnswer, SessionBindingAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { put, putTagged } from '../../api.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { QueryView } from '../query-view.tsx';
import { BindingChanges } from './binding-changes.tsx';
import { ClientAddressCheck } from './client-address.tsx';

const PATH = '/sallyport/v1/session-binding';

const isIpEnforced = ({ ipBinding, apps }: SessionBindingAnswer): boolean =>
  [ipBinding, ...Object.values(apps).map((app) => app.ipBinding)].includes('ENFORCED');

/** The last look before binding modes are saved: exactly what changes, for whom, and whether one ends one's own session. */
export const SaveDialog = ({
  draft,
  etag,
  labelOf,
  onSaved,
  onClose,
}: {
  readonly draft: SessionBindingAnswer;
  readonly etag: string;
  readonly labelOf: (app: string) => string;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) => {
  const preview = useQuery({
    queryKey: ['session-binding', 'preview', draft],
    queryFn: () => put<BindingPreviewAnswer>(`${PATH}?dryRun=true`, draft),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <ConfirmDialog
      title="Save the session binding?"
      confirmLabel="Save"
      protectedAction="session-binding.update"
      isDanger={preview.data?.ownSession?.verdict === 'end'}
      action={() => putTagged(PATH, draft, etag)}
      onDone={onSaved}
      onClose={onClose}
    >
      <QueryView query={preview} what="what would change" rows={3}>
        {({ changes, ownSession, seenElsewhere }) => (
          <div className="sp-stack">
            <BindingChanges caption="What saving changes" changes={changes} labelOf={labelOf} />
            {ownSession?.verdict === 'end' && (
              <p role="alert">
                <strong>This ends your own session.</strong> {ownSession.reasons.join(' ')} You will be signed out at
                your next click, and sign in again from where you are.
              </p>
            )}
            {ownSession?.verdict === 'prove' && (
              <p>Your own page will be asked once to prove its key. You will not notice.</p>
            )}
            <p>
              {seenElsewhere.sessions === 0
                ? 'No active session was seen anywhere that this would not allow.'
                : `${seenElsewhere.sessions} active ${seenElsewhere.sessions === 1 ? 'session' : 'sessions'} of ${seenElsewhere.logins.join(', ')} will end if used again from where they were seen.`}
            </p>
            {isIpEnforced(draft) && <ClientAddressCheck />}
            <p>It counts for every active session from its next request on.</p>
          </div>
        )}
      </QueryView>
    </ConfirmDialog>
  );
};
