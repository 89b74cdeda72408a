import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { findOwnGroups, findPeople } from '../../ui/find-named.ts';
import { writeLength } from '../../ui/length.ts';
import { LengthField } from '../../ui/length-field.tsx';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { permissionsQuery } from '../roles/role-answer.ts';
import { BY_WORDS, type By, NEW_ESCALATION, type RuleDraft, type StepDraft } from './step-draft.ts';

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

type Finding = (find: (text: string) => Promise<readonly Named[]>) => (text: string) => Promise<readonly Named[]>;

/** Who is meant: a kind of people, and which. */
const RuleFields = ({
  label,
  whose,
  rule,
  fault,
  nameOf,
  finding,
  onChange,
}: {
  readonly label: string;
  /** After “People” and “Group” in the names of what is chosen. */
  readonly whose: string;
  readonly rule: RuleDraft;
  /** Why the server refused whom it names. */
  readonly fault: string | null;
  readonly nameOf: (id: string) => string;
  readonly finding: Finding;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}) => (
  <>
    <NativeSelect
      label={label}
      value={rule.by}
      data={Object.entries(BY_WORDS).map(([value, words]) => ({ value, label: words }))}
      error={rule.by === 'people' || rule.by === 'group' ? null : fault}
      onChange={(event) => onChange({ by: event.currentTarget.value as By })}
    />
    {rule.by === 'people' && (
      <NamePicker
        one="person"
        many={`People ${whose}`}
        ids={rule.personIds}
        nameOf={nameOf}
        onChange={(personIds) => onChange({ personIds })}
        find={finding(findPeople)}
        error={fault}
      />
    )}
    {rule.by === 'group' && (
      <NamePicker
        one="group"
        many={`Group ${whose}`}
        ids={rule.groupId === '' ? [] : [rule.groupId]}
        nameOf={nameOf}
        onChange={(ids) => onChange({ groupId: ids.at(-1) ?? '' })}
        find={finding(findOwnGroups)}
        error={fault}
      />
    )}
    {rule.by === 'permission' && (
      <PermissionField value={rule.permission} onChange={(permission) => onChange({ permission })} />
    )}
  </>
);

/** One step: who is meant, how many different ones of them must say yes, and who may, too, where nobody answers. */
export const StepFields = ({
  step,
  place,
  faultOf,
  nameOf,
  finding,
  onChange,
  onRemove,
}: {
  readonly step: StepDraft;
  /** From 1. */
  readonly place: number;
  /** Why the server refused one field of it; null where it said nothing of that. */
  readonly faultOf: (field: 'approvers' | 'count' | 'escalateAfter' | 'escalateTo') => string | null;
  readonly nameOf: (id: string) => string;
  readonly finding: Finding;
  readonly onChange: (part: Partial<StepDraft>) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
}) => {
  const { escalation } = step;
  return (
    <fieldset className="sp-picker">
      <legend>Step {place}</legend>
      <RuleFields
        label="Who says yes"
        whose={`of step ${place}`}
        rule={step}
        fault={faultOf('approvers')}
        nameOf={nameOf}
        finding={finding}
        onChange={onChange}
      />
      {step.by !== 'manager' && (
        <NativeSelect
          label="How many different people"
          value={String(step.count)}
          data={COUNTS}
          error={faultOf('count')}
          onChange={(event) => onChange({ count: Number(event.currentTarget.value) })}
        />
      )}
      <NativeSelect
        label="If nobody answers"
        value={escalation === null ? 'waits' : 'passes'}
        data={[
          { value: 'waits', label: 'it waits until its time is over' },
          { value: 'passes', label: 'it passes on: others may say yes, too' },
        ]}
        onChange={(event) => onChange({ escalation: event.currentTarget.value === 'passes' ? NEW_ESCALATION : null })}
      />
      {escalation !== null && (
        <>
          <LengthField
            label="Passes on after"
            value={escalation.after}
            error={
              escalation.after.count !== '' && writeLength(escalation.after) === null
                ? 'A whole number above zero.'
                : faultOf('escalateAfter')
            }
            onChange={(after) => onChange({ escalation: { ...escalation, after } })}
          />
          <RuleFields
            label="Who may say yes, too"
            whose={`that step ${place} passes on to`}
            rule={escalation.to}
            fault={faultOf('escalateTo')}
            nameOf={nameOf}
            finding={finding}
            onChange={(part) => onChange({ escalation: { ...escalation, to: { ...escalation.to, ...part } } })}
          />
        </>
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
};
