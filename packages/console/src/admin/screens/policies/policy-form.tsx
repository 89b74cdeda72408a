import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { post, putTagged } from '../../api.ts';
import { findGroups } from '../../ui/find-named.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';
import {
  groupsOf,
  isOrdered,
  POLICIES,
  type Policy,
  policyBody,
  policyPath,
  TYPES,
} from '../../ui/policies/policy-words.ts';

/** The name of a policy, what it is for and, where it has an order, for whom. Its rules are changed on its page. */
export const PolicyForm = ({
  opened,
  types,
  action,
  nameOf,
  onDone,
  onClose,
}: {
  /** Null makes one. */
  readonly opened: { readonly policy: Policy; readonly etag: string } | null;
  /** The types that this person may make. */
  readonly types: readonly string[];
  readonly action: string;
  readonly nameOf: (id: string) => string;
  readonly onDone: (saved: Policy) => void;
  readonly onClose: () => void;
}) => {
  const before = opened?.policy ?? null;
  const [type, setType] = useState(before?.type ?? types.at(-1) ?? 'ACCESS_POLICY');
  const [name, setName] = useState(before?.name ?? '');
  const [description, setDescription] = useState(before?.description ?? '');
  const [groupIds, setGroupIds] = useState<readonly string[]>(before === null ? [] : groupsOf(before));
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const hasGroups = isOrdered({ type }) && before?.system !== true;
  const save = (): Promise<Policy> => {
    const { people: _groups, ...others } = before?.conditions ?? {};
    const chosen = { ...others, ...(groupIds.length === 0 ? {} : { people: { groups: { include: groupIds } } }) };
    const conditions = hasGroups ? chosen : (before?.conditions ?? null);
    const typed = { type, name: name.trim(), description: description.trim() || null, conditions };
    if (opened !== null)
      return putTagged<Policy>(policyPath(opened.policy.id), policyBody(typed, opened.policy.priority), opened.etag);
    const { priority: _last, ...body } = policyBody(typed, 0);
    return post<Policy>(POLICIES, body);
  };
  return (
    <FormDialog
      title={before === null ? 'New policy' : `Change ${before.name}`}
      action={action}
      isReady={name.trim() !== ''}
      save={save}
      saveLabel={before === null ? 'Create' : 'Save'}
      failed="The policy was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      {before === null && types.length > 1 && (
        <NativeSelect
          label="It decides"
          value={type}
          data={types.map((value) => ({ value, label: TYPES[value]?.decides ?? value }))}
          onChange={(event) => setType(event.currentTarget.value)}
        />
      )}
      <NamedFields
        name={name}
        description={description}
        descriptionMax={1024}
        onName={setName}
        onDescription={setDescription}
      />
      {hasGroups && (
        <>
          <NamePicker
            one="group"
            many="For members of"
            ids={groupIds}
            nameOf={(id) => names[id] ?? nameOf(id)}
            onChange={setGroupIds}
            find={async (text) => {
              const found = await findGroups(text);
              setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name: of }) => [id, of])) }));
              return found;
            }}
            error={null}
          />
          {groupIds.length === 0 && <p className="sp-quiet">No group is chosen: it is for everybody.</p>}
        </>
      )}
      {before === null && (
        <p className="sp-quiet">
          {type === 'ACCESS_POLICY'
            ? 'It begins with a last rule that denies. Give it rules, and then to an app.'
            : 'It begins without a rule, and decides nothing until it has one.'}
        </p>
      )}
    </FormDialog>
  );
};
