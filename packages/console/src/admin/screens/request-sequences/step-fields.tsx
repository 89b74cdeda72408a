import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { findOwnGroups, findPeople } from '../../ui/find-named.ts';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { permissionsQuery } from '../roles/role-answer.ts';
import { BY_WORDS, type By, type StepDraft } from './step-draft.ts';

const COUNTS = ['1', '2', '3', '4', '5'];

const PermissionField = ({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (permission: string) => void;
}) => {
  const query = useQuery(permissionsQuery);
  return (
    <NativeSelect
      label="Which permission, over everything"
      value={value}
      data={[
        { value: '', label: query.isError ? 'the permissions could not be read' : 'choose one' },
        ...(query.data ?? []).map(({ permission, words }) => ({ value: permission, label: words })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
};

/** One step: who is meant, and how many different ones of them must say yes. */
export const StepFields = ({
  step,
  place,
  faults,
  nameOf,
  finding,
  onChange,
  onRemove,
}: {
  readonly step: StepDraft;
  /** From 1. */
  readonly place: number;
  /** Why the server refused the number, and whom it names. */
  readonly faults: { readonly count: string | null; readonly approvers: string | null };
  readonly nameOf: (id: string) => string;
  readonly finding: (find: (text: string) => Promise<readonly Named[]>) => (text: string) => Promise<readonly Named[]>;
  readonly onChange: (part: Partial<StepDraft>) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
}) => (
  <fieldset className="sp-picker">
    <legend>Step {place}</legend>
    <NativeSelect
      label="Who says yes"
      value={step.by}
      data={Object.entries(BY_WORDS).map(([value, label]) => ({ value, label }))}
      error={step.by === 'people' || step.by === 'group' ? null : faults.approvers}
      onChange={(event) => onChange({ by: event.currentTarget.value as By })}
    />
    {step.by === 'people' && (
      <NamePicker
        one="person"
        many={`People of step ${place}`}
        ids={step.personIds}
        nameOf={nameOf}
        onChange={(personIds) => onChange({ personIds })}
        find={finding(findPeople)}
        error={faults.approvers}
      />
    )}
    {step.by === 'group' && (
      <NamePicker
        one="group"
        many={`Group of step ${place}`}
        ids={step.groupId === '' ? [] : [step.groupId]}
        nameOf={nameOf}
        onChange={(ids) => onChange({ groupId: ids.at(-1) ?? '' })}
        find={finding(findOwnGroups)}
        error={faults.approvers}
      />
    )}
    {step.by === 'permission' && (
      <PermissionField value={step.permission} onChange={(permission) => onChange({ permission })} />
    )}
    {step.by !== 'manager' && (
      <NativeSelect
        label="How many different people"
        value={String(step.count)}
        data={COUNTS}
        error={faults.count}
        onChange={(event) => onChange({ count: Number(event.currentTarget.value) })}
      />
    )}
    {onRemove !== null && (
      <p className="sp-actions">
        <Button variant="default" size="xs" aria-label={`Remove step ${place}`} onClick={onRemove}>
          Remove
        </Button>
      </p>
    )}
  </fieldset>
);
