import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { patch } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { faultOf } from '../fault-of.ts';
import { findPeople } from '../find-named.ts';
import { FormDialog } from '../form-dialog.tsx';
import { NamePicker } from '../name-picker.tsx';
import { localInput } from '../time-words.ts';
import { useFoundNames } from '../use-found-names.ts';
import type { Delegator, Given } from './delegation.ts';

/** Is it an instant that `isoOf` can say? */
const isWhen = (local: string): boolean => !Number.isNaN(Date.parse(local));
const isoOf = (local: string): string => new Date(local).toISOString();

/** Names who decides on access in somebody's stead, from when until when, in place of whoever did. */
export const DelegateForm = ({
  delegator,
  given,
  onDone,
  onClose,
}: {
  readonly delegator: Delegator;
  /** What is settled now; it is changed then. */
  readonly given: Given | null;
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const { nameOf, finding } = useFoundNames(
    given === null ? [] : [{ id: given.delegate.id, name: given.delegate.login }],
  );
  const mayFind = useMay('okta.users.read');
  /** An id, or a login. */
  const [who, setWho] = useState(given?.delegate.id ?? '');
  const [isLater, setIsLater] = useState(given !== null && !given.isActive);
  const [start, setStart] = useState(given === null || given.isActive ? '' : localInput(Date.parse(given.startsAt)));
  const [end, setEnd] = useState(given === null ? '' : localInput(Date.parse(given.endsAt)));
  const [note, setNote] = useState(given?.note ?? '');
  const find = async (text: string) => (await findPeople(text)).filter(({ id }) => id !== delegator.id);
  return (
    <FormDialog
      title={delegator.isMe ? 'Who decides in your stead' : `Who decides in the stead of ${delegator.name}`}
      action={delegator.action}
      isReady={who.trim() !== '' && isWhen(end) && (!isLater || isWhen(start))}
      save={() =>
        patch(delegator.path, {
          delegates: {
            appointments: [
              {
                delegate: { type: 'OKTA_USER', externalId: who.trim() },
                ...(isLater ? { startTime: isoOf(start) } : {}),
                endTime: isoOf(end),
                note: note.trim(),
              },
            ],
          },
        })
      }
      failed="Nothing was changed"
      onDone={() => onDone(nameOf(who.trim()))}
      onClose={onClose}
    >
      {(error) => (
        <>
          {mayFind ? (
            <NamePicker
              one="person"
              many="Who decides"
              ids={who === '' ? [] : [who]}
              nameOf={nameOf}
              onChange={(ids) => setWho(ids.at(-1) ?? '')}
              find={finding(find)}
              error={faultOf(error, 'delegate')}
            />
          ) : (
            <TextInput
              label="Who decides"
              description="Their login. It takes somebody who signs in to this console with a key of their own."
              value={nameOf(who)}
              error={faultOf(error, 'delegate')}
              maxLength={100}
              required
              data-autofocus
              onChange={({ currentTarget: { value } }) => setWho(value)}
            />
          )}
          <NativeSelect
            label="From when"
            data={[
              { value: 'now', label: 'from now on' },
              { value: 'time', label: 'from a time on' },
            ]}
            value={isLater ? 'time' : 'now'}
            onChange={({ currentTarget: { value } }) => setIsLater(value === 'time')}
          />
          {isLater && (
            <TextInput
              type="datetime-local"
              step={1}
              label="Begins"
              value={start}
              required
              onChange={({ currentTarget: { value } }) => setStart(value)}
            />
          )}
          <TextInput
            type="datetime-local"
            step={1}
            label="Ends"
            description="In your own time, within a year. It ends by itself."
            value={end}
            error={faultOf(error, 'endTime')}
            required
            onChange={({ currentTarget: { value } }) => setEnd(value)}
          />
          <Textarea
            label="Note"
            description="Both of you read it."
            value={note}
            maxLength={1000}
            rows={2}
            onChange={({ currentTarget: { value } }) => setNote(value)}
          />
          <p className="sp-quiet">
            It is one vote, whoever of the two gives it first, and it covers access requests only: protected actions and
            reviews stay with {delegator.isMe ? 'you' : delegator.name}. Both see it under My access, and are mailed
            where mail is set up.
            {!delegator.isMe &&
              ' You chose who votes: beside that vote your own counts for nothing on the same request.'}
          </p>
        </>
      )}
    </FormDialog>
  );
};
