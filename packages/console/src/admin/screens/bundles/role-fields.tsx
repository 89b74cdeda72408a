import { Button, NativeSelect } from '@mantine/core';
import type { RoleAnswer } from '@sallyport/client/answers';
import { findApps, findGroups, findResourceSets } from '../../ui/find-named.ts';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { TARGET_OF } from '../../ui/roles/target-of.ts';
import type { RoleDraft } from './bundle-draft.ts';

/** One role of a bundle, and over what it is held. */
export const RoleFields = ({
  draft,
  place,
  roles,
  nameOf,
  finding,
  onChange,
  onRemove,
}: {
  readonly draft: RoleDraft;
  /** From 1. */
  readonly place: number;
  readonly roles: readonly RoleAnswer[];
  readonly nameOf: (id: string) => string;
  readonly finding: (find: (text: string) => Promise<readonly Named[]>) => (text: string) => Promise<readonly Named[]>;
  readonly onChange: (part: Partial<RoleDraft>) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
}) => {
  const target = draft.isCustom ? undefined : TARGET_OF[draft.roleId];
  return (
    <fieldset className="sp-picker">
      <legend>Role {place}</legend>
      <NativeSelect
        label="Role"
        value={draft.roleId}
        data={[
          { value: '', label: 'choose one' },
          ...roles.map(({ id, label, kind }) => ({
            value: id,
            label: kind === 'custom' ? `${label} (custom)` : label,
          })),
        ]}
        onChange={(event) => {
          const roleId = event.currentTarget.value;
          onChange({
            roleId,
            isCustom: roles.find(({ id }) => id === roleId)?.kind === 'custom',
            isNarrowed: false,
            targetIds: [],
            setIds: [],
          });
        }}
      />
      {draft.isCustom && (
        <NamePicker
          one="resource set"
          many={`Resource sets of role ${place}`}
          ids={draft.setIds}
          nameOf={nameOf}
          onChange={(setIds) => onChange({ setIds })}
          find={finding(findResourceSets)}
          error={null}
        />
      )}
      {target !== undefined && (
        <NativeSelect
          label="Over"
          value={draft.isNarrowed ? 'some' : 'all'}
          data={[
            { value: 'all', label: 'everything' },
            { value: 'some', label: target === 'group' ? 'certain groups and their people' : 'certain apps' },
          ]}
          onChange={(event) => onChange({ isNarrowed: event.currentTarget.value === 'some' })}
        />
      )}
      {target !== undefined && draft.isNarrowed && (
        <NamePicker
          key={target}
          one={target}
          many={`${target === 'group' ? 'Groups' : 'Apps'} of role ${place}`}
          ids={draft.targetIds}
          nameOf={nameOf}
          onChange={(targetIds) => onChange({ targetIds })}
          find={finding(target === 'group' ? findGroups : findApps)}
          error={null}
        />
      )}
      {onRemove !== null && (
        <p className="sp-actions">
          <Button variant="default" size="xs" aria-label={`Remove role ${place}`} onClick={onRemove}>
            Remove
          </Button>
        </p>
      )}
    </fieldset>
  );
};
