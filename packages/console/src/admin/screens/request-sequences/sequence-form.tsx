import { Button } from '@mantine/core';
import type { RequestSequenceAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeFailure, get, post, putTagged } from '../../api.ts';
import { SEQUENCES, SETTINGS_ACTION } from '../../ui/asking-paths.ts';
import { faultOf } from '../../ui/fault-of.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { readLength, writeLength } from '../../ui/length.ts';
import { LengthField } from '../../ui/length-field.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';
import { usePeopleNames } from '../../ui/policies/use-names.ts';
import { useFoundNames } from '../../ui/use-found-names.ts';
import { asStep, isSaid, newStep, rulesOf, type StepDraft, stepOf } from './step-draft.ts';
import { StepFields } from './step-fields.tsx';

const STEPS_MAX = 5;

/** Names of groups that were chosen before; one that is gone, or not to be seen, keeps its id. */
const useGroupNames = (ids: readonly string[]): ((id: string) => string | undefined) => {
  const query = useQuery({
    queryKey: ['names of groups', ...ids],
    queryFn: () =>
      Promise.all(
        ids.map((id) =>
          get<{ readonly profile: { readonly name: string } }>(`/api/v1/groups/${encodeURIComponent(id)}`).then(
            ({ profile }): readonly [string, string] => [id, profile.name],
            (error: unknown): readonly [string, string] => [
              id,
              describeFailure(error).status === 404 ? `${id}, which is gone` : id,
            ],
          ),
        ),
      ),
    enabled: ids.length > 0,
  });
  return (id) => query.data?.find(([of]) => of === id)?.[1];
};

/** Makes or changes whose yes it takes. What the server says of a step stands at that step, and nothing typed is lost. */
export const SequenceForm = ({
  sequence,
  onDone,
  onClose,
}: {
  /** Null makes one. */
  readonly sequence: RequestSequenceAnswer | null;
  readonly onDone: (saved: RequestSequenceAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(sequence?.name ?? '');
  const [description, setDescription] = useState(sequence?.description ?? '');
  const [steps, setSteps] = useState<readonly StepDraft[]>(sequence?.steps.map(stepOf) ?? [newStep(0)]);
  const [length, setLength] = useState(readLength(sequence?.decideWithin ?? 'P1D'));
  const { nameOf: foundName, finding } = useFoundNames([]);
  const saved = sequence?.steps.map(stepOf).flatMap(rulesOf) ?? [];
  const personName = usePeopleNames(saved.flatMap(({ personIds }) => personIds));
  const groupName = useGroupNames(saved.flatMap(({ groupId }) => (groupId === '' ? [] : [groupId])));
  const nameOf = (id: string): string => {
    const found = foundName(id);
    return found === id ? (groupName(id) ?? personName(id)) : found;
  };
  const decideWithin = writeLength(length);
  const save = (): Promise<RequestSequenceAnswer> => {
    const body = { name: name.trim(), description: description.trim(), steps: steps.map(asStep), decideWithin };
    return sequence === null
      ? post(SEQUENCES, body)
      : putTagged(`${SEQUENCES}/${encodeURIComponent(sequence.id)}`, body, sequence.version);
  };
  const change = (key: number, part: Partial<StepDraft>): void =>
    setSteps(steps.map((step) => (step.key === key ? { ...step, ...part } : step)));
  return (
    <FormDialog
      title={sequence === null ? 'New sequence' : `Change ${sequence.name}`}
      action={SETTINGS_ACTION}
      isReady={name.trim() !== '' && steps.every(isSaid) && decideWithin !== null}
      save={save}
      saveLabel={sequence === null ? 'Create' : 'Save'}
      failed="The sequence was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      {(error) => (
        <>
          <NamedFields
            name={name}
            description={description}
            descriptionMax={2000}
            onName={setName}
            onDescription={setDescription}
          />
          {steps.map((step, index) => (
            <StepFields
              key={step.key}
              step={step}
              place={index + 1}
              faultOf={(field) => faultOf(error, `steps.${index}.${field}`)}
              nameOf={nameOf}
              finding={finding}
              onChange={(part) => change(step.key, part)}
              onRemove={steps.length === 1 ? null : () => setSteps(steps.filter(({ key }) => key !== step.key))}
            />
          ))}
          {steps.length < STEPS_MAX && (
            <Button
              variant="default"
              size="xs"
              onClick={() => setSteps([...steps, newStep(Math.max(...steps.map(({ key }) => key)) + 1)])}
            >
              Then another step
            </Button>
          )}
          <LengthField
            label="Decide within"
            value={length}
            error={
              length.count !== '' && decideWithin === null
                ? 'A whole number above zero.'
                : faultOf(error, 'decideWithin')
            }
            onChange={setLength}
          />
          <p className="sp-quiet">
            Steps come one after another, and one person counts once in all of them. Nobody approves what they asked
            for.
            {sequence !== null && ' Open requests keep the steps that they were submitted with.'}
          </p>
        </>
      )}
    </FormDialog>
  );
};
