import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { patch } from '../../api.ts';
import { findApps, findGroups, findPeople, findPolicies, findZones } from '../../ui/find-named.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { SETS } from './resource-set-form.tsx';

/** What can be put into a set: how it is found, and its address in the management API. */
interface Kind {
  readonly key: string;
  readonly label: string;
  readonly one: string;
  /** Null: there is one of it, and nothing to choose. */
  readonly find: ((text: string) => Promise<readonly Named[]>) | null;
  readonly addressOf: (id: string) => string;
}
const KINDS: readonly Kind[] = [
  {
    key: 'people-of',
    label: 'the people in certain groups',
    one: 'group',
    find: findGroups,
    addressOf: (id) => `/api/v1/groups/${id}/users`,
  },
  { key: 'people', label: 'certain people', one: 'person', find: findPeople, addressOf: (id) => `/api/v1/users/${id}` },
  {
    key: 'groups',
    label: 'certain groups, not their people',
    one: 'group',
    find: findGroups,
    addressOf: (id) => `/api/v1/groups/${id}`,
  },
  { key: 'apps', label: 'certain apps', one: 'app', find: findApps, addressOf: (id) => `/api/v1/apps/${id}` },
  {
    key: 'policies',
    label: 'certain policies',
    one: 'policy',
    find: findPolicies,
    addressOf: (id) => `/api/v1/policies/${id}`,
  },
  {
    key: 'zones',
    label: 'certain network zones',
    one: 'zone',
    find: findZones,
    addressOf: (id) => `/api/v1/zones/${id}`,
  },
  {
    key: 'all-people',
    label: 'all people, whoever comes later too',
    one: '',
    find: null,
    addressOf: () => '/api/v1/users',
  },
  { key: 'all-groups', label: 'all groups', one: '', find: null, addressOf: () => '/api/v1/groups' },
  { key: 'all-apps', label: 'all apps', one: '', find: null, addressOf: () => '/api/v1/apps' },
  { key: 'all-policies', label: 'all policies', one: '', find: null, addressOf: () => '/api/v1/policies' },
  { key: 'all-zones', label: 'all network zones', one: '', find: null, addressOf: () => '/api/v1/zones' },
  { key: 'log', label: 'the System Log', one: '', find: null, addressOf: () => '/api/v1/logs' },
];

/** Puts things into a resource set, several of one kind at once. */
export const AddResourcesDialog = ({
  set,
  onDone,
  onClose,
}: {
  readonly set: { readonly id: string; readonly label: string };
  readonly onDone: (count: number) => void;
  readonly onClose: () => void;
}) => {
  const [key, setKey] = useState('people-of');
  const [ids, setIds] = useState<readonly string[]>([]);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const kind = KINDS.find((one) => one.key === key);
  const find = kind?.find ?? null;
  const additions = kind === undefined ? [] : find === null ? [kind.addressOf('')] : ids.map(kind.addressOf);
  return (
    <FormDialog
      title={`Add to ${set.label}`}
      action="resource-set.update"
      isReady={additions.length > 0}
      save={() => patch(`${SETS}/${encodeURIComponent(set.id)}/resources`, { additions })}
      saveLabel="Add"
      failed="Nothing was added"
      onDone={() => onDone(additions.length)}
      onClose={onClose}
    >
      <NativeSelect
        label="What"
        value={key}
        data={KINDS.map(({ key: value, label }) => ({ value, label }))}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          setIds([]);
        }}
      />
      {find !== null && kind !== undefined && (
        <NamePicker
          key={key}
          one={kind.one}
          many={kind.label}
          ids={ids}
          nameOf={(id) => names[id] ?? id}
          onChange={setIds}
          find={async (text) => {
            const found = await find(text);
            setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name }) => [id, name])) }));
            return found;
          }}
          error={null}
        />
      )}
      <p className="sp-quiet">Whoever holds a role over this set holds it over these, too, from their next click on.</p>
    </FormDialog>
  );
};
