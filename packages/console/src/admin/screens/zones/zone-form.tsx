import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { describeFailure, post, put } from '../../api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { EXEMPT_NAME, entriesOf, lineErrors, ZONES, type Zone } from './zone-answer.ts';

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
  const [name, setName] = useState(zone?.name ?? '');
  const [usage, setUsage] = useState<Zone['usage']>(zone?.usage ?? 'POLICY');
  const [text, setText] = useState((zone?.gateways ?? []).map(({ value }) => value).join('\n'));
  const entries = entriesOf(text);
  const save = useMutation({
    mutationFn: () => {
      const body = {
        type: 'IP',
        name: name.trim(),
        usage,
        status: zone?.status ?? 'ACTIVE',
        gateways: entries,
        proxies: zone?.proxies ?? null,
        ...(zone?.name === EXEMPT_NAME ? { useAsExemptList: true } : {}),
      };
      return zone === null ? post<Zone>(ZONES, body) : put<Zone>(`${ZONES}/${encodeURIComponent(zone.id)}`, body);
    },
    onSuccess: onDone,
  });
  const wrong = save.isError ? lineErrors(describeFailure(save.error).causes, text) : [];
  return (
    <Dialog title={zone === null ? 'New zone' : `Edit ${zone.name}`} onClose={onClose} closeOnClickOutside={false}>
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <BeforeSaving action={protectedAction} />
        <TextInput
          label="Name"
          value={name}
          maxLength={128}
          required
          disabled={zone?.system === true}
          {...(zone?.system === true ? { description: 'A built-in zone keeps its name and its use.' } : {})}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {zone?.system !== true && (
          <NativeSelect
            label="Use"
            data={[
              { value: 'POLICY', label: 'in rules and for tokens' },
              { value: 'BLOCKLIST', label: 'blocks every request from it' },
            ]}
            value={usage}
            onChange={(event) => setUsage(event.currentTarget.value as Zone['usage'])}
          />
        )}
        <Textarea
          label={`Addresses, one a line (${entries.length})`}
          description="An address, a CIDR like 192.0.2.0/24, or a range like 192.0.2.1-192.0.2.9."
          value={text}
          rows={8}
          spellCheck={false}
          error={
            wrong.length > 0 &&
            wrong.map(({ line, sentence }) => (
              <span key={line} className="sp-line-error">
                Line {line}: {sentence}
              </span>
            ))
          }
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {zone?.name === EXEMPT_NAME && (
          <p className="sp-state warn slim">Sessions are not bound where they come from one of these addresses.</p>
        )}
        {save.isError && wrong.length === 0 && <Failure what="The zone was not saved" error={save.error} wasChange />}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <ProtectedButton
            action={protectedAction}
            type="submit"
            loading={save.isPending}
            disabled={name.trim() === ''}
          >
            Save
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
