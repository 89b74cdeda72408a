import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { AccessRequestDetailAnswer, CatalogAnswer, RequestPreviewAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { REQUESTS } from './request-answer.ts';
import { RequestSteps } from './request-steps.tsx';

const ENTRIES = '/governance/api/v2/my/catalogs/default/entries';
const LENGTHS = [
  { value: 'PT30M', label: '30 minutes' },
  { value: 'PT1H', label: '1 hour' },
  { value: 'PT2H', label: '2 hours' },
  { value: 'PT4H', label: '4 hours' },
  { value: 'PT8H', label: '8 hours' },
  { value: 'P1D', label: '1 day' },
  { value: 'P7D', label: '7 days' },
  { value: 'P30D', label: '30 days' },
];
interface Fields {
  readonly data: readonly { readonly id: string; readonly readOnly?: boolean; readonly value?: string }[];
}
type Entry = CatalogAnswer['data'][number];

/** Asks for access; while it is filled in, it shows whose yes it would take. */
const AskForm = ({
  entries,
  onDone,
  onClose,
}: {
  readonly entries: readonly [Entry, ...Entry[]];
  readonly onDone: (made: AccessRequestDetailAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [entryId, setEntryId] = useState(entries[0].id);
  const [duration, setDuration] = useState('PT1H');
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const entry = entries.find(({ id }) => id === entryId) ?? entries[0];
  const { kind, id } = entry.entitlement;
  const fields = useQuery({
    queryKey: [ENTRIES, entry.id, 'fields'],
    queryFn: () => get<Fields>(`${ENTRIES}/${entry.id}/request-fields`),
  });
  const isFixed = fields.data?.data.some((field) => field.id === 'ACCESS_DURATION' && field.readOnly === true) ?? false;
  const ask = { entitlement: { kind, id }, ...(isFixed ? {} : { duration }) };
  const settled = useSettled(JSON.stringify(ask));
  const preview = useQuery({
    queryKey: [REQUESTS, 'preview', settled],
    queryFn: () => post<RequestPreviewAnswer>(`${REQUESTS}/preview`, JSON.parse(settled)),
    enabled: fields.data !== undefined,
    retry: false,
  });
  return (
    <FormDialog
      title="Ask for access"
      action={null}
      isReady={reason.trim() !== '' && fields.data !== undefined}
      save={() =>
        post<AccessRequestDetailAnswer>(REQUESTS, {
          ...ask,
          reason: reason.trim(),
          ...(ticket.trim() === '' ? {} : { ticket: ticket.trim() }),
        })
      }
      saveLabel="Ask"
      failed="It was not asked for"
      onDone={onDone}
      onClose={onClose}
    >
      <NativeSelect
        label="What"
        data={entries.map((one) => ({ value: one.id, label: one.name }))}
        value={entryId}
        onChange={({ currentTarget: { value } }) => setEntryId(value)}
      />
      {isFixed ? (
        <p className="sp-quiet">How long it lasts is fixed: {preview.data?.duration ?? '…'}, from the last approval.</p>
      ) : (
        <NativeSelect
          label="For how long"
          description="From the last approval."
          data={LENGTHS}
          value={duration}
          onChange={({ currentTarget: { value } }) => setDuration(value)}
        />
      )}
      <Textarea
        label="Why"
        description="Whoever decides reads it, and it stays in the log."
        value={reason}
        onChange={({ currentTarget: { value } }) => setReason(value)}
        maxLength={1000}
        autosize
        minRows={2}
        data-autofocus
        required
      />
      <TextInput
        label="Ticket"
        value={ticket}
        onChange={({ currentTarget: { value } }) => setTicket(value)}
        maxLength={200}
      />
      <h3>Whose yes it takes</h3>
      <QueryView query={preview} what="whose yes it takes">
        {({ steps, weaknesses }) => <RequestSteps steps={steps} weaknesses={weaknesses} />}
      </QueryView>
    </FormDialog>
  );
};

/** The form, once it is known what the person may ask for. */
export const AskDialog = (props: {
  readonly onDone: (made: AccessRequestDetailAnswer) => void;
  readonly onClose: () => void;
}) => {
  const query = useQuery({ queryKey: [ENTRIES], queryFn: () => get<CatalogAnswer>(`${ENTRIES}?limit=200`) });
  return (
    <QueryView query={query} what="what you may ask for">
      {({ data: [first, ...more] }) =>
        first === undefined ? (
          <Empty title="There is nothing that you may ask for">
            A super administrator decides what can be asked for, and by whom.
          </Empty>
        ) : (
          <AskForm entries={[first, ...more]} {...props} />
        )
      }
    </QueryView>
  );
};
