import { Button, Checkbox, FileButton, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, withQuery } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { CSV_CHARACTERS_MAX, IMPORTS, type ImportDone, type ImportPreview } from './import-answer.ts';
import { PreviewOfImport } from './preview-of-import.tsx';

interface Group {
  readonly id: string;
  readonly profile: { readonly name: string };
}
const EXAMPLE = 'email,firstName,lastName\nann@example.org,Ann,Example';
const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** People from a CSV file: what the file would make is seen first, then it is made a thousand rows at a time. */
export const ImportPeople = () => {
  const [csv, setCsv] = useState('');
  const [fileName, setFileName] = useState<string | null>(null);
  const [groupIds, setGroupIds] = useState<readonly string[]>([]);
  const [groupNames, setGroupNames] = useState<Readonly<Record<string, string>>>({});
  const [activates, setActivates] = useState(false);
  const [skipsExisting, setSkipsExisting] = useState(false);
  const [progress, setProgress] = useState<ImportDone | null>(null);
  const given = { csv, groupIds, activates, skipsExisting };
  const isTooLong = csv.length > CSV_CHARACTERS_MAX;

  const preview = useMutation({ mutationFn: () => post<ImportPreview>(`${IMPORTS}?dryRun=true`, given) });
  const run = useMutation({
    mutationFn: async () => {
      let state = progress;
      // After a refusal it goes on where it stopped.
      for (let from: number | null = state?.next ?? 0; from !== null; from = state.next) {
        const part: ImportDone = await post<ImportDone>(IMPORTS, { ...given, from });
        state = {
          ...part,
          created: part.created + (state?.created ?? 0),
          skipped: part.skipped + (state?.skipped ?? 0),
        };
        setProgress(state);
      }
    },
  });
  /** What was seen is no longer what would be made. */
  const changed = (): void => {
    preview.reset();
    run.reset();
    setProgress(null);
  };
  const isDone = progress !== null && progress.next === null;
  const seen = preview.data;
  const isReady = seen !== undefined && seen.problemCount === 0 && seen.creates > 0;

  return (
    <Page
      title="Import people"
      lead="From a CSV file: the first line names attributes, each other line is one person. Nobody is created before you have seen who."
      command={<CliFor command="sallyport user import people.csv --dry-run" />}
    >
      <Section title="File">
        <form
          className="sp-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (csv.trim() !== '' && !isTooLong) preview.mutate();
          }}
        >
          <BeforeSaving action="user.create" />
          <div className="sp-tools">
            <FileButton
              accept="text/csv,.csv,text/plain"
              disabled={run.isPending}
              onChange={(file) => {
                if (file === null) return;
                void file.text().then((text) => {
                  setCsv(text);
                  setFileName(file.name);
                  changed();
                });
              }}
            >
              {(props) => (
                <Button {...props} variant="default">
                  Choose a file…
                </Button>
              )}
            </FileButton>
            {fileName !== null && <span className="sp-quiet">{fileName}</span>}
          </div>
          <Textarea
            label="Or paste it here"
            description="Columns are email, firstName, lastName and other attributes of a profile; login, where it is not the email. Commas, semicolons or tabs."
            placeholder={EXAMPLE}
            value={csv}
            rows={8}
            spellCheck={false}
            disabled={run.isPending}
            error={isTooLong ? `At most ${CSV_CHARACTERS_MAX.toLocaleString()} characters: import it in parts.` : null}
            onChange={(event) => {
              setCsv(event.currentTarget.value);
              setFileName(null);
              changed();
            }}
          />
          <NamePicker
            one="group"
            many="They become members of"
            ids={groupIds}
            nameOf={(id) => groupNames[id] ?? id}
            onChange={(ids) => {
              setGroupIds(ids);
              changed();
            }}
            find={async (text) => {
              const found = await get<readonly Group[]>(withQuery('/api/v1/groups', { q: text, limit: 10 }));
              const named = found.map(({ id, profile }) => ({ id, name: profile.name }));
              setGroupNames((names) => ({ ...names, ...Object.fromEntries(named.map(({ id, name }) => [id, name])) }));
              return named;
            }}
            error={null}
          />
          <Checkbox
            label="Leave out who has an account already"
            checked={skipsExisting}
            onChange={(event) => {
              setSkipsExisting(event.currentTarget.checked);
              changed();
            }}
          />
          <Checkbox
            label="Activate them"
            description="Else they are staged: nobody can sign in before somebody activates them."
            checked={activates}
            onChange={(event) => {
              setActivates(event.currentTarget.checked);
              changed();
            }}
          />
          <div className="sp-tools">
            <Button
              type="submit"
              variant="default"
              loading={preview.isPending}
              disabled={csv.trim() === '' || isTooLong || run.isPending}
            >
              Preview
            </Button>
          </div>
          {preview.isError && <Failure what="The file was not read" error={preview.error} wasChange />}
        </form>
      </Section>
      {seen !== undefined && (
        <Section title="Preview">
          <PreviewOfImport preview={seen} skipsExisting={skipsExisting} />
          {progress !== null && (
            <div role="status">
              <progress
                className="sp-progress"
                aria-label="Rows that are done"
                max={progress.rows}
                value={progress.done}
              />
              <p>
                {isDone ? 'Done' : `${progress.done} of ${progress.rows} rows`}:{' '}
                {count(progress.created, 'person was', 'people were')} created
                {progress.skipped > 0 && `, ${progress.skipped} left out`}.{' '}
                {isDone && (
                  <GoTo href="/people" isOnlyLink>
                    See people
                  </GoTo>
                )}
              </p>
            </div>
          )}
          {run.isError && (
            <Failure
              what={progress === null ? 'Nobody was created' : 'The rest was not created'}
              error={run.error}
              wasChange
            />
          )}
          {isReady && !isDone && (
            <div className="sp-tools">
              <ProtectedButton action="user.create" loading={run.isPending} onClick={() => run.mutate()}>
                {progress === null ? `Create ${count(seen.creates, 'person', 'people')}` : 'Go on'}
              </ProtectedButton>
            </div>
          )}
        </Section>
      )}
    </Page>
  );
};
