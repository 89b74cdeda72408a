import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { NetworkTestAnswer } from '@sallyport/client/answers';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { describeFailure, get, post, put } from '../../api.ts';
import { FormFrame } from '../../ui/form-frame.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { EXEMPT_NAME, lineErrors, linesOf, ZONES, type Zone } from './zone-answer.ts';
import {
  bodyOf,
  draftOf,
  PROXY_TYPES,
  serviceWords,
  type TextField,
  TYPE_WORDS,
  type ZoneDraft,
} from './zone-draft.ts';

interface Lines {
  readonly field: TextField;
  readonly label: string;
  readonly description?: string;
  readonly rows?: number;
}
const PLACES = 'A country like DE, or a region of it like DE-BE. There is no data for regions: nobody is in one.';
const LINES: Readonly<Record<Zone['type'], readonly Lines[]>> = {
  IP: [
    {
      field: 'gateways',
      label: 'Addresses, one a line',
      description: 'An address, a CIDR like 192.0.2.0/24, or a range like 192.0.2.1-192.0.2.9.',
      rows: 8,
    },
    {
      field: 'proxies',
      label: 'Proxies of this zone, one a line',
      description: 'What such a proxy says of where a request came from is believed for this zone, and for no other.',
    },
  ],
  DYNAMIC: [
    { field: 'asns', label: 'AS numbers, one a line', description: 'A network like 64500.' },
    { field: 'locations', label: 'Countries and regions, one a line', description: PLACES },
  ],
  DYNAMIC_V2: [
    { field: 'asns.include', label: 'AS numbers, one a line', description: 'A network like 64500.' },
    { field: 'asns.exclude', label: 'But not these AS numbers' },
    { field: 'locations.include', label: 'Countries and regions, one a line', description: PLACES },
    { field: 'locations.exclude', label: 'But not these countries and regions' },
  ],
};

const findServices = async (text: string) =>
  (await get<NetworkTestAnswer>('/sallyport/v1/network-test')).categories
    .map((id) => ({ id, name: serviceWords(id) }))
    .filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(text.toLowerCase()));

/** Makes or changes a zone. What was typed stays when the server refuses it, and each wrong line is named. */
export const ZoneForm = ({
  zone,
  protectedAction,
  onDone,
  onClose,
}: {
  readonly zone: Zone | null;
  readonly protectedAction: string;
  readonly onDone: (saved: Zone) => void;
  readonly onClose: () => void;
}) => {
  const [draft, setDraft] = useState(() => draftOf(zone));
  const change = (changed: Partial<ZoneDraft>): void => setDraft((before) => ({ ...before, ...changed }));
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft, zone);
      return zone === null ? post<Zone>(ZONES, body) : put<Zone>(`${ZONES}/${encodeURIComponent(zone.id)}`, body);
    },
    onSuccess: onDone,
  });
  const isExempt = zone?.name === EXEMPT_NAME;
  const shown = LINES[draft.type].filter(({ field }) => !(isExempt && field === 'proxies'));
  const causes = save.isError ? describeFailure(save.error).causes : [];
  const wrongIn = (field: TextField) => lineErrors(causes, field, draft.texts[field]);
  const isLineWrong = shown.some(({ field }) => wrongIn(field).length > 0);
  return (
    <FormFrame
      title={zone === null ? 'New zone' : `Edit ${zone.name}`}
      isBusy={save.isPending}
      submit={() => {
        if (draft.name.trim() !== '') save.mutate();
      }}
      onClose={onClose}
      buttons={
        <ProtectedButton
          action={protectedAction}
          type="submit"
          loading={save.isPending}
          disabled={draft.name.trim() === ''}
        >
          Save
        </ProtectedButton>
      }
    >
      <div className="sp-form">
        <BeforeSaving action={protectedAction} />
        <TextInput
          label="Name"
          value={draft.name}
          maxLength={128}
          required
          disabled={zone?.system === true}
          {...(zone?.system === true ? { description: 'A built-in zone keeps its name and its use.' } : {})}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {zone?.system !== true && (
          <NativeSelect
            label="Use"
            data={[
              { value: 'POLICY', label: 'in rules and for tokens' },
              { value: 'BLOCKLIST', label: 'blocks every request from it' },
            ]}
            value={draft.usage}
            onChange={(event) => change({ usage: event.currentTarget.value as Zone['usage'] })}
          />
        )}
        {zone === null && (
          <NativeSelect
            label="Made of"
            description="It stays what it is made of."
            data={Object.entries(TYPE_WORDS).map(([value, label]) => ({ value, label }))}
            value={draft.type}
            onChange={(event) => change({ type: event.currentTarget.value as Zone['type'] })}
          />
        )}
        {draft.type !== 'IP' && (
          <p className="sp-quiet">
            Of each list that is filled in, one entry must hold. What is not known of an address lets nobody in.
          </p>
        )}
        {shown.map(({ field, label, description, rows }) => {
          const wrong = wrongIn(field);
          return (
            <Textarea
              key={field}
              label={`${label} (${linesOf(draft.texts[field]).length})`}
              {...(description === undefined ? {} : { description })}
              value={draft.texts[field]}
              rows={rows ?? 3}
              spellCheck={false}
              error={
                wrong.length > 0 &&
                wrong.map(({ line, sentence }) => (
                  <span key={line} className="sp-line-error">
                    Line {line}: {sentence}
                  </span>
                ))
              }
              onChange={(event) => change({ texts: { ...draft.texts, [field]: event.currentTarget.value } })}
            />
          );
        })}
        {draft.type === 'DYNAMIC' && (
          <NativeSelect
            label="Comes through"
            data={PROXY_TYPES}
            value={draft.proxyType === 'TorAnonymizer' ? 'Tor' : draft.proxyType}
            onChange={(event) => change({ proxyType: event.currentTarget.value })}
          />
        )}
        {draft.type === 'DYNAMIC_V2' &&
          (['include', 'exclude'] as const).map((half) => (
            <NamePicker
              key={half}
              one="service"
              many={half === 'include' ? 'Services' : 'But not these services'}
              ids={draft.services[half]}
              nameOf={serviceWords}
              onChange={(ids) => change({ services: { ...draft.services, [half]: ids } })}
              find={findServices}
              error={null}
            />
          ))}
        {isExempt && (
          <p className="sp-state warn slim">Sessions are not bound where they come from one of these addresses.</p>
        )}
        {save.isError && !isLineWrong && <Failure what="The zone was not saved" error={save.error} wasChange />}
      </div>
    </FormFrame>
  );
};
