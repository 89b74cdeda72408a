import { NativeSelect } from '@mantine/core';
import type { ResourceSetAnswer, RoleAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { findApps, findGroups, findPeople } from '../find-named.ts';
import { FormDialog } from '../form-dialog.tsx';
import { type Named, NamePicker } from '../name-picker.tsx';
import { type Holder, rolesPathOf } from './holder.ts';
import { TARGET_OF } from './target-of.ts';

type ChosenRole = Pick<RoleAnswer, 'id' | 'kind' | 'label'>;

const SetPicker = ({ value, onChange }: { readonly value: string; readonly onChange: (id: string) => void }) => {
  const path = '/api/v1/iam/resource-sets?limit=200';
  const query = useQuery({
    queryKey: [path],
    queryFn: async () => (await get<{ readonly 'resource-sets': readonly ResourceSetAnswer[] }>(path))['resource-sets'],
  });
  return (
    <>
      <NativeSelect
        label="Over the resource set"
        description="It gives nothing outside it."
        value={value}
        data={[
          { value: '', label: 'choose one' },
          ...(query.data ?? []).map(({ id, label }) => ({ value: id, label })),
        ]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {query.data?.length === 0 && <p className="sp-quiet">There is no resource set yet. Make one first.</p>}
    </>
  );
};

/** Gives a role. Either the holder or the role is known where it is opened, and the other is chosen here. */
export const AssignRoleDialog = ({
  role = null,
  holder = null,
  onDone,
  onClose,
}: {
  readonly role?: ChosenRole | null;
  readonly holder?: Holder | null;
  readonly onDone: (holderName: string) => void;
  readonly onClose: () => void;
}) => {
  const roles = useQuery({
    queryKey: ['/sallyport/v1/roles'],
    queryFn: () => get<readonly RoleAnswer[]>('/sallyport/v1/roles'),
    enabled: role === null,
  });
  const [roleId, setRoleId] = useState(role?.id ?? '');
  const [kind, setKind] = useState<Holder['kind']>(holder?.kind ?? 'user');
  const [holderId, setHolderId] = useState(holder?.id ?? '');
  const [setId, setSetId] = useState('');
  const [isNarrowed, setIsNarrowed] = useState(false);
  const [targetIds, setTargetIds] = useState<readonly string[]>([]);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const nameOf = (id: string): string => (id === holder?.id ? holder.name : (names[id] ?? id));
  const finding = (find: (text: string) => Promise<readonly Named[]>) => async (text: string) => {
    const found = await find(text);
    setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name }) => [id, name])) }));
    return found;
  };
  const chosen: ChosenRole | undefined = role ?? roles.data?.find(({ id }) => id === roleId);
  const targetKind = chosen === undefined ? undefined : TARGET_OF[chosen.id];
  const isReady =
    chosen !== undefined &&
    holderId !== '' &&
    (chosen.kind === 'standard' ? !isNarrowed || targetKind === undefined || targetIds.length > 0 : setId !== '');
  const give = (): Promise<unknown> =>
    post(
      rolesPathOf({ kind, id: holderId }),
      chosen?.kind === 'custom'
        ? { type: 'CUSTOM', role: chosen.id, 'resource-set': setId }
        : {
            type: chosen?.id,
            ...(isNarrowed && targetKind !== undefined
              ? { targets: targetKind === 'group' ? { groups: targetIds } : { apps: targetIds } }
              : {}),
          },
    );
  return (
    <FormDialog
      title={role === null ? `Give ${holder?.name ?? 'somebody'} a role` : `Give ${role.label}`}
      action="role.assign"
      isReady={isReady}
      save={give}
      saveLabel="Give it"
      failed="The role was not given"
      onDone={() => onDone(nameOf(holderId))}
      onClose={onClose}
    >
      {holder === null && (
        <>
          <NativeSelect
            label="To"
            value={kind}
            data={[
              { value: 'user', label: 'a person' },
              { value: 'group', label: 'everybody in a group, whoever joins it later too' },
            ]}
            onChange={(event) => {
              setKind(event.currentTarget.value as Holder['kind']);
              setHolderId('');
            }}
          />
          <NamePicker
            key={kind}
            one={kind === 'user' ? 'person' : 'group'}
            many={kind === 'user' ? 'Person' : 'Group'}
            ids={holderId === '' ? [] : [holderId]}
            nameOf={nameOf}
            onChange={(ids) => setHolderId(ids.at(-1) ?? '')}
            find={finding(kind === 'user' ? findPeople : findGroups)}
            error={null}
          />
        </>
      )}
      {role === null && (
        <NativeSelect
          label="Role"
          value={roleId}
          data={[
            { value: '', label: 'choose one' },
            ...(roles.data ?? []).map(({ id, label, kind: of }) => ({
              value: id,
              label: of === 'custom' ? `${label} (custom)` : label,
            })),
          ]}
          onChange={(event) => {
            setRoleId(event.currentTarget.value);
            setTargetIds([]);
            setIsNarrowed(false);
          }}
        />
      )}
      {chosen?.kind === 'custom' && <SetPicker value={setId} onChange={setSetId} />}
      {targetKind !== undefined && (
        <NativeSelect
          label="Over"
          value={isNarrowed ? 'some' : 'all'}
          data={[
            { value: 'all', label: 'everything' },
            { value: 'some', label: targetKind === 'group' ? 'certain groups and their people' : 'certain apps' },
          ]}
          onChange={(event) => setIsNarrowed(event.currentTarget.value === 'some')}
        />
      )}
      {targetKind !== undefined && isNarrowed && (
        <NamePicker
          key={targetKind}
          one={targetKind}
          many={targetKind === 'group' ? 'Groups it is for' : 'Apps it is for'}
          ids={targetIds}
          nameOf={nameOf}
          onChange={setTargetIds}
          find={finding(targetKind === 'group' ? findGroups : findApps)}
          error={null}
        />
      )}
      <p className="sp-quiet">
        It counts at once and stays until somebody takes it away.
        {chosen?.id === 'SUPER_ADMIN' && ' A super admin can do everything, and give it to others.'}
      </p>
    </FormDialog>
  );
};
