import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type {
  AccessRequestDetailAnswer,
  CatalogAnswer,
  GrantAnswer,
  RequestPreviewAnswer,
} from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, withQuery } from '../../api.ts';
import { faultOf } from '../../ui/fault-of.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { GRANTS, kindWords } from '../../ui/grants/grant-words.ts';
import { Instant } from '../../ui/instant.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { durationWords, fromLocalInput, localInput } from '../../ui/time-words.ts';
import { useSettled } from '../../ui/use-settled.ts';
import { REQUESTS } from './request-answer.ts';
import { RequestSteps } from './request-steps.tsx';

const ENTRIES = '/governance/api/v2/my/catalogs/default/entries';
const LENGTHS = [
  { seconds: 1800, value: 'PT30M', label: '30 minutes' },
  { seconds: 3600, value: 'PT1H', label: '1 hour' },
  { seconds: 7200, value: 'PT2H', label: '2 hours' },
  { seconds: 14_400, value: 'PT4H', label: '4 hours' },
  { seconds: 28_800, value: 'PT8H', label: '8 hours' },
  { seconds: 86_400, value: 'P1D', label: '1 day' },
  { seconds: 604_800, value: 'P7D', label: '7 days' },
  { seconds: 2_592_000, value: 'P30D', label: '30 days' },
];
/** Of `P1DT2H30M`, as the server writes it; null for anything else. */
const secondsOf = (duration: string): number | null => {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (parts === null) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return days * 86_400 + hours * 3600 + minutes * 60 + seconds;
};
/** The lengths that may be asked for; the longest that may be asked for is one of them, whatever it is. */
const lengthsUpTo = (most: string | undefined) => {
  const seconds = most === undefined ? null : secondsOf(most);
  if (most === undefined || seconds === null) return LENGTHS;
  const within = LENGTHS.filter((one) => one.seconds < seconds);
  return [...within, { seconds, value: most, label: `${durationWords(seconds)}, the longest` }];
};
interface Fields {
  readonly data: readonly {
    readonly id: string;
    readonly required: boolean;
    readonly readOnly?: boolean;
    readonly value?: string;
    readonly maximumValue?: string;
  }[];
}
type Entry = CatalogAnswer['data'][number];

/** How many stand in the list without a search. */
const LISTED_MAX = 200;

/** An account is not had: somebody signs in as it. */
const labelOf = ({ name, entitlement: { kind } }: Entry): string =>
  kind === 'service-account' ? `sign in as ${name}` : name;

/** What may be asked for: found by a part of its name, from three letters on by the server. */
const EntryField = ({
  entries,
  entry,
  onChange,
}: {
  readonly entries: readonly Entry[];
  readonly entry: Entry;
  readonly onChange: (entry: Entry) => void;
}) => {
  const [text, setText] = useState('');
  const settled = useSettled(text.trim().toLowerCase());
  const isAsked = settled.length >= 3 && entries.length >= LISTED_MAX;
  const found = useQuery({
    queryKey: [ENTRIES, 'match', settled],
    queryFn: () => get<CatalogAnswer>(withQuery(ENTRIES, { limit: LISTED_MAX, match: settled.slice(0, 50) })),
    enabled: isAsked,
  });
  const matching = (isAsked ? (found.data?.data ?? []) : entries).filter(({ name }) =>
    name.toLowerCase().includes(settled),
  );
  // What is chosen stays chosen, whatever is looked for.
  const shown = matching.some(({ id }) => id === entry.id) ? matching : [entry, ...matching];
  return (
    <>
      {entries.length > 5 && (
        <TextInput
          type="search"
          label="Find"
          value={text}
          onChange={({ currentTarget: { value } }) => setText(value)}
          description={settled === '' ? 'By a part of its name.' : `${matching.length} of what you may ask for match.`}
        />
      )}
      <NativeSelect
        label="What"
        data={shown.map((one) => ({ value: one.id, label: labelOf(one) }))}
        value={entry.id}
        onChange={({ currentTarget: { value } }) => {
          const chosen = shown.find(({ id }) => id === value);
          if (chosen !== undefined) onChange(chosen);
        }}
      />
    </>
  );
};

/** How far ahead a beginning may lie. */
const START_DAYS_MAX = 30;

/** What is made longer, and until when it would run then; null where how long is not known. */
const Longer = ({ grant, seconds }: { readonly grant: GrantAnswer; readonly seconds: number | null }) => (
  <p>
    <strong>{grant.entitlement.name}</strong>, {kindWords(grant)}: runs until <Instant at={grant.expiresAt} />
    {seconds !== null && (
      <>
        , and then until <Instant at={Date.parse(grant.expiresAt) + seconds * 1000} />
      </>
    )}
    .
  </p>
);

/** Asks for access, or for more time; while it is filled in, it shows whose yes it would take. */
const AskForm = ({
  entries,
  longer,
  onDone,
  onClose,
}: {
  readonly entries: readonly [Entry, ...Entry[]];
  /** What shall run longer; null where something is asked for anew. */
  readonly longer: GrantAnswer | null;
  readonly onDone: (made: AccessRequestDetailAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [entry, setEntry] = useState(entries[0]);
  const [chosen, setChosen] = useState('PT1H');
  const [isLater, setIsLater] = useState(false);
  const [start, setStart] = useState('');
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const { kind, id } = entry.entitlement;
  const fields = useQuery({
    queryKey: [ENTRIES, entry.id, 'fields'],
    queryFn: () => get<Fields>(`${ENTRIES}/${entry.id}/request-fields`),
  });
  const length = fields.data?.data.find((field) => field.id === 'ACCESS_DURATION');
  const isFixed = length?.readOnly === true;
  const lengths = lengthsUpTo(length?.maximumValue);
  const duration = (lengths.find(({ value }) => value === chosen) ?? lengths.at(-1))?.value ?? chosen;
  const startsAt = isLater ? fromLocalInput(start) : null;
  const ask = {
    entitlement: { kind, id },
    ...(isFixed ? {} : { duration }),
    ...(startsAt === null ? {} : { startsAt }),
    ...(longer === null ? {} : { extends: longer.id }),
  };
  const settled = useSettled(JSON.stringify(ask));
  const preview = useQuery({
    queryKey: [REQUESTS, 'preview', settled],
    queryFn: () => post<RequestPreviewAnswer>(`${REQUESTS}/preview`, JSON.parse(settled)),
    enabled: fields.data !== undefined,
    retry: false,
  });
  // Either may be the newer one.
  const needsTicket =
    preview.data?.ticket === 'required' ||
    fields.data?.data.some((field) => field.id === 'TICKET' && field.required) === true;
  const isTicketMissing = needsTicket && ticket.trim() === '';
  return (
    <FormDialog
      title={longer === null ? 'Ask for access' : 'Ask for more time'}
      action={null}
      isReady={reason.trim() !== '' && !isTicketMissing && fields.data !== undefined && (!isLater || startsAt !== null)}
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
      {(error) => (
        <>
          {longer === null ? (
            <EntryField entries={entries} entry={entry} onChange={setEntry} />
          ) : (
            <Longer grant={longer} seconds={secondsOf(preview.data?.duration ?? '')} />
          )}
          {kind === 'service-account' && (
            <p className="sp-quiet">
              Nobody signs in as it otherwise. Until the end whoever has its key or password does; you are mailed when
              somebody did.
            </p>
          )}
          {isFixed ? (
            <p className="sp-quiet">
              {longer === null ? 'How long it lasts' : 'How much longer'} is fixed: {preview.data?.duration ?? '…'}.
            </p>
          ) : (
            <NativeSelect
              label={longer === null ? 'For how long' : 'How much longer'}
              data={lengths.map(({ value, label }) => ({ value, label }))}
              value={duration}
              onChange={({ currentTarget: { value } }) => setChosen(value)}
              error={faultOf(preview.error, 'duration')}
            />
          )}
          {longer === null && (
            <NativeSelect
              label="From when"
              data={[
                { value: 'approval', label: 'with the last approval' },
                { value: 'time', label: 'from a time on' },
              ]}
              value={isLater ? 'time' : 'approval'}
              onChange={({ currentTarget: { value } }) => setIsLater(value === 'time')}
            />
          )}
          {isLater && (
            <TextInput
              type="datetime-local"
              label="Begins"
              description="In your own time, within 30 days. Approved later than that, it begins with the approval."
              value={start}
              max={localInput(Date.now() + START_DAYS_MAX * 86_400_000).slice(0, 16)}
              onChange={({ currentTarget: { value } }) => setStart(value)}
              error={faultOf(preview.error, 'startsAt')}
              required
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
            description={
              needsTicket ? 'The ticket or change that it is for: without one this is not asked for.' : undefined
            }
            required={needsTicket}
            value={ticket}
            onChange={({ currentTarget: { value } }) => setTicket(value)}
            maxLength={200}
            error={faultOf(error, 'ticket')}
          />
          <h3>Whose yes it takes</h3>
          <QueryView query={preview} what="whose yes it takes">
            {({ steps, weaknesses }) => <RequestSteps steps={steps} weaknesses={weaknesses} />}
          </QueryView>
        </>
      )}
    </FormDialog>
  );
};

interface Asking {
  readonly onDone: (made: AccessRequestDetailAnswer) => void;
  readonly onClose: () => void;
}

/** The form, once it is known what the person may ask for. */
export const AskDialog = (props: Asking) => {
  const query = useQuery({
    queryKey: [ENTRIES],
    queryFn: () => get<CatalogAnswer>(withQuery(ENTRIES, { limit: LISTED_MAX })),
  });
  return (
    <QueryView query={query} what="what you may ask for">
      {({ data: [first, ...more] }) =>
        first === undefined ? (
          <Empty title="There is nothing that you may ask for">
            A super administrator decides what can be asked for, and by whom.
          </Empty>
        ) : (
          <AskForm entries={[first, ...more]} longer={null} {...props} />
        )
      }
    </QueryView>
  );
};

/** A grant, and the entry of the catalogue under which more of it is asked for; null where there is none. */
const longerOf = async (grantId: string) => {
  const grant = await get<GrantAnswer>(`${GRANTS}/${encodeURIComponent(grantId)}`);
  const match = grant.entitlement.name.slice(0, 50);
  const { data } = await get<CatalogAnswer>(
    withQuery(ENTRIES, { limit: LISTED_MAX, ...(match.length < 3 ? {} : { match }) }),
  );
  return { grant, entry: data.find(({ entitlement }) => entitlement.id === grant.entitlement.id) ?? null };
};

/** The form for more time of what somebody has for a while. */
export const ExtendDialog = ({ grantId, ...props }: Asking & { readonly grantId: string }) => {
  const query = useQuery({ queryKey: [GRANTS, grantId, 'longer'], queryFn: () => longerOf(grantId) });
  return (
    <QueryView query={query} what="what shall run longer">
      {({ grant, entry }) =>
        entry === null ? (
          <Empty title={`More time of ${grant.entitlement.name} is not yours to ask for`}>
            Nothing lets you ask for it: it was given in another way, or who may ask has changed. It ends by itself.
          </Empty>
        ) : (
          <AskForm entries={[entry]} longer={grant} {...props} />
        )
      }
    </QueryView>
  );
};
