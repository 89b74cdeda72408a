import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, put } from '../../api.ts';
import { ActionPicker, useIsOfAdmins } from '../../ui/action-picker.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormFrame } from '../../ui/form-frame.tsx';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { NewSecret } from './new-secret.tsx';
import { type Connection, MANAGED, type MadeToken, type Token } from './token-answer.ts';

interface Zone extends Named {
  readonly usage: string;
  readonly status: string;
}
const zonesQuery = {
  queryKey: ['zones', 'for tokens'],
  queryFn: async () =>
    (await get<readonly Zone[]>('/api/v1/zones?limit=200')).filter(
      ({ usage, status }) => usage === 'POLICY' && status === 'ACTIVE',
    ),
};

/** What a token that does protected actions by itself means, in front of whoever chooses them. */
const ActionsWarning = ({ actions, isNew }: { readonly actions: readonly string[]; readonly isNew: boolean }) => {
  const isOfAdmins = useIsOfAdmins();
  if (actions.length === 0)
    return (
      <p className="sp-quiet">None: before each protected action it asks, and a person says yes with their key.</p>
    );
  return (
    <p className="sp-state warn slim" role="status">
      The token does {actions.length === 1 ? 'this' : `these ${actions.length}`} at any hour without a person or a key,
      and so does whoever steals it. {actions.some(isOfAdmins) && 'With it they can make themselves an administrator. '}
      {isNew && 'More can’t be given to it later, only taken away.'}
    </p>
  );
};

/** A service account that a token is made of. */
export interface TokenOwner {
  readonly id: string;
  readonly name: string;
  readonly login: string;
}

const madeAt = (owner: TokenOwner | undefined): string =>
  owner === undefined ? MANAGED : `/sallyport/v1/users/${encodeURIComponent(owner.id)}/service-account/api-tokens`;

/** Makes a token, one’s own or a service account’s, or changes one. “Anywhere” asks why, and is never what stands there first. */
export const TokenForm = ({
  token,
  owner,
  onDone,
  onClose,
}: {
  readonly token: Token | null;
  /** Of a new token: the service account that it belongs to; without it, whoever makes it. */
  readonly owner?: TokenOwner;
  /** After the change; of a new token after its secret was put away. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(token?.name ?? '');
  const [purpose, setPurpose] = useState(token?.purpose ?? '');
  const [connection, setConnection] = useState<Connection>(token?.network.connection ?? 'ZONE');
  const [zoneIds, setZoneIds] = useState<readonly string[]>(token?.network.include ?? []);
  const [reason, setReason] = useState(token?.network.anywhereReason ?? '');
  /** Null: all of them, which only the host gives. */
  const given = token === null ? [] : token.protectedActions === 'all' ? null : token.protectedActions;
  const [actions, setActions] = useState(given ?? []);
  const zones = useQuery(zonesQuery);
  const action = token === null ? 'api-token.create' : 'api-token.update';
  const save = useMutation({
    mutationFn: async (): Promise<MadeToken | null> => {
      const body = {
        name: name.trim(),
        purpose: purpose.trim(),
        network:
          connection === 'ZONE'
            ? { connection, include: zoneIds, exclude: token?.network.exclude ?? [] }
            : { connection },
        ...(connection === 'ANYWHERE' ? { anywhereReason: reason.trim() } : {}),
        ...(given === null ? {} : { protectedActions: actions }),
      };
      if (token === null) return post<MadeToken>(madeAt(owner), body);
      await put(`${MANAGED}/${encodeURIComponent(token.id)}`, body);
      return null;
    },
    onSuccess: (made) => {
      if (made === null) onDone();
    },
  });
  const isComplete =
    name.trim() !== '' &&
    purpose.trim() !== '' &&
    (connection !== 'ANYWHERE' || reason.trim() !== '') &&
    (connection !== 'ZONE' || zoneIds.length > 0 || (token?.network.exclude ?? []).length > 0);
  const title =
    token !== null ? `Edit ${token.name}` : owner === undefined ? 'New API token' : `New API token of ${owner.name}`;
  if (save.data)
    return (
      <Dialog title={title} onClose={onDone} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
        <NewSecret made={save.data} onClose={onDone} />
      </Dialog>
    );
  return (
    <FormFrame
      title={title}
      isBusy={save.isPending}
      submit={() => {
        if (isComplete) save.mutate();
      }}
      onClose={onClose}
      buttons={
        <ProtectedButton action={action} type="submit" loading={save.isPending} disabled={!isComplete}>
          {token === null ? 'Create' : 'Save'}
        </ProtectedButton>
      }
    >
      <div className="sp-form">
        <BeforeSaving action={action} />
        <TextInput
          label="Name"
          value={name}
          maxLength={100}
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="What it is for"
          description="Whoever finds it in a year should know whether it is still needed, and whom to ask."
          value={purpose}
          maxLength={500}
          rows={2}
          required
          onChange={(event) => setPurpose(event.currentTarget.value)}
        />
        <NativeSelect
          label="Works from"
          data={[
            { value: 'ZONE', label: 'certain network zones' },
            { value: 'LOOPBACK', label: 'this host only' },
            { value: 'ANYWHERE', label: 'anywhere' },
          ]}
          value={connection}
          onChange={(event) => setConnection(event.currentTarget.value as Connection)}
        />
        {connection === 'ZONE' && (
          <NamePicker
            one="zone"
            many="Network zones"
            ids={zoneIds}
            nameOf={(id) => zones.data?.find((zone) => zone.id === id)?.name ?? id}
            onChange={setZoneIds}
            find={async (text) =>
              (zones.data ?? (await zonesQuery.queryFn())).filter((zone) =>
                zone.name.toLowerCase().startsWith(text.toLowerCase()),
              )
            }
            error={null}
          />
        )}
        {connection === 'ANYWHERE' && (
          <>
            <p className="sp-state warn slim">
              Whoever reads this token can use it from any network, with its owner’s rights. It stays flagged in this
              list and on the overview.
            </p>
            <Textarea
              label="Why it must work from anywhere"
              value={reason}
              maxLength={500}
              rows={2}
              required
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </>
        )}
        {given === null ? (
          <p className="sp-state warn slim">
            It was made on the host, and does every protected action by itself, without a person or a key.
          </p>
        ) : (
          (token === null || given.length > 0) && (
            <>
              <ActionPicker among={token === null ? null : given} chosen={actions} onChange={setActions} />
              <ActionsWarning actions={actions} isNew={token === null} />
            </>
          )
        )}
        {token === null && (
          <p className="sp-quiet">
            It has {owner === undefined ? 'your' : `${owner.login}’s`} rights at each call, and ends 30 days after its
            last use.
          </p>
        )}
        {save.isError && <Failure what="The token was not saved" error={save.error} wasChange />}
        <CliFor
          command={
            token !== null
              ? `sallyport token update ${token.id} --zone <zone>`
              : owner === undefined
                ? "sallyport token create <name> --purpose '…' --zone <zone>"
                : `sallyport service-account create-token ${owner.login} <name> --purpose '…' --zone <zone>`
          }
        />
      </div>
    </FormFrame>
  );
};
