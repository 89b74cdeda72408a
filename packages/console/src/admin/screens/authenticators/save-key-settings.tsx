import type { KeySettings, KeySettingsPreviewAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { put, putTagged } from '../../api.ts';
import { ChangesTable } from '../../ui/changes-table.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { LABELS, valueWords } from './key-setting-words.ts';
import { HoldersList } from './quarantine.tsx';

/** The last look before it is saved: what changes, whose keys would not be taken any more, and whether it is possible. */
export const SaveKeySettings = ({
  path,
  settings,
  etag,
  onSaved,
  onClose,
}: {
  readonly path: string;
  readonly settings: Partial<KeySettings>;
  readonly etag: string;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) => {
  const preview = useQuery({
    queryKey: ['authenticators', 'preview', settings],
    queryFn: () => put<KeySettingsPreviewAnswer>(`${path}?dryRun=true`, { settings }),
    staleTime: 0,
    gcTime: 0,
  });
  const without = preview.data?.quarantine.peopleWithoutKey ?? 0;
  return (
    <ConfirmDialog
      title="Save what is asked of keys?"
      confirmLabel="Save"
      protectedAction="authenticator.update"
      isDanger={without > 0}
      action={() => putTagged(path, { settings }, etag)}
      onDone={onSaved}
      onClose={onClose}
    >
      <QueryView query={preview} what="what would change" rows={3}>
        {({ changes, quarantine, refusedBecause }) => (
          <div className="sp-stack">
            <ChangesTable
              caption="What saving changes"
              changes={changes.map(({ field, from, to }) => ({
                what: LABELS[field],
                from: valueWords(field, from),
                to: valueWords(field, to),
              }))}
            />
            {refusedBecause !== null && (
              <p role="alert">
                <strong>This would be refused.</strong> {refusedBecause}
              </p>
            )}
            <p>
              <strong>{quarantine.summary}</strong> They are refused at their next sign-in, and told why. Sessions that
              are open now go on.
            </p>
            {quarantine.holders.length > 0 && <HoldersList holders={quarantine.holders} />}
          </div>
        )}
      </QueryView>
    </ConfirmDialog>
  );
};
