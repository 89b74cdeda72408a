import { DataTable } from '../../ui/data-table.tsx';
import type { ImportPreview } from './import-answer.ts';

type Sample = ImportPreview['sample'][number];

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value ?? ''));

/** Every attribute that any of them has, in the order of the file. */
const attributesOf = (sample: readonly Sample[]): readonly string[] => [
  ...new Set(sample.flatMap(({ profile }) => Object.keys(profile))),
];

/** What a file would make: how many, what is wrong with which line, and the first of them as they would be. */
export const PreviewOfImport = ({
  preview,
  skipsExisting,
}: {
  readonly preview: ImportPreview;
  readonly skipsExisting: boolean;
}) => {
  const { rows, creates, existing, problemCount, problems, sample } = preview;
  return (
    <>
      <p role="status">
        {rows} {rows === 1 ? 'row' : 'rows'}: <strong>{creates} to create</strong>
        {existing > 0 && `, ${existing} there already`}
        {problemCount > 0 && `, ${problemCount} wrong`}.
      </p>
      {problemCount > 0 && (
        <div className="sp-state warn slim">
          <p>
            Nobody can be created while a row is wrong.
            {existing > 0 && !skipsExisting && ' Who is there already may be left out: tick it above.'}
          </p>
          <DataTable
            caption="Rows that are wrong"
            rows={problems}
            rowKey={({ line, problem }) => `${line} ${problem}`}
            columns={[
              { key: 'line', head: 'Line', cell: ({ line }) => line, isNumeric: true },
              { key: 'problem', head: 'What is wrong', cell: ({ problem }) => problem },
            ]}
          />
          {problemCount > problems.length && <p>And {problemCount - problems.length} more.</p>}
        </div>
      )}
      {sample.length > 0 && (
        <>
          <DataTable
            caption="The first who would be created"
            rows={sample}
            rowKey={({ line }) => String(line)}
            columns={[
              { key: 'line', head: 'Line', cell: ({ line }) => line, isNumeric: true },
              ...attributesOf(sample).map((name) => ({
                key: name,
                head: name,
                cell: ({ profile }: Sample) => textOf(profile[name]),
              })),
            ]}
          />
          {creates > sample.length && <p className="sp-quiet">And {creates - sample.length} more.</p>}
        </>
      )}
    </>
  );
};
