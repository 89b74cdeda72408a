import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, put } from '../../api.ts';
import { ActionPicker, useActionWords, useIsOfAdmins } from '../../ui/action-picker.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { ReviewForm } from '../../ui/review-form.tsx';
import { type App, appPath, type ServiceSettings } from './app-answer.ts';
import { bodyOf, draftOf, faultsOf, NO_FAULTS, type ServiceAppDraft, serviceAppChanges } from './service-app-draft.ts';

interface Zone {
  readonly id: string;
  readonly name: string;
  readonly usage: string;
  readonly status: string;
}
const ZONES = '/api/v1/zones?limit=200';

/** Changes from where a service app may be used, and what it does by itself. Its keys, scopes and roles have places of their own. */
export const ServiceAppChange = ({
  app,
  onDone,
  onClose,
}: {
  readonly app: App;
  readonly onDone: (saved: App) => void;
  readonly onClose: () => void;
}) => {
  const zones = useQuery({ queryKey: [ZONES], queryFn: () => get<readonly Zone[]>(ZONES) });
  const [draft, setDraft] = useState<ServiceAppDraft>(() => draftOf(app));
  const edit = (part: Partial<ServiceAppDraft>): void => setDraft({ ...draft, ...part });
  const zoneName = (id: string): string => zones.data?.find((zone) => zone.id === id)?.name ?? id;
  const actionName = useActionWords();
  const isOfAdmins = useIsOfAdmins();
  const faults = faultsOf(app, draft);
  const added = draft.actions.filter((action) => !draftOf(app).actions.includes(action));
  return (
    <ReviewForm
      title={`Change ${app.label}`}
      action="service-app.update"
      isGood={Object.values(faults).every((fault) => fault === null)}
      changes={serviceAppChanges(app, draft, { zone: zoneName, action: actionName })}
      save={() => put<App>(appPath(app.id), bodyOf(app, draft))}
      failed="The service app was not saved"
      onDone={onDone}
      onClose={onClose}
      review={
        <>
          {added.length > 0 && (
            <p className="sp-state warn slim">
              It then does this at any hour without a person or a key, and so does whoever has its key:{' '}
              {added.map(actionName).join('; ')}.{' '}
              {added.some(isOfAdmins) && 'With it they can make themselves an administrator.'}
            </p>
          )}
          <p>It counts from its next request on.</p>
        </>
      }
    >
      {({ isTried }) => {
        const shown = isTried ? faults : NO_FAULTS;
        return (
          <>
            <TextInput
              label="Name"
              description="What people read when it asks for something."
              value={draft.label}
              maxLength={100}
              error={shown.label}
              onChange={(event) => edit({ label: event.currentTarget.value })}
              data-autofocus
            />
            <NativeSelect
              label="Usable from"
              value={draft.connection}
              data={[
                { value: 'ZONE', label: 'certain network zones' },
                { value: 'LOOPBACK', label: 'the host of this server only' },
                { value: 'ANYWHERE', label: 'anywhere' },
              ]}
              onChange={(event) =>
                edit({ connection: event.currentTarget.value as ServiceSettings['network']['connection'] })
              }
            />
            {draft.connection === 'ZONE' && (
              <NamePicker
                one="zone"
                many="Network zones"
                ids={draft.zoneIds}
                nameOf={zoneName}
                onChange={(zoneIds) => edit({ zoneIds })}
                find={async (text) =>
                  (await get<readonly Zone[]>(ZONES)).filter(
                    ({ name, usage, status }) =>
                      usage === 'POLICY' && status === 'ACTIVE' && name.toLowerCase().startsWith(text.toLowerCase()),
                  )
                }
                error={shown.zoneIds}
              />
            )}
            {draft.connection === 'ANYWHERE' && (
              <TextInput
                label="Why anywhere"
                description="Whoever has its key can then use it from any network. People read this later."
                value={draft.reason}
                maxLength={500}
                error={shown.reason}
                onChange={(event) => edit({ reason: event.currentTarget.value })}
              />
            )}
            <Checkbox
              label="A token works only with the key beside it (DPoP)"
              description="A copied token is worth nothing then. Clients that cannot do it get no token."
              checked={draft.isBound}
              onChange={(event) => edit({ isBound: event.currentTarget.checked })}
            />
            <ActionPicker among={null} chosen={draft.actions} onChange={(actions) => edit({ actions })} />
            <p className="sp-quiet">For each other protected action a person is asked in the inbox.</p>
          </>
        );
      }}
    </ReviewForm>
  );
};
