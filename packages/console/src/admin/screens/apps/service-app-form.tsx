import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeFailure, get, post } from '../../api.ts';
import { ActionPicker } from '../../ui/action-picker.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { APPS, type App } from './app-answer.ts';
import { KeyFields, type KeySource, NEW_KEY } from './key-fields.tsx';
import { type MadeKey, makeKey, readPastedKeys } from './machine-key.ts';
import { ShownOnce } from './shown-once.tsx';

const ZONES = '/api/v1/zones?limit=200';
interface Zone {
  readonly id: string;
  readonly name: string;
  readonly usage: string;
  readonly status: string;
}

/** Makes a service app. The private key that was made for it is shown once, after the app is there. */
export const ServiceAppForm = ({
  onDone,
  onClose,
}: {
  readonly onDone: (made: App) => void;
  readonly onClose: () => void;
}) => {
  const zones = useQuery({ queryKey: [ZONES], queryFn: () => get<readonly Zone[]>(ZONES) });
  const [label, setLabel] = useState('');
  const [source, setSource] = useState<KeySource>(NEW_KEY);
  const [from, setFrom] = useState('LOOPBACK');
  const [reason, setReason] = useState('');
  const [isBound, setIsBound] = useState(true);
  const [actions, setActions] = useState<readonly string[]>([]);
  const [made, setMade] = useState<{ readonly app: App; readonly key: MadeKey } | null>(null);
  const pasted = source.way === 'paste' && source.pasted !== '' ? readPastedKeys(source.pasted) : null;
  const isZone = from !== 'ANYWHERE' && from !== 'LOOPBACK';
  const create = useMutation({
    mutationFn: async () => {
      const key = source.way === 'make' ? await makeKey() : null;
      const keys = key === null ? (Array.isArray(pasted) ? pasted : []) : [key.publicJwk];
      const app = await post<App>(APPS, {
        name: 'oidc_client',
        label: label.trim(),
        settings: {
          app: { protectedActions: actions, networkReason: from === 'ANYWHERE' ? reason.trim() : null },
          oauthClient: {
            application_type: 'service',
            grant_types: ['client_credentials'],
            dpop_bound_access_tokens: isBound,
            network: isZone ? { connection: 'ZONE', include: [from] } : { connection: from },
            ...(source.way === 'address' ? { jwks_uri: source.uri.trim() } : { jwks: { keys } }),
          },
        },
      });
      return { app, key };
    },
    onSuccess: ({ app, key }) => (key === null ? onDone(app) : setMade({ app, key })),
  });
  if (made !== null)
    return <ShownOnce label={made.app.label} privateText={made.key.privateText} onDone={() => onDone(made.app)} />;
  const causes = create.isError ? describeFailure(create.error).causes : [];
  const keyFault =
    typeof pasted === 'string'
      ? pasted
      : (causes.find((cause) => /^(?:jwks|settings\.oauthClient\.jwks)/.test(cause))?.replace(/^[^:]*: /, '') ?? null);
  const isReady =
    label.trim() !== '' &&
    (source.way !== 'paste' || Array.isArray(pasted)) &&
    (source.way !== 'address' || source.uri.trim() !== '') &&
    (from !== 'ANYWHERE' || reason.trim() !== '');
  return (
    <Dialog onClose={onClose} title="Create a service app" closeOnClickOutside={false}>
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) create.mutate();
        }}
      >
        <BeforeSaving action="service-app.create" />
        <TextInput
          label="Name"
          description="What people read when it asks for something."
          value={label}
          maxLength={100}
          onChange={(event) => setLabel(event.currentTarget.value)}
          required
          data-autofocus
        />
        <KeyFields value={source} onChange={setSource} error={keyFault} hasAddress />
        <NativeSelect
          label="Usable from"
          value={from}
          data={[
            { value: 'LOOPBACK', label: 'the host of this server only' },
            ...(zones.data ?? [])
              .filter(({ usage, status }) => usage === 'POLICY' && status === 'ACTIVE')
              .map(({ id, name }) => ({ value: id, label: `the zone ${name}` })),
            { value: 'ANYWHERE', label: 'anywhere' },
          ]}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        {from === 'ANYWHERE' && (
          <TextInput
            label="Why anywhere"
            description="Whoever has its key can then use it from any network. People read this later."
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
          />
        )}
        <Checkbox
          label="A token works only with the key beside it (DPoP)"
          description="A copied token is worth nothing then. Clients that cannot do it get no token."
          checked={isBound}
          onChange={(event) => setIsBound(event.currentTarget.checked)}
        />
        <ActionPicker among={null} chosen={actions} onChange={setActions} />
        <p className="sp-quiet">For each other protected action a person is asked in the inbox.</p>
        <p className="sp-quiet">It may do nothing until it has scopes and a role.</p>
        {create.isError && keyFault === null && (
          <Failure what="The service app was not created" error={create.error} wasChange />
        )}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={create.isPending}>
            Cancel
          </Button>
          <ProtectedButton action="service-app.create" type="submit" loading={create.isPending} disabled={!isReady}>
            Create
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
