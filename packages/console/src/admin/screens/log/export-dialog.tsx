import { Button, Progress, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, post, withQuery } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { Word } from '../../ui/word.tsx';
import type { LogExport, LogSearch } from './log-api.ts';

const PATH = '/sallyport/v1/logs/exports';
const POLL_MS = 1000;

interface Estimate {
  readonly rows: number;
  readonly bytes: number;
  readonly isExact: boolean;
}

const sizeWords = (bytes: number): string =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : bytes >= 1e6
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${Math.ceil(bytes / 1e3)} kB`;

const ENDED: Readonly<Record<string, string>> = {
  CANCELED: 'Cancelled',
  FAILED: 'Failed',
  INTERRUPTED: 'Interrupted',
  EXPIRED: 'Expired',
};

const Standing = ({ of, onCancel }: { readonly of: LogExport; readonly onCancel: () => void }) => {
  if (of.status === 'RUNNING')
    return (
      <>
        <Progress
          value={of.estimatedRows === 0 ? 0 : Math.min(100, (of.rows / of.estimatedRows) * 100)}
          aria-label="Export"
        />
        <p role="status">
          {of.rows.toLocaleString()} of about {of.estimatedRows.toLocaleString()} events. You may leave this open or
          close it: it goes on.
        </p>
        <Button variant="default" size="sm" onClick={onCancel}>
          Cancel the export
        </Button>
      </>
    );
  if (of.downloadUrl === null)
    return (
      <p role="status">
        <Word tone="bad">{ENDED[of.status] ?? of.status}</Word> {of.reason}
      </p>
    );
  return (
    <p role="status">
      <Word tone="good">Ready</Word> {of.rows.toLocaleString()} events, {sizeWords(of.bytes)}.{' '}
      <a href={of.downloadUrl} download>
        Download
      </a>{' '}
      <span className="sp-quiet">
        only by you, until <Instant at={of.expiresAt} />
      </span>
    </p>
  );
};

/** A copy of what is found, as a file: first how much it is, then how far it is, then the link. */
export const ExportDialog = ({ search, onClose }: { readonly search: LogSearch; readonly onClose: () => void }) => {
  const [format, setFormat] = useState<'csv' | 'jsonl'>('csv');
  const [id, setId] = useState<string | null>(null);
  const estimate = useQuery({
    queryKey: ['log', 'estimate', search],
    queryFn: () => get<Estimate>(withQuery(`${PATH}/estimate`, { ...search })),
  });
  const mine = useQuery({ queryKey: ['log', 'exports'], queryFn: () => get<readonly LogExport[]>(PATH) });
  // One that was left running is picked up again.
  const shownId = id ?? mine.data?.find(({ status }) => status === 'RUNNING')?.id ?? null;
  const standing = useQuery({
    queryKey: ['log', 'export', shownId],
    queryFn: () => get<LogExport>(`${PATH}/${shownId}`),
    enabled: shownId !== null,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.status === 'RUNNING' ? POLL_MS : false),
  });
  const start = useMutation({
    mutationFn: () => post<LogExport>(PATH, { format, ...search }),
    onSuccess: (made) => setId(made.id),
  });
  const cancel = useMutation({
    mutationFn: (which: string) => del(`${PATH}/${which}`),
    onSettled: () => void standing.refetch(),
  });
  const { data } = estimate;
  return (
    <Dialog title="Export" size="lg" onClose={onClose}>
      <div className="sp-dialog-text">
        <p role="status">
          {data === undefined
            ? 'Counting…'
            : `${data.isExact ? '' : 'About '}${data.rows.toLocaleString()} events, about ${sizeWords(data.bytes)}.`}
        </p>
        {estimate.isError && <Failure what="Couldn’t count the events" error={estimate.error} />}
        <SegmentedControl
          aria-label="Format"
          value={format}
          onChange={(value) => setFormat(value as 'csv' | 'jsonl')}
          data={[
            { value: 'csv', label: 'CSV' },
            { value: 'jsonl', label: 'JSON Lines' },
          ]}
        />
        <p className="sp-quiet">
          The export, and each download of it, is an event of the log.{' '}
          {format === 'csv' && 'Cells that a spreadsheet would run as a formula begin with an apostrophe.'}
        </p>
        {standing.data !== undefined && (
          <Standing of={standing.data} onCancel={() => cancel.mutate(standing.data.id)} />
        )}
        {start.isError && <Failure what="Couldn’t begin the export" error={start.error} wasChange />}
        {cancel.isError && <Failure what="Couldn’t cancel it" error={cancel.error} />}
        <CliFor
          command={`sallyport log export --format ${format} --since ${search.since} --until ${search.until}${search.filter === undefined ? '' : ` --filter '${search.filter.replaceAll("'", "'\\''")}'`}${search.q === undefined ? '' : ` --words '${search.q.replaceAll("'", "'\\''")}'`} --out events.${format}`}
        />
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <ProtectedButton
            action="log.export"
            onClick={() => start.mutate()}
            loading={start.isPending}
            disabled={standing.data?.status === 'RUNNING' || data === undefined || data.rows === 0}
          >
            Export
          </ProtectedButton>
        </div>
      </div>
    </Dialog>
  );
};
