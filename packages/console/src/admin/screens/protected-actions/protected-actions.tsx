import { Button, NativeSelect, Switch } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { getTagged, putTagged } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page } from '../../ui/page.tsx';
import { myProtectedActionsQuery } from '../../ui/protected-action.ts';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { EmptyByFilter, Stale } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ActionTable } from './action-table.tsx';
import { ChangesTable } from './changes-table.tsx';
import { PROTECTED_ACTIONS, type ProtectedAction, type ProtectedActions } from './protected-actions-answer.ts';
import {
  bodyOf,
  changesOf,
  type Draft,
  draftOnTop,
  emptyDraft,
  type SettingChange,
  settingIn,
  usualDraft,
  withSetting,
} from './setting-draft.ts';

interface Tagged {
  readonly body: ProtectedActions;
  readonly etag: string;
}
interface Editing {
  readonly base: Tagged;
  readonly draft: Draft;
}

const MANAGE = 'okta.sessionBinding.manage';
const UPDATE = 'protected-actions.update';
const CHANGES_LOG = `/log?${new URLSearchParams({ filter: 'eventType eq "security.protected_action.settings.update"', last: '7776000' }).toString()}`;

const matches = ({ action, words, why }: ProtectedAction, text: string): boolean =>
  `${words} ${why} ${action}`.toLowerCase().includes(text.trim().toLowerCase());

/** What asks for the key, or for a second person, before it is done? */
export const ProtectedActionsScreen = () => {
  const query = useQuery({
    queryKey: [PROTECTED_ACTIONS],
    queryFn: () => getTagged<ProtectedActions>(PROTECTED_ACTIONS),
  });
  const changed = query.data?.body.changed;
  const mayReadLog = useMay('okta.logs.read');
  return (
    <Page
      title="Protected actions"
      lead={
        <>
          What asks for fresh proof with a key before it is done.{' '}
          {changed === null && 'As it came: nobody has changed it.'}
          {changed != null && (
            <>
              Changed by {changed.byLogin ?? changed.by} at <Instant at={changed.at} />
              {mayReadLog && (
                <>
                  {' '}
                  · <GoTo href={CHANGES_LOG}>all changes</GoTo>
                </>
              )}
              .
            </>
          )}
        </>
      }
      tools={query.data !== undefined && <JsonButton title="Protected actions" value={query.data.body} />}
      command={<CliFor command={`sallyport api GET ${PROTECTED_ACTIONS}`} />}
    >
      <QueryView query={query} what="the protected actions" rows={8}>
        {(saved) => <Table saved={saved} refetch={() => void query.refetch()} />}
      </QueryView>
    </Page>
  );
};

const Table = ({ saved, refetch }: { readonly saved: Tagged; readonly refetch: () => void }) => {
  const client = useQueryClient();
  const mayManage = useMay(MANAGE);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const base = editing?.base ?? saved;
  const draft = editing?.draft ?? emptyDraft(saved.body);
  const edit = (next: Draft): void => setEditing({ base, draft: next });
  const mine = changesOf(base.body, draft);
  const isStale = mine.length > 0 && saved.etag !== base.etag;
  const optional = base.body.actions.filter(({ isFloor }) => !isFloor);
  return (
    <div className="sp-stack">
      {isStale && (
        <Stale
          what="The table"
          onTakeTheirs={() => setEditing(null)}
          onKeepMine={() => setEditing({ base: saved, draft: draftOnTop(saved.body, mine) })}
        >
          <h3>They saved</h3>
          <ChangesTable
            caption="What somebody else saved"
            changes={changesOf(base.body, {
              isOn: saved.body.isOn,
              settings: Object.fromEntries(saved.body.actions.map(({ action, setting }) => [action, setting])),
            })}
          />
          <h3>You meant to</h3>
          <ChangesTable caption="What you were about to save" changes={mine} />
        </Stale>
      )}
      {mayManage ? (
        <BeforeSaving action={UPDATE} />
      ) : (
        <p className="sp-quiet">
          You may read this. Changing it needs the permission <code>{MANAGE}</code>, which super administrators hold.
        </p>
      )}
      <div className="sp-card">
        {mayManage ? (
          <Switch
            label={`Ask for proof before the ${optional.length} actions that may be switched off`}
            description={`The other ${base.body.actions.length - optional.length} give or guard power: they always ask, and no copied key counts for them.`}
            checked={draft.isOn}
            onChange={(event) => edit({ ...draft, isOn: event.currentTarget.checked })}
          />
        ) : (
          <p>
            {draft.isOn
              ? 'All that are on below are asked for.'
              : 'Switched off: only those marked “always” are asked.'}
          </p>
        )}
        {mayManage && (
          <p className="sp-actions">
            <Button variant="default" size="xs" onClick={() => edit(usualDraft(base.body))}>
              Show everything as it came
            </Button>
          </p>
        )}
      </div>
      {mine.length > 0 && !isStale && (
        <Unsaved changes={mine} onDiscard={() => setEditing(null)} onSave={() => setIsAsking(true)} />
      )}
      <Filtered base={base.body} draft={draft} edit={mayManage ? edit : null} />
      {isAsking && !isStale && (
        <ConfirmDialog
          title="Save the protected actions?"
          confirmLabel="Save"
          protectedAction={UPDATE}
          isDanger={mine.some(({ to }) => to === false || (typeof to === 'object' && !to.isOn))}
          action={() => putTagged(PROTECTED_ACTIONS, bodyOf(mine), base.etag)}
          onClose={() => {
            setIsAsking(false);
            // A refusal because somebody else was faster is answered with their version.
            refetch();
          }}
          onDone={() => {
            setIsAsking(false);
            setEditing(null);
            toast('Saved. It counts from the next request on.');
            void client.invalidateQueries({ queryKey: [PROTECTED_ACTIONS] });
            void client.invalidateQueries(myProtectedActionsQuery);
          }}
        >
          <ChangesTable caption="What saving changes" changes={mine} />
          <p>It counts for every administrator from their next request on.</p>
        </ConfirmDialog>
      )}
    </div>
  );
};

const Unsaved = ({
  changes,
  onDiscard,
  onSave,
}: {
  readonly changes: readonly SettingChange[];
  readonly onDiscard: () => void;
  readonly onSave: () => void;
}) => (
  <div className="sp-state warn" role="status">
    <h2>Not saved yet</h2>
    <ChangesTable caption="What would change" changes={changes} />
    <p className="sp-actions">
      <Button variant="default" onClick={onDiscard}>
        Discard
      </Button>
      <ProtectedButton action={UPDATE} onClick={onSave}>
        Review and save…
      </ProtectedButton>
    </p>
  </div>
);

const Filtered = ({
  base,
  draft,
  edit,
}: {
  readonly base: ProtectedActions;
  readonly draft: Draft;
  readonly edit: ((next: Draft) => void) | null;
}) => {
  const { search, set } = useUrlState();
  const { q, group } = search;
  const search_ = useCallback((text: string) => set({ q: text === '' ? undefined : text }, 'replace'), [set]);
  const groups = [...new Set(base.actions.map((row) => row.group))];
  const rows = base.actions.filter(
    (row) => (group === undefined || row.group === group) && (q === undefined || matches(row, q)),
  );
  const chips = [
    ...(q === undefined ? [] : [{ key: 'q', text: `words: ${q}` }]),
    ...(group === undefined ? [] : [{ key: 'group', text: `about: ${group}` }]),
  ];
  return (
    <>
      <search className="sp-filters">
        <SearchBox label="Words" value={q ?? ''} onChange={search_} />
        <NativeSelect
          label="About"
          data={[{ value: '', label: 'everything' }, ...groups]}
          value={group ?? ''}
          onChange={(event) => set({ group: event.currentTarget.value || undefined })}
        />
      </search>
      <FilterChips chips={chips} onRemove={(key) => set({ [key]: undefined })} />
      {rows.length === 0 ? (
        <EmptyByFilter
          what="protected actions"
          filters={chips.map(({ text }) => text)}
          onClear={() => set({ q: undefined, group: undefined })}
        />
      ) : (
        <>
          <ActionTable
            rows={rows}
            draft={draft}
            onChange={
              edit === null
                ? null
                : (row, part) => edit(withSetting(draft, row.action, { ...settingIn(draft, row), ...part }))
            }
          />
          <p className="sp-quiet">
            {rows.length} of {base.actions.length} actions
          </p>
        </>
      )}
    </>
  );
};
